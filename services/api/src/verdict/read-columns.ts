import type { FaultKind } from "@unbroken/model";
import type { SeriesKey, TimeSeries } from "@unbroken/time-series";
import { EpochMs } from "@unbroken/units";
import { RequestRefused } from "../http/problem.ts";
import type { ReadingColumns } from "./verdict-question.ts";

/** What one verdict looks at: four years of a reading each minute, a minute's work at the most. */
export const READINGS_MAX = 2_000_000;
const PAGE = 50_000;

/** A sensor, the stretches `[from, to)` in which it counts, and from when to when its readings are looked at. */
export interface Sought {
  readonly key: SeriesKey;
  readonly stays: readonly { readonly from: number; readonly to: number }[];
  readonly read: { readonly from: number; readonly to: number };
}

/**
 * The stored readings of several sensors; of those that were known at `asOf` only.
 * @throws UB_INTERVAL_TOO_LONG if they are more than `READINGS_MAX`
 */
export async function readColumns(
  series: TimeSeries,
  sought: readonly Sought[],
  asOf: number,
): Promise<readonly ReadingColumns[]> {
  const columns: ReadingColumns[] = [];
  let left = READINGS_MAX;
  for (const each of sought) {
    const read = await readOne(series, each, asOf, left);
    left -= read.at.length;
    if (read.at.length > 0) columns.push(read);
  }
  return columns;
}

async function readOne(
  series: TimeSeries,
  { key, read }: Sought,
  asOf: number,
  left: number,
): Promise<ReadingColumns> {
  const at: number[] = [];
  const milli: number[] = [];
  const faults = new Map<number, FaultKind>();
  const { to } = read;
  for (let start = read.from; start < to;) {
    const points = await series.range(key, EpochMs(start), EpochMs(to), PAGE);
    // The instant of the last point may have more: it is read again with what follows.
    const full = points.length === PAGE;
    const end = full ? (points.at(-1)?.measuredAt ?? to) : to;
    for (const point of points) {
      if ((full && point.measuredAt >= end) || point.receivedAt > asOf) continue;
      if (point.fault !== null) faults.set(at.length, point.fault);
      at.push(point.measuredAt);
      milli.push(point.milli ?? Number.NaN);
    }
    if (at.length > left) throw tooLong();
    start = full && end > start ? end : to;
  }
  return {
    sensor: key.sensor,
    quantity: key.quantity,
    at: Float64Array.from(at),
    milli: Float64Array.from(milli),
    faults,
  };
}

function tooLong(): RequestRefused {
  const detail = `more than ${READINGS_MAX} readings lie in the interval; ask for a shorter one`;
  return new RequestRefused("UB_INTERVAL_TOO_LONG", detail, [{ pointer: "/query/from", detail }]);
}
