import type { Branded } from "./brand.ts";

/**
 * A measured value in thousandths of its SenML unit (RFC 8428 §12.1): 4.25 °C is 4250, 87.5 %RH is 87500.
 * Always a safe integer: "no value" is a fault, never NaN and never 0.
 */
export type Milli = Branded<number, "1/1000">;

/** Temperature in thousandths of a degree Celsius. */
export type MilliCelsius = Milli;

/** The largest magnitude a measured value may have, in its unit: far above any sensor, far below 2⁵³. */
export const VALUE_MAX = 1_000_000_000;

/** @throws RangeError if `n` is not a safe integer. A programming error: parse outside input with `milliOf`. */
export function Milli(n: number): Milli {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number of thousandths: ${n}`);
  return (n === 0 ? 0 : n) as Milli;
}

/**
 * Rounds a decimal value once, half away from zero, to thousandths.
 * @returns null if the value is not finite or larger than `VALUE_MAX`.
 */
export function milliOf(value: number): Milli | null {
  if (!Number.isFinite(value) || Math.abs(value) > VALUE_MAX) return null;
  // 1.0005 * 1000 is 1000.4999…; the shortest decimal text of a double is what its author wrote.
  const scaled = Math.abs(Number(`${value}e3`));
  const rounded = Math.floor(Number.isFinite(scaled) ? scaled + 0.5 : Math.abs(value) * 1000 + 0.5);
  return Milli(value < 0 ? -rounded : rounded);
}

/** The decimal value, for display and for interfaces; exact to three places. */
export function fromMilli(milli: Milli): number {
  return milli / 1000;
}
