import { BITS, expOf, expOfMinus, fixedRatio, lnOf, ONE, type Fixed } from "../fixed-point.ts";
import { NEVER } from "../moment.ts";

/**
 * How far up a temperature can be in a stretch without readings: dT/dt = (Tₑ − T)/τ with Tₑ between the coldest and
 * the warmest that can surround it (Newton's law of cooling; a first-order lag). All of this is of upper bounds: what
 * bounds from below is turned round first (the negative of every temperature). Temperatures are multiples of
 * 2⁻⁹⁶ m°C, times whole milliseconds; every rounding is upwards for a bound, and outwards for a time.
 */
export interface ThermalStretch {
  readonly from: number;
  /** NEVER for a stretch that has not ended. */
  readonly to: number;
  /** τ in ms; null where nothing is stated, and so nothing bounds. */
  readonly timeConstant: number | null;
  /** The warmest that can surround it: what it can rise to. Null: no bound. */
  readonly warmest: Fixed | null;
  /** The coldest that can surround it: how fast it can have fallen. Null: no bound. */
  readonly coldest: Fixed | null;
}

/** `[from, to)` in whole milliseconds. */
export type Stretch = readonly [from: number, to: number];

/** Which values are out: above the limit, or on it too. */
export interface UpperLimit {
  readonly limit: Fixed;
  readonly isLimitOut: boolean;
}

/** 2⁻⁴⁶ ms or m°C: more than any rounding of a crossing or a decay, with functions exact to 2⁻⁸⁶ and τ below 2³⁵ ms. */
const DOUBT: Fixed = 1n << 50n;

/** e¹⁰⁰ K of anything is no bound. */
const BOUNDLESS = 100n * ONE;

/** The warmest at the end of a stretch, of something that was at most `start` at its beginning. */
export function warmestAtEnd(start: Fixed | null, stretch: ThermalStretch): Fixed | null {
  const { from, to, timeConstant, warmest } = stretch;
  if (start === null || timeConstant === null || warmest === null || to === NEVER) return null;
  const decay = expOfMinus(ratioOf(to - from, timeConstant));
  return warmest + (((start - warmest) * decay) >> BITS) + DOUBT;
}

/**
 * Whether `start` can surely rise to `needed` within a stretch, told without an exponential: 1 − e⁻ˣ ≥ x / (1 + x).
 */
export function risesAtLeast(start: Fixed, needed: Fixed, stretch: ThermalStretch): boolean {
  const { from, to, timeConstant, warmest } = stretch;
  if (timeConstant === null || warmest === null || to === NEVER) return true;
  if (warmest < start) return false;
  const ms = BigInt(to - from);
  return (warmest - start) * ms >= (needed - start) * (ms + BigInt(timeConstant));
}

/** The warmest at the beginning of a stretch, of something that was at most `end` at its end. */
export function warmestAtBegin(end: Fixed | null, stretch: ThermalStretch): Fixed | null {
  const { from, to, timeConstant, coldest } = stretch;
  if (end === null || timeConstant === null || coldest === null || to === NEVER) return null;
  const exponent = ratioOf(to - from, timeConstant);
  if (end <= coldest) {
    const growth = expOf(exponent > BOUNDLESS ? BOUNDLESS : exponent);
    return coldest + (((end - coldest) * (growth - (growth >> 70n))) >> BITS) + DOUBT;
  }
  if (exponent > BOUNDLESS) return null;
  // The relative error of a large power is 2⁻⁷⁸.
  const above = ((end - coldest) * expOf(exponent)) >> BITS;
  return coldest + above + (above >> 70n) + DOUBT;
}

/** When in a stretch something that was at most `start` at its beginning can be out; null if it cannot. */
export function outFromStart(
  start: Fixed | null,
  stretch: ThermalStretch,
  { limit, isLimitOut }: UpperLimit,
): Stretch | null {
  const { from, to, timeConstant, warmest } = stretch;
  if (start === null || timeConstant === null || warmest === null) return [from, to];
  const staysOut = isLimitOut ? warmest >= limit : warmest > limit;
  if (start > limit) {
    if (warmest >= limit) return [from, to];
    const turn = timeOf(start - warmest, limit - warmest, timeConstant);
    return [from, Math.min(to, from + turn[1])];
  }
  if (start === limit) return staysOut ? [from, to] : null;
  if (warmest <= limit || !reaches(start, stretch, warmest, limit, timeConstant)) return null;
  const turn = from + timeOf(warmest - start, warmest - limit, timeConstant)[0];
  return turn < to ? [turn, to] : null;
}

/** When in a stretch something that was at most `end` at its end can have been out; null if it cannot. */
export function outBeforeEnd(
  end: Fixed | null,
  stretch: ThermalStretch,
  { limit, isLimitOut }: UpperLimit,
): Stretch | null {
  const { from, to, timeConstant, coldest } = stretch;
  if (end === null || timeConstant === null || coldest === null) return [from, to];
  if (end > limit) {
    if (end >= coldest) return [from, to];
    const turn = timeOf(coldest - limit, coldest - end, timeConstant);
    return [Math.max(from, to - turn[1]), to];
  }
  if (end === limit) return (isLimitOut ? end >= coldest : end > coldest) ? [from, to] : null;
  if (end <= coldest) return null;
  const turn = to - timeOf(limit - coldest, end - coldest, timeConstant)[0];
  return turn > from ? [from, turn] : null;
}

/** Whether a rise can come to the limit at all: a curve that bends down stays below its first tangent. */
function reaches(
  start: Fixed,
  { from, to }: ThermalStretch,
  warmest: Fixed,
  limit: Fixed,
  timeConstant: number,
): boolean {
  if (to === NEVER) return true;
  return (warmest - start) * BigInt(to - from) > (limit - start) * BigInt(timeConstant);
}

/** τ · ln(large / small): when a difference has shrunk from one to the other; rounded down and up to whole ms. */
function timeOf(large: Fixed, small: Fixed, timeConstant: number): readonly [number, number] {
  const time = BigInt(timeConstant) * lnOf(fixedRatio(large, small));
  const up = Number((time + DOUBT + ONE - 1n) >> BITS);
  return time <= DOUBT ? [0, up] : [Number((time - DOUBT) >> BITS), up];
}

function ratioOf(ms: number, timeConstant: number): Fixed {
  return fixedRatio(BigInt(ms), BigInt(timeConstant));
}
