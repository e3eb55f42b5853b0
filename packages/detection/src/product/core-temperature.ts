import { DurationMs, Milli } from "@unbroken/units";
import { BITS, ONE } from "../fixed-point.ts";
import type { AirSpan } from "./air-span.ts";
import { decayOf } from "./decay.ts";

/**
 * The core temperature of the goods, estimated from the air: dT/dt = (T_air − T)/lag, the first-order lag of a
 * probe in a glycol bottle. A lag of 0 is goods that are as warm as the air.
 *
 * Nothing is summed up step by step. What is kept is where the core was when the air last changed, and for how long
 * that air has lasted; the temperature is computed from these. So ten minutes of one air are the same to the bit as
 * four and then six, and the core is a function of the air's history alone. Each change of the air rounds once, to
 * 10⁻⁹ °C, and the lag forgets: n changes are off by n/2 · 10⁻⁹ °C at the most.
 *
 * Doubt is a pair of cores, the coldest and the hottest that can be. Both follow the same law, so while nobody
 * measures they move apart towards the bounds of the air (those that are stated, or else those of all air: even then
 * no faster than the lag lets them), and draw together again once the air is known: by e⁻¹ in each lag, whatever
 * happened. Three lags leave 5 % of the doubt, seven 0.1 %.
 */
export interface Core {
  /**
   * How the estimate began. `first-air`: as warm as the first air that was measured, an assumption. `unheard`: no air
   * has been measured yet; `after-silence`: none had been when it began, and the bounds said all that was known.
   */
  readonly origin: "stated" | "first-air" | "unheard" | "after-silence";
  readonly lag: DurationMs;
  /** For how long the air has been as it is. */
  readonly ms: DurationMs;
  /** Where the core was when that began; 10⁻⁹ °C. */
  readonly from: Course;
  /** 10⁻³ °C. */
  readonly air: Course;
}

/** The coldest that can be, the best estimate and the hottest: in that order of size. */
export interface Course {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export type Bound = keyof Course;

/** 10⁻⁹ °C in 10⁻³ °C. */
export const NANO_PER_MILLI = 1_000_000;

/** A core before any time has passed. `initial` is what is stated of it, or null. */
export function startCore(initial: Milli | null, air: AirSpan, lag: DurationMs): Core {
  const airs = airCourse(air, middleOf(air));
  const starts = initial === null ? airs : { low: initial, likely: initial, high: initial };
  return {
    origin: initial !== null ? "stated" : air.likely === null ? "unheard" : "first-air",
    lag,
    ms: DurationMs(0),
    from: mapCourse(starts, (milli) => milli * NANO_PER_MILLI),
    air: airs,
  };
}

/** The core after `ms` more in that air. While nobody measures, the best estimate takes the air as last heard. */
export function advanceCore(core: Core, air: AirSpan, ms: DurationMs, lag = core.lag): Core {
  const airs = airCourse(air, core.air.likely);
  const firstHeard = core.origin === "unheard" && air.likely !== null;
  if (!firstHeard && lag === core.lag && isSame(airs, core.air))
    return { ...core, ms: DurationMs(core.ms + ms) };
  const now = coreAt(core);
  const likely = firstHeard ? within(now, airs.likely * NANO_PER_MILLI) : now.likely;
  const origin = firstHeard ? "after-silence" : core.origin;
  return { origin, lag, ms, from: { ...now, likely }, air: airs };
}

/** The core at `ms` after its air began, now unless stated; 10⁻⁹ °C. */
export function coreAt(core: Core, ms: number = core.ms): Course {
  const { from, air } = core;
  const likely = boundAt(core, "likely", ms);
  if (isOne(from) && isOne(air)) return { low: likely, likely, high: likely };
  return { low: boundAt(core, "low", ms), likely, high: boundAt(core, "high", ms) };
}

/** One of the three; monotone in `ms`, and always between where it began and its air. 10⁻⁹ °C. */
export function boundAt(core: Core, bound: Bound, ms: number): number {
  const air = core.air[bound] * NANO_PER_MILLI;
  const difference = core.from[bound] - air;
  if (difference === 0 || core.lag === 0) return air;
  return air + Number((BigInt(difference) * decayOf(ms, core.lag) + ONE / 2n) >> BITS);
}

/** The same in thousandths of a degree, rounded half up: for figures that are shown. */
export function shownCore(core: Core): { readonly [B in Bound]: Milli } {
  const now = coreAt(core);
  return { low: shown(now.low), likely: shown(now.likely), high: shown(now.high) };
}

/** True if the coldest and the hottest core are one: all the air since it began was measured without error. */
export function isCertain(core: Core): boolean {
  return isOne(core.from) && isOne(core.air);
}

function shown(nano: number): Milli {
  return Milli(Math.floor((nano + NANO_PER_MILLI / 2) / NANO_PER_MILLI));
}

function airCourse(air: AirSpan, held: number): Course {
  const ends = { low: air.coldest, high: air.hottest };
  return { ...ends, likely: within(ends, air.likely ?? held) };
}

function within({ low, high }: { low: number; high: number }, value: number): number {
  return Math.min(Math.max(value, low), high);
}

function middleOf({ coldest, hottest }: AirSpan): number {
  return Math.floor((coldest + hottest) / 2);
}

function isOne({ low, high }: Course): boolean {
  return low === high;
}

function isSame(a: Course, b: Course): boolean {
  return a.low === b.low && a.likely === b.likely && a.high === b.high;
}

function mapCourse({ low, likely, high }: Course, f: (n: number) => number): Course {
  return { low: f(low), likely: f(likely), high: f(high) };
}
