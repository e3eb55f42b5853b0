import { EpochMs, formatIsoTime, parseIsoTime, type DurationMs } from "@unbroken/units";
import type { RefusalCode } from "./refusal.ts";

/** The last year that RFC 3339 can write: beyond it a time is not one. */
const WRITABLE_MAX = 253_402_300_799_999;
/** Year 0, the first that RFC 3339 can write. */
const WRITABLE_MIN = -62_167_219_200_000;

/** Between which moments a reading may have been measured. */
export interface TimeWindow {
  readonly earliest: EpochMs;
  readonly receivedAt: EpochMs;
  /** False where nobody told when the message was received: then no clock can be put right by it. */
  readonly isReceiptKnown: boolean;
  readonly futureMax: DurationMs;
}

export interface BadTime {
  readonly code: RefusalCode;
  readonly detail: string;
}

/** The moment that `sent_at` names: any that can be written, for it is there to tell a wrong clock. */
export function sentTime(value: unknown): EpochMs | BadTime {
  const ms = millisecondsOf(value);
  return typeof ms === "number" ? writable(ms) : ms;
}

/** The longest time that a reading may have waited, in s: 366 days. */
export const AGE_MAX_S = 31_622_400;

/** When something was measured that is so many seconds old on arrival. */
export function agedTime(age: unknown, window: TimeWindow): EpochMs | BadTime {
  if (typeof age !== "number" || Number.isNaN(age)) return badTime("an age is a number of seconds");
  if (age < 0 || age > AGE_MAX_S) return badTime(`an age is between 0 and ${AGE_MAX_S} s`);
  return withinWindow(window.receivedAt - Math.round(age * 1000), window);
}

/**
 * The time that a message names, RFC 3339 with offset or milliseconds since 1970, before it is asked whether it can be.
 * Seconds since 1970 lie in January 1970 when taken for milliseconds, so the window refuses them as too early.
 */
export function millisecondsOf(value: unknown): number | BadTime {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return badTime("a time is text or a number");
  return (
    parseIsoTime(value) ?? badTime("not an RFC 3339 time with offset, such as 2026-05-05T09:21:56Z")
  );
}

/** `ms` as a moment, if it is one and the window allows it. */
export function withinWindow(ms: number, window: TimeWindow): EpochMs | BadTime {
  const at = writable(ms);
  if (typeof at !== "number") return at;
  if (at < window.earliest)
    return { code: "UB_TIME_TOO_EARLY", detail: `${formatIsoTime(at)}${secondsHint(at)}` };
  if (at > window.receivedAt + window.futureMax)
    return { code: "UB_TIME_IN_FUTURE", detail: formatIsoTime(at) };
  return at;
}

/** `ms` as a moment, if RFC 3339 can write it. */
export function writable(ms: number): EpochMs | BadTime {
  if (!Number.isInteger(ms)) return badTime("not whole milliseconds since 1970");
  if (ms > WRITABLE_MAX || ms < WRITABLE_MIN) return badTime("outside the years 0000 to 9999");
  return EpochMs(ms);
}

function badTime(detail: string): BadTime {
  return { code: "UB_TIME_INVALID", detail };
}

function secondsHint(at: EpochMs): string {
  return at > 1_000_000_000 && at < 10_000_000_000
    ? ": is it in seconds? Times are in milliseconds"
    : "";
}
