import type { EnvelopeBucket, SensorNow } from "@unbroken/model";

/** A curve of one sensor: at each time the mean and the extremes of a bucket; null where the line must break. */
export interface Trace {
  readonly sensor: string;
  /** Epoch ms, strictly rising. */
  readonly at: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

interface Point {
  readonly first: number;
  readonly last: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Joins readings by a line only where the silence between them is no longer than `gapMs`: a longer one is a gap and
 * nobody knows what lies in it. Minimum and maximum of each bucket are kept, so no peak is averaged away.
 */
export function traceOf(
  sensor: string,
  buckets: readonly EnvelopeBucket[],
  gapMs: number,
  latest: SensorNow | null,
): Trace {
  const points = [...buckets.flatMap(pointOf), ...latestPoint(buckets, latest)];
  const at: number[] = [];
  const mean: (number | null)[] = [];
  const min: (number | null)[] = [];
  const max: (number | null)[] = [];
  const push = (time: number, point: Point | null) => {
    at.push(time);
    mean.push(point?.mean ?? null);
    min.push(point?.min ?? null);
    max.push(point?.max ?? null);
  };
  points.forEach((point, i) => {
    const before = points[i - 1];
    if (before !== undefined && point.first - before.last > gapMs) push(before.last + 1, null);
    push(middleOf(point), point);
  });
  return { sensor, at, mean, min, max };
}

function pointOf(bucket: EnvelopeBucket): readonly Point[] {
  const { mean, min, max, first_at, last_at } = bucket;
  if (mean === null || min === null || max === null || first_at === null || last_at === null)
    return [];
  return [{ first: Date.parse(first_at), last: Date.parse(last_at), mean, min, max }];
}

/** The reading that the feed brought after the curve was fetched. */
function latestPoint(
  buckets: readonly EnvelopeBucket[],
  latest: SensorNow | null,
): readonly Point[] {
  if (latest === null || latest.value_c === null) return [];
  const lastAt = buckets.findLast((bucket) => bucket.last_at !== null)?.last_at ?? null;
  const at = Date.parse(latest.measured_at);
  if (lastAt !== null && at <= Date.parse(lastAt)) return [];
  const value = latest.value_c;
  return [{ first: at, last: at, mean: value, min: value, max: value }];
}

function middleOf(point: Point): number {
  return Math.round((point.first + point.last) / 2);
}

/** The extremes over all traces, null when there is no value at all. */
export function extentOf(traces: readonly Trace[]): readonly [min: number, max: number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const trace of traces) {
    for (const value of trace.min) if (value !== null) low = Math.min(low, value);
    for (const value of trace.max) if (value !== null) high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}
