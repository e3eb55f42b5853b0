import { Quantity } from "@unbroken/model";
import type { Point, SeriesKey, TimeSeries } from "@unbroken/time-series";
import { EpochMs } from "@unbroken/units";
import { z } from "zod";
import { writeCursor, readCursor } from "./cursor.ts";
import { merged } from "./merged.ts";
import { compareText, firstDifference } from "./order.ts";
import type { Page } from "./paged-list.ts";

/** A point and which of its series' points of that instant it is: conflicting values share one. */
export interface FoundPoint {
  readonly key: SeriesKey;
  readonly point: Point;
  readonly nth: number;
}

/** The position of a reading in the order of all: by time, then organisation, sensor, quantity. */
const Position = z.tuple([z.int(), z.string(), z.string(), Quantity, z.int()]);

export interface ReadingsQuery {
  readonly keys: readonly SeriesKey[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Points of several series as one list ordered by measuredAt. */
export async function findReadings(
  series: TimeSeries,
  { keys, from, to, cursor, limit }: ReadingsQuery,
): Promise<Page<FoundPoint>> {
  const position = readCursor(Position, cursor);
  // Read ahead little where there are many series: most of what is read from each would be thrown away.
  const chunk = Math.max(8, Math.ceil((limit + 1) / Math.max(1, keys.length)));
  const sources = keys.map((key) => {
    if (position === null) return pointsOf(series, key, from, to, 0, chunk);
    const [at, organisation, sensor, quantity, nth] = position;
    const order = compareKeys(key, { organisation, sensor, quantity });
    const start = EpochMs(Math.max(from, order < 0 ? at + 1 : at));
    return pointsOf(series, key, start, to, order === 0 ? nth + 1 : 0, chunk);
  });
  const items: FoundPoint[] = [];
  for await (const found of merged(sources, compareFound)) {
    const last = items.at(-1);
    if (items.length === limit && last !== undefined)
      return { items, next: writeCursor(positionOf(last)) };
    items.push(found);
  }
  return { items, next: null };
}

async function* pointsOf(
  series: TimeSeries,
  key: SeriesKey,
  from: EpochMs,
  to: EpochMs,
  skip: number,
  chunk: number,
): AsyncGenerator<FoundPoint> {
  let start = from;
  let seen = skip;
  for (;;) {
    if (start >= to) return;
    const max = seen + chunk;
    const points = await series.range(key, start, to, max);
    let at = start;
    let nth = 0;
    for (const [i, point] of points.entries()) {
      nth = point.measuredAt === at ? (i === 0 ? 0 : nth + 1) : 0;
      at = point.measuredAt;
      if (i >= seen) yield { key, point, nth };
    }
    if (points.length < max) return;
    // The instant of the last point may have more: it is read again, and what was given is passed over.
    start = at;
    seen = nth + 1;
  }
}

function positionOf({ key, point, nth }: FoundPoint): z.input<typeof Position> {
  return [point.measuredAt, key.organisation, key.sensor, key.quantity, nth];
}

function compareFound(a: FoundPoint, b: FoundPoint): number {
  return firstDifference(a.point.measuredAt - b.point.measuredAt, compareKeys(a.key, b.key));
}

export function compareKeys(a: SeriesKey, b: SeriesKey): number {
  return firstDifference(
    compareText(a.organisation, b.organisation),
    compareText(a.sensor, b.sensor),
    compareText(a.quantity, b.quantity),
  );
}
