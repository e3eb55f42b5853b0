import type { FaultKind, Sequence, TimeSource } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";
import type { Point } from "../port.ts";

/**
 * Points of one series as columns, so that a month of them is four arrays and not forty thousand objects.
 * `mark` says what a point is: 0 a value, otherwise the fault's number; plus that of its time source, plus `NUMBERED`.
 */
export interface Columns {
  readonly at: readonly number[];
  readonly received: readonly number[];
  /** 0 with a fault. */
  readonly milli: readonly number[];
  readonly mark: readonly number[];
  /** By index, of the numbered points alone: empty where none is. */
  readonly sequence: readonly (Sequence | undefined)[];
}

export interface MutableColumns extends Columns {
  readonly at: number[];
  readonly received: number[];
  readonly milli: number[];
  readonly mark: number[];
  readonly sequence: (Sequence | undefined)[];
}

export const FAULT = 0x1f;
/** The device numbered it. Files of schema 1 have no such mark. */
export const NUMBERED = 0x20;
const SOURCE = 0xc0;

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
  return { at: [], received: [], milli: [], mark: [], sequence: [] };
}

export function markOf(point: Point): number {
  const { fault, timeSource, sequence } = point;
  const numbered = sequence === undefined ? 0 : NUMBERED;
  return (fault === null ? 0 : faultNumbers[fault]) + sourceNumbers[timeSource] + numbered;
}

export function push(
  columns: MutableColumns,
  at: number,
  received: number,
  milli: number,
  mark: number,
  sequence: Sequence | undefined,
): void {
  if (sequence !== undefined) columns.sequence[columns.at.length] = sequence;
  columns.at.push(at);
  columns.received.push(received);
  columns.milli.push(milli);
  columns.mark.push(mark);
}

export function pointAt(columns: Columns, index: number): Point {
  const mark = columns.mark[index] ?? 0;
  const fault = faultKinds.get(mark & FAULT) ?? null;
  const sequence = columns.sequence[index];
  return {
    measuredAt: EpochMs(columns.at[index] ?? 0),
    receivedAt: EpochMs(columns.received[index] ?? 0),
    timeSource: timeSources.get(mark & SOURCE) ?? "device",
    milli: fault === null ? Milli(columns.milli[index] ?? 0) : null,
    fault,
    ...(sequence === undefined ? {} : { sequence }),
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

/** In order, each point once: of equal ones all that is known. */
export function sorted(columns: Columns): Columns {
  const count = columns.at.length;
  let inOrder = true;
  for (let i = 1; i < count && inOrder; i++) inOrder = compare(columns, i - 1, columns, i) < 0;
  if (inOrder) return columns;
  const order = Array.from({ length: count }, (_, i) => i).sort((i, j) =>
    compare(columns, i, columns, j),
  );
  const result = noColumns();
  let before = -1;
  for (const index of order) {
    if (before === -1 || compare(columns, before, columns, index) !== 0)
      copy(result, columns, index);
    else amendLast(result, columns, index);
    before = index;
  }
  return result;
}

/** Both in order, each point once; of a point in both, all that is known. */
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
    if (order === 0) amendLast(result, second, j++);
    if (order > 0) copy(result, second, j++);
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
    sequence: columns.sequence.slice(from, to),
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
    source.sequence[index],
  );
}

/** Adds what `source` knows of the point that `target` ends with, which is the same. */
function amendLast(target: MutableColumns, source: Columns, index: number): void {
  const last = target.at.length - 1;
  const known = target.mark[last] ?? 0;
  const told = source.mark[index] ?? 0;
  // A time that is ours has the greater number.
  const timeSource = Math.max(known & SOURCE, told & SOURCE);
  target.mark[last] = (known & FAULT) | timeSource | ((known | told) & NUMBERED);
  target.received[last] = Math.min(target.received[last] ?? 0, source.received[index] ?? 0);
  const sequence = source.sequence[index];
  if (sequence !== undefined && comesFirst(sequence, target.sequence[last]))
    target.sequence[last] = sequence;
}

function comesFirst(a: Sequence, b: Sequence | undefined): boolean {
  if (b === undefined) return true;
  return a.boot === b.boot ? a.number < b.number : a.boot < b.boot;
}

/** Whether columns of the same points also know the same of them. */
export function isKnownAlike(a: Columns, b: Columns): boolean {
  return a.mark.every(
    (mark, i) =>
      mark === b.mark[i] &&
      a.received[i] === b.received[i] &&
      a.sequence[i]?.boot === b.sequence[i]?.boot &&
      a.sequence[i]?.number === b.sequence[i]?.number,
  );
}
