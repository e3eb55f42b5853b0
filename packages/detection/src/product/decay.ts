import { expOfMinus, fixedRatio, type Fixed } from "../fixed-point.ts";

/**
 * e^(−ms/lag): what is left after `ms` of a difference that fades with the time constant `lag`. Readings come in a
 * cadence, so few different times occur and their figures are kept.
 */
export function decayOf(ms: number, lag: number): Fixed {
  if (lag === 0) return 0n;
  let known = kept.get(lag);
  if (known === undefined) kept.set(lag, (known = new Map<number, Fixed>()));
  let decay = known.get(ms);
  if (decay === undefined) {
    decay = expOfMinus(fixedRatio(BigInt(ms), BigInt(lag)));
    // An emptied cache is only slower: the figures are functions of their arguments.
    if (known.size >= KEPT_TIMES) known.clear();
    if (kept.size > KEPT_LAGS) kept.clear();
    known.set(ms, decay);
  }
  return decay;
}

const KEPT_TIMES = 4_096;
const KEPT_LAGS = 64;
const kept = new Map<number, Map<number, Fixed>>();
