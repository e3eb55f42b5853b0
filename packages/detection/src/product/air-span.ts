import { Milli } from "@unbroken/units";

/**
 * What is known of the air during a stretch of time: surely no colder than `coldest` and no hotter than `hottest`.
 * `likely` is the best single figure, or null while nobody measures: it is for estimates and proves nothing.
 */
export interface AirSpan {
  readonly coldest: Milli;
  readonly likely: Milli | null;
  readonly hottest: Milli;
}

/** What no air is outside of, and the span that limits in °C are stated in. Stands for "nothing is known". */
export const COLDEST_AIR = Milli(-273_150);
export const HOTTEST_AIR = Milli(200_000);

/** Air that was measured, with the half-width of the sensor's error if that is known. */
export function measuredAir(milli: Milli, error = Milli(0)): AirSpan {
  return { coldest: Milli(milli - error), likely: milli, hottest: Milli(milli + error) };
}

/** Air that nobody measured, between the bounds that are stated for it; without them it may be anything. */
export function unmeasuredAir(coldest = COLDEST_AIR, hottest = HOTTEST_AIR): AirSpan {
  return { coldest, likely: null, hottest };
}
