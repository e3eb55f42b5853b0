import type { FaultKind, TimeSource } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";
import type { Point } from "../port.ts";

/**
 * Points of one series as columns, so that a month of them is four arrays and not forty thousand objects.
 * `mark` says what a point is: 0 a value, otherwise the fault's number; plus that of its time source.
 */
export interface Columns {
  readonly at: readonly number[];
  readonly received: readonly number[];
  /** 0 with a fault. */
  readonly milli: readonly number[];
  readonly mark: readonly number[];
}

export interface MutableColumns extends Columns {
  readonly at: number[];
  readonly received: number[];
  readonly milli: number[];
  readonly mark: number[];
}

export const FAULT = 0x3f;

/** The numbers are stored: never change one, never use one again. */
const sourceNumbers = {
  device: 0,
  received: 0x80,
  corrected: 0x40,
} as const satisfies Record<TimeSource, number>;
const timeSources = new Map<number, TimeSource>(
  (Object.keys(sourceNumbers) as TimeSource[]).map((source) => [sourceNumbers[source], source]),
);

/** The numbers are stored: never change one, never use one again. */
const faultNumbers = {
  absent: 1,
  "open-circuit": 2,
  "short-circuit": 3,
  "out-of-span": 4,
  "not-a-value": 5,
  "device-reported": 6,
  sentinel: 7,
  "impossible-step": 8,
  stuck: 9,
} as const satisfies Record<FaultKind, number>;
const faultKinds = new Map<number, FaultKind>(
  (Object.keys(faultNumbers) as FaultKind[]).map((kind) => [faultNumbers[kind], kind]),
);

/** The furthest moment from 1970 that the store keeps, in ms: the year 19809. Differences of differences stay exact. */
export const MOMENT_MAX = 2 ** 49;
/** The largest magnitude of a value, in thousandths. */
export const MILLI_MAX = 1_000_000_000_000;

export function noColumns(): MutableColumns {
  return { at: [], received: [], milli: [], mark: [] };
}

export function markOf(point: Point): number {
  return (point.fault === null ? 0 : faultNumbers[point.fault]) + sourceNumbers[point.timeSource];
}

export function push(
  columns: MutableColumns,
  at: number,
  received: number,
  milli: number,
  mark: number,
): void {
  columns.at.push(at);
  columns.received.push(received);
  columns.milli.push(milli);
  columns.mark.push(mark);
}

export function pointAt(columns: Columns, index: number): Point {
  const mark = columns.mark[index] ?? 0;
  const fault = faultKinds.get(mark & FAULT) ?? null;
  return {
    measuredAt: EpochMs(columns.at[index] ?? 0),
    receivedAt: EpochMs(columns.received[index] ?? 0),
    timeSource: timeSources.get(mark & ~FAULT) ?? "device",
    milli: fault === null ? Milli(columns.milli[index] ?? 0) : null,
    fault,
  };
}

/** By time, then faults by number, then values; 0 if both are the same point. */
export function compare(a: Columns, i: number, b: Columns, j: number): number {
  const byTime = (a.at[i] ?? 0) - (b.at[j] ?? 0);
  if (byTime !== 0) return byTime;
  const faultA = (a.mark[i] ?? 0) & FAULT;
  const faultB = (b.mark[j] ?? 0) & FAULT;
  if (faultA !== faultB) return (faultA === 0 ? 0x80 : faultA) - (faultB === 0 ? 0x80 : faultB);
  return (a.milli[i] ?? 0) - (b.milli[j] ?? 0);
}

/** In order, each point once: of equal ones that which came first. */
export function sorted(columns: Columns): Columns {
  const count = columns.at.length;
  let inOrder = true;
  for (let i = 1; i < count && inOrder; i++) inOrder = compare(columns, i - 1, columns, i) < 0;
  if (inOrder) return columns;
  // Array.prototype.sort is stable (ECMA-262 §23.1.3.30), so of equal points the first stays in front.
  const order = Array.from({ length: count }, (_, i) => i).sort((i, j) =>
    compare(columns, i, columns, j),
  );
  const result = noColumns();
  let before = -1;
  for (const index of order) {
    if (before === -1 || compare(columns, before, columns, index) !== 0)
      copy(result, columns, index);
    before = index;
  }
  return result;
}

/** Both in order, each point once; of a point in both, that of `first`. */
export function merged(first: Columns, second: Columns): Columns {
  if (second.at.length === 0) return first;
  if (first.at.length === 0) return second;
  const result = noColumns();
  let i = 0;
  let j = 0;
  while (i < first.at.length || j < second.at.length) {
    const order =
      i >= first.at.length ? 1 : j >= second.at.length ? -1 : compare(first, i, second, j);
    if (order <= 0) copy(result, first, i++);
    else copy(result, second, j);
    if (order >= 0) j++;
  }
  return result;
}

export function slice(columns: Columns, from: number, to: number): Columns {
  if (from <= 0 && to >= columns.at.length) return columns;
  return {
    at: columns.at.slice(from, to),
    received: columns.received.slice(from, to),
    milli: columns.milli.slice(from, to),
    mark: columns.mark.slice(from, to),
  };
}

/** The index of the first point at or after `moment` in ordered columns. */
export function indexFrom(columns: Columns, moment: number): number {
  let low = 0;
  let high = columns.at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((columns.at[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function copy(target: MutableColumns, source: Columns, index: number): void {
  push(
    target,
    source.at[index] ?? 0,
    source.received[index] ?? 0,
    source.milli[index] ?? 0,
    source.mark[index] ?? 0,
  );
}
