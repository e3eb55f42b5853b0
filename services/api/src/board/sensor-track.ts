import type { FaultKind, Reading } from "@unbroken/model";
import type { TrendPoint } from "./trend.ts";

/** The newest points always kept for the trend, and how far back it looks where there are more. */
const POINTS_KEPT = 10;
const TREND_SPAN_MS = 20 * 60_000;
const POINTS_MAX = 128;

/** What the board remembers of one temperature sensor: its latest reading and the values shortly before it. */
export interface SensorTrack {
  readonly organisation: string;
  readonly sensor: string;
  readonly measuredAt: number;
  readonly receivedAt: number;
  /** m°C; null with a fault. */
  readonly milli: number | null;
  readonly fault: FaultKind | null;
  /** Values in time order, the latest last; none of before a fault. */
  readonly points: readonly TrendPoint[];
}

export type TrackedReading = Pick<
  Reading,
  "organisation" | "sensor" | "measuredAt" | "receivedAt" | "sample"
>;

/** @returns the same track if the reading is not newer than what it holds: back-fill does not move the present. */
export function tracked(track: SensorTrack | null, reading: TrackedReading): SensorTrack {
  if (track !== null && reading.measuredAt <= track.measuredAt) {
    // The device was heard, be it with old readings or with the same again.
    return reading.receivedAt > track.receivedAt
      ? { ...track, receivedAt: reading.receivedAt }
      : track;
  }
  const { organisation, sensor, measuredAt, receivedAt, sample } = reading;
  const now = { organisation, sensor, measuredAt, receivedAt };
  if (sample.kind === "fault") return { ...now, milli: null, fault: sample.fault, points: [] };
  const points = [...(track?.points ?? []), { at: measuredAt, milli: sample.milli }];
  return { ...now, milli: sample.milli, fault: null, points: recent(points, measuredAt) };
}

function recent(points: readonly TrendPoint[], now: number): readonly TrendPoint[] {
  const within = points.filter(
    ({ at }, i) => at >= now - TREND_SPAN_MS || i >= points.length - POINTS_KEPT,
  );
  // Of a sensor that reports each second every other point is enough, and the next time again.
  return within.length <= POINTS_MAX
    ? within
    : within.filter((_, i) => (within.length - 1 - i) % 2 === 0);
}
