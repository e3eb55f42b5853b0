import { DAY, DurationMs, HOUR, MINUTE, type EpochMs } from "@unbroken/units";
import type { Sequence } from "./reading.ts";

// What can be known of a device's clock from one message. docs/time.md is the law.

/** What a message tells of its device's clock. */
export interface ClockTelling {
  /** What that clock showed when the message was written: `sent_at`, or else the newest time of a reading. */
  readonly told: EpochMs;
  readonly by: "sent-at" | "newest-reading";
  /** The number of the newest reading. */
  readonly sequence: Sequence | null;
}

/** A clock that is off by no more than this is right: messages take their time. */
export const CLOCK_TOLERANCE: DurationMs = DurationMs(2 * MINUTE);

/** No queue holds a message for longer: what was written earlier than this has a clock that was never set. */
export const QUEUE_MAX: DurationMs = DurationMs(90 * DAY);

/** By how much a clock that is set to a right local time can be ahead of UTC, and by how much behind. */
const ZONE_MAX = 14 * HOUR;
const ZONE_MIN = -12 * HOUR;
const QUARTER = 15 * MINUTE;

/**
 * The zone error that `ahead` shows: a whole number of quarter hours, an hour at least (no zone is nearer to UTC but
 * UTC). A clock may run up to a minute fast, and a message take up to `CLOCK_TOLERANCE`.
 * @param ahead the device's clock less ours, ms.
 * @returns null if it is none.
 */
export function zoneErrorOf(ahead: number): DurationMs | null {
  const zone = Math.round(ahead / QUARTER) * QUARTER;
  if (Math.abs(zone) < HOUR || zone > ZONE_MAX || zone < ZONE_MIN) return null;
  const rest = ahead - zone;
  return rest <= MINUTE && CLOCK_TOLERANCE + rest >= 0 ? DurationMs(zone) : null;
}

/**
 * What to add to a device's times, by the moment at which it says it sent them; 0 if they stand as they are. A clock
 * that is ahead when its message arrives is wrong beyond doubt. One that is behind may be right and its message late;
 * only from `QUEUE_MAX` on is that ruled out.
 */
export function clockCorrection(sentAt: number, receivedAt: EpochMs): number {
  const ahead = sentAt - receivedAt;
  if (ahead <= CLOCK_TOLERANCE && ahead + QUEUE_MAX >= 0) return 0;
  return 0 - (zoneErrorOf(ahead) ?? ahead);
}
