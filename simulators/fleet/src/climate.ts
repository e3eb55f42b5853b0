import type { Prng } from "./prng.ts";

/** The air around a room or truck over the day. */
export interface Climate {
  readonly meanC: number;
  /** Half the difference between the warmest and the coldest moment of a calm day. */
  readonly swingC: number;
  /** Weather: the standard deviation of what comes on top, drawn anew each hour. */
  readonly weatherC: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** China keeps one time, UTC+8, without summer time. */
const CHINA_MS = 8 * HOUR_MS;
/** Air is warmest about three hours after noon, so the sine passes its mean, rising, at 9. */
const RISING_MS = 9 * HOUR_MS;

/** Time of day on the wall clock in China, in ms since midnight. */
export function timeOfDay(at: number): number {
  return (((at + CHINA_MS) % DAY_MS) + DAY_MS) % DAY_MS;
}

/** A source of ambient temperatures, to be asked in order of time: the weather of each hour is drawn as it comes. */
export function weatherOf(climate: Climate, prng: Prng): (at: number) => number {
  let hour = Number.NEGATIVE_INFINITY;
  let from = 0;
  let to = prng.normal();
  return (at) => {
    const current = Math.floor(at / HOUR_MS);
    if (current !== hour) {
      hour = current;
      from = to;
      to = prng.normal();
    }
    const share = (at - current * HOUR_MS) / HOUR_MS;
    const phase = (timeOfDay(at) - RISING_MS) / DAY_MS;
    return (
      climate.meanC +
      climate.swingC * sineOfTurns(phase) +
      climate.weatherC * (from + (to - from) * share)
    );
  };
}

/**
 * sin(2π · turns) by the Taylor polynomial of degree 9 on a quarter turn; off by less than 4·10⁻⁶. Only + − ×, which IEEE 754
 * rounds in one way; ECMA-262 leaves Math.sin to the engine.
 */
export function sineOfTurns(turns: number): number {
  let t = turns - Math.floor(turns);
  let sign = 1;
  if (t >= 0.5) {
    t -= 0.5;
    sign = -1;
  }
  if (t > 0.25) t = 0.5 - t;
  const x = t * 6.283185307179586;
  const q = x * x;
  const terms = 1 - (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - q / 72)));
  return sign * x * terms;
}
