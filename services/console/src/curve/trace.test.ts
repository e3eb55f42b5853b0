import type { EnvelopeBucket } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { extentOf, traceOf } from "./trace.ts";

const iso = (minute: number) => new Date(minute * 60_000).toISOString();
const bucket = (first: number, last: number, min: number, max: number): EnvelopeBucket => ({
  from: iso(first),
  to: iso(last + 1),
  count: 2,
  min,
  max,
  mean: (min + max) / 2,
  first_at: iso(first),
  last_at: iso(last),
  faults: 0,
});
const empty = (at: number): EnvelopeBucket => ({
  ...bucket(at, at, 0, 0),
  count: 0,
  min: null,
  max: null,
  mean: null,
  first_at: null,
  last_at: null,
});
const GAP = 10 * 60_000;
const minutes = (trace: { at: readonly number[] }) => trace.at.map((at) => at / 60_000);
const latest = (minute: number, value: number | null) => ({
  sensor: "s",
  value_c: value,
  fault: null,
  measured_at: iso(minute),
  received_at: iso(minute),
});

describe("the line of a curve", () => {
  it("joins readings that are no further apart than the gap", () => {
    const trace = traceOf("s", [bucket(0, 0, 5, 5), empty(5), bucket(10, 10, 6, 6)], GAP, null);
    expect(trace.mean).toEqual([5, 6]);
  });

  it("breaks where the silence is longer, right after the last reading before it", () => {
    const trace = traceOf("s", [bucket(0, 4, 5, 5), bucket(15, 15, 6, 6)], GAP, null);
    expect(trace.mean).toEqual([5, null, 6]);
    expect(minutes(trace)[1]).toBeCloseTo(4, 3);
  });

  it("measures the silence from the last reading of a bucket, not from its middle", () => {
    const trace = traceOf("s", [bucket(0, 8, 5, 5), bucket(17, 17, 6, 6)], GAP, null);
    expect(trace.mean).not.toContain(null);
  });

  it("keeps the extremes of each bucket", () => {
    const trace = traceOf("s", [bucket(0, 4, -1, 12)], GAP, null);
    expect([trace.min, trace.mean, trace.max]).toEqual([[-1], [5.5], [12]]);
    expect(extentOf([trace])).toEqual([-1, 12]);
  });

  it("goes on to the reading that came since, and breaks before it if it came late", () => {
    const buckets = [bucket(0, 0, 5, 5)];
    expect(traceOf("s", buckets, GAP, latest(8, 7)).mean).toEqual([5, 7]);
    expect(traceOf("s", buckets, GAP, latest(30, 7)).mean).toEqual([5, null, 7]);
    expect(traceOf("s", buckets, GAP, latest(0, 7)).mean).toEqual([5]);
    expect(traceOf("s", buckets, GAP, latest(8, null)).mean).toEqual([5]);
  });

  it("has rising times, as the plot needs them", () => {
    const trace = traceOf("s", [bucket(0, 4, 1, 2), bucket(20, 24, 1, 2)], GAP, latest(50, 3));
    expect(trace.at).toEqual(trace.at.toSorted((a, b) => a - b));
  });

  it("of nothing is empty", () => {
    expect(extentOf([traceOf("s", [empty(0)], GAP, null)])).toBeNull();
  });
});
