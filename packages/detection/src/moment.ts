import type { EpochMs } from "@unbroken/units";

/** Later than any moment: the end of what has no end. Never leaves this package. */
export const NEVER = Number.POSITIVE_INFINITY as EpochMs;

/** Earlier than any moment: when a sensor that was not heard was last heard. Never leaves this package. */
export const NOT_YET = Number.NEGATIVE_INFINITY as EpochMs;

export function earlier(a: EpochMs, b: EpochMs): EpochMs {
  return a < b ? a : b;
}

export function later(a: EpochMs, b: EpochMs): EpochMs {
  return a > b ? a : b;
}
