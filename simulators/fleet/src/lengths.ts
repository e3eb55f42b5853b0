import { DurationMs, HOUR, MINUTE, SECOND } from "@unbroken/units";

// Plans and stories are written in these. Fractions are rounded to the millisecond.

export function hours(n: number): DurationMs {
  return DurationMs(Math.round(n * HOUR));
}

export function minutes(n: number): DurationMs {
  return DurationMs(Math.round(n * MINUTE));
}

export function seconds(n: number): DurationMs {
  return DurationMs(Math.round(n * SECOND));
}
