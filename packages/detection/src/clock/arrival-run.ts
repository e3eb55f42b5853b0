import { CLOCK_TOLERANCE, type ClockTelling } from "@unbroken/model";
import { DurationMs, MINUTE, type EpochMs } from "@unbroken/units";

/** What a message told of its device's clock, and when it arrived. */
export interface Arrival extends ClockTelling {
  readonly receivedAt: EpochMs;
}

/** Arrivals that show about the same offset. Plain JSON. */
export interface ArrivalRun {
  readonly from: EpochMs;
  readonly last: EpochMs;
  readonly count: number;
  /** The furthest ahead that the clock was seen, ms: a delay can only make it look further behind. */
  readonly ahead: number;
  /** When it was first seen to be further ahead than is tolerated: a fast clock was right before. Null if never. */
  readonly aheadFrom: EpochMs | null;
  /** Whether each of them told when it was sent. */
  readonly isSentAt: boolean;
}

/** So many messages over so long, all as late, have not waited in a queue: a queue is emptied at once. */
const LIVE_COUNT = 5;
const LIVE_SPAN = DurationMs(15 * MINUTE);

export function aheadOf({ told, receivedAt }: Arrival): number {
  return told - receivedAt;
}

function aheadFromOf(arrival: Arrival): EpochMs | null {
  return aheadOf(arrival) > CLOCK_TOLERANCE ? arrival.receivedAt : null;
}

export function runOf(arrival: Arrival): ArrivalRun {
  const { receivedAt, by } = arrival;
  return {
    from: receivedAt,
    last: receivedAt,
    count: 1,
    ahead: aheadOf(arrival),
    aheadFrom: aheadFromOf(arrival),
    isSentAt: by === "sent-at",
  };
}

/** Where an arrival stands beside a run: further ahead than any delay explains, in agreement, or late. */
export function standingOf(run: ArrivalRun, arrival: Arrival): "ahead" | "agrees" | "late" {
  const difference = aheadOf(arrival) - run.ahead;
  if (difference > CLOCK_TOLERANCE) return "ahead";
  return difference + CLOCK_TOLERANCE >= 0 ? "agrees" : "late";
}

export function extended(run: ArrivalRun, arrival: Arrival): ArrivalRun {
  return {
    ...run,
    last: arrival.receivedAt,
    count: run.count + 1,
    ahead: Math.max(run.ahead, aheadOf(arrival)),
    aheadFrom: run.aheadFrom ?? aheadFromOf(arrival),
    isSentAt: run.isSentAt && arrival.by === "sent-at",
  };
}

export function isLive({ from, last, count }: ArrivalRun): boolean {
  return count >= LIVE_COUNT && last - from >= LIVE_SPAN;
}

/** How far the offset of a run may be from the truth: a delay, and the age of the newest reading where none told more. */
export function errorOf({ from, last, count, isSentAt }: ArrivalRun): number {
  if (isSentAt || count < 2) return CLOCK_TOLERANCE;
  return CLOCK_TOLERANCE + Math.round((last - from) / (count - 1));
}
