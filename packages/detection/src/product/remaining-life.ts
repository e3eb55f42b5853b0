import { DurationMs, type Milli } from "@unbroken/units";
import { ONE, type Fixed } from "../fixed-point.ts";
import type { LifeUse } from "./life-use.ts";
import { rateOf, type Spoilage } from "./spoilage.ts";

/**
 * How long goods last from now on if they stay at one temperature; ms, 0 when their life is over.
 * `none`: the model says nothing at that temperature. `unlimited`: at that temperature they do not spoil, or last
 * longer than 285,000 years.
 */
export type RemainingLife =
  | { readonly kind: "none" }
  | { readonly kind: "unlimited" }
  | {
      readonly kind: "remaining";
      /** Rounded down. 0 while the goods were or may have been outside the model: nothing is promised then. */
      readonly low: DurationMs;
      readonly likely: DurationMs;
      readonly high: DurationMs;
    };

/**
 * Remaining = life − used, both at the temperature `milli`. The model's error makes the whole life longer or shorter,
 * what is used of it and what remains alike: (1 ± e − used) / rate.
 */
export function remainingLife(spoilage: Spoilage, use: LifeUse, milli: Milli): RemainingLife {
  const [coldest, hottest] = spoilage.valid;
  if (milli < coldest || milli > hottest) return { kind: "none" };
  const rate = rateOf(spoilage, milli);
  if (rate < SLOWEST) return { kind: "unlimited" };
  const error = (ONE * spoilage.error) / 1_000_000n;
  const lasts = (life: Fixed, used: Fixed): DurationMs =>
    DurationMs(life <= used ? 0 : Number((life - used) / rate));
  return {
    kind: "remaining",
    low: use.outside.possible > 0 ? DurationMs(0) : lasts(ONE - error, use.high),
    likely: lasts(ONE, use.likely > use.low ? use.likely : use.low),
    high: lasts(ONE + error, use.low),
  };
}

/** A life of more than 2⁵² ms, which with its error would be no safe integer. */
const SLOWEST: Fixed = ONE >> 52n;
