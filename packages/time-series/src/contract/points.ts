import { EpochMs, Milli } from "@unbroken/units";
import type { FaultKind, TimeSource } from "@unbroken/model";
import type { Bucket, Point, SeriesKey, SeriesPoint, TimeSeries } from "../port.ts";

/** 2026-01-05T00:00:00Z, a moment that no test cares about. */
export const START = 1_767_571_200_000;
export const ALL_FROM = EpochMs(START - 400 * 86_400_000);
export const ALL_TO = EpochMs(START + 4_000 * 86_400_000);
export const ROOM: SeriesKey = {
  organisation: "north",
  sensor: "room-1/air",
  quantity: "temperature",
};

/** A value `seconds` after the start; received two seconds later. */
export function value(seconds: number, milli: number): Point {
  return {
    measuredAt: EpochMs(START + seconds * 1000),
    receivedAt: EpochMs(START + seconds * 1000 + 2000),
    timeSource: "device",
    milli: Milli(milli),
    fault: null,
  };
}

export function fault(seconds: number, kind: FaultKind): Point {
  return { ...value(seconds, 0), milli: null, fault: kind };
}

/** The same, numbered by its device. */
export function numbered(point: Point, boot: number, number: number): Point {
  return { ...point, sequence: { boot, number } };
}

export function at(key: SeriesKey, points: readonly Point[]): readonly SeriesPoint[] {
  return points.map((point) => ({ ...key, ...point }));
}

export function everything(store: TimeSeries, key: SeriesKey): Promise<readonly Point[]> {
  return store.range(key, ALL_FROM, ALL_TO, 1_000_000);
}

const faultOrder: readonly FaultKind[] = [
  "absent",
  "open-circuit",
  "short-circuit",
  "out-of-span",
  "not-a-value",
  "device-reported",
];

const sources: readonly TimeSource[] = ["received", "corrected", "device"];

/** Of one point told twice, said naively: all that is known of it. */
function told(a: Point, b: Point): Point {
  const [sequence] = [a.sequence, b.sequence]
    .filter((each) => each !== undefined)
    .sort((x, y) => (x.boot === y.boot ? x.number - y.number : x.boot - y.boot));
  const known: Point = {
    ...a,
    receivedAt: EpochMs(Math.min(a.receivedAt, b.receivedAt)),
    timeSource: sources.find((source) => [a.timeSource, b.timeSource].includes(source)) ?? "device",
  };
  return sequence === undefined ? known : { ...known, sequence };
}

/** The contract, said naively: in order, each point once, of equal ones all that is known. */
export function expectedPoints(arrived: readonly Point[]): readonly Point[] {
  const rank = (point: Point): number =>
    point.fault === null ? faultOrder.length : faultOrder.indexOf(point.fault);
  const known = new Map<string, Point>();
  for (const point of arrived) {
    const identity = `${point.measuredAt} ${point.fault ?? point.milli ?? ""}`;
    const before = known.get(identity);
    known.set(identity, before === undefined ? point : told(before, point));
  }
  const keys = (point: Point): readonly number[] => [
    point.measuredAt,
    rank(point),
    point.milli ?? 0,
  ];
  return [...known.values()].sort((a, b) => {
    const [before, after] = [keys(a), keys(b)];
    const decides = before.findIndex((key, i) => key !== after[i]);
    return (before[decides] ?? 0) - (after[decides] ?? 0);
  });
}

export function expectedEnvelope(
  points: readonly Point[],
  from: number,
  to: number,
  buckets: number,
): readonly Bucket[] {
  const width = Math.max(1, Math.ceil((to - from) / buckets));
  const inside = points.filter((p) => p.measuredAt >= from && p.measuredAt < to);
  const grouped = new Map<number, Point[]>();
  for (const p of inside) {
    const index = Math.floor((p.measuredAt - from) / width);
    grouped.set(index, [...(grouped.get(index) ?? []), p]);
  }
  return [...grouped].map(([index, members]) => {
    const values = members.flatMap((p) => (p.milli === null ? [] : [p.milli]));
    return {
      from: EpochMs(from + index * width),
      to: EpochMs(Math.min(to, from + (index + 1) * width)),
      count: members.length,
      faults: members.length - values.length,
      min: values.length === 0 ? null : Milli(Math.min(...values)),
      max: values.length === 0 ? null : Milli(Math.max(...values)),
      sum: values.reduce((sum: number, milli) => sum + milli, 0),
      firstAt: members[0]?.measuredAt ?? null,
      lastAt: members.at(-1)?.measuredAt ?? null,
    };
  });
}
