import type { Branded } from "./brand.ts";

/** A moment: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX). */
export type EpochMs = Branded<number, "epoch ms">;

/** A length of time in whole milliseconds. */
export type DurationMs = Branded<number, "ms">;

/** The last moment that ECMA-262 §21.4.1.1 can name, in milliseconds either side of the epoch. */
const EPOCH_MS_MAX = 8_640_000_000_000_000;

/** @throws RangeError if `n` is not a whole millisecond inside the range of ECMAScript time. */
export function EpochMs(n: number): EpochMs {
  if (!Number.isSafeInteger(n) || Math.abs(n) > EPOCH_MS_MAX)
    throw new RangeError(`not a moment: ${n}`);
  return (n === 0 ? 0 : n) as EpochMs;
}

/** @throws RangeError if `n` is not a safe integer. */
export function DurationMs(n: number): DurationMs {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a duration: ${n}`);
  return n as DurationMs;
}

export const SECOND = DurationMs(1_000);
export const MINUTE = DurationMs(60_000);
export const HOUR = DurationMs(3_600_000);
export const DAY = DurationMs(86_400_000);

/** Time from `from` to `to`; negative if `to` is earlier. */
export function elapsed(from: EpochMs, to: EpochMs): DurationMs {
  return (to - from) as DurationMs;
}

export function after(at: EpochMs, duration: DurationMs): EpochMs {
  return (at + duration) as EpochMs;
}
