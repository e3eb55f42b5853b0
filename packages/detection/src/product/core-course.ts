import { temperatureAt, type Curve, type CurveFit } from "./thermal-curve.ts";

/** Goods that follow the air with a lag. */
export interface CoreNow {
  /** °C. */
  readonly celsius: number;
  /** Minutes. */
  readonly lag: number;
}

/** The temperature `minutes` from now if the air follows the curve: that of the air, or of goods behind it; °C. */
export function courseAt(air: Curve, core: CoreNow | null, minutes: number): number {
  if (core === null || core.lag === 0) return temperatureAt(air, minutes);
  const { level, slope } = air;
  const left = Math.exp(-minutes / core.lag);
  // dc/dt = (T(t) − c)/lag, solved for a straight line and for a fading one.
  if (air.fade === 0)
    return level + slope * (minutes - core.lag) + (core.celsius - level + slope * core.lag) * left;
  // Where both fade alike the solution has another form; a millionth away it has the same value.
  const product = air.fade * core.lag;
  const fade = Math.abs(product - 1) < 1e-6 ? (1 + 1e-6) / core.lag : air.fade;
  const ambient = level + slope / fade;
  const share = slope / fade / (1 - fade * core.lag);
  return ambient + (core.celsius - ambient + share) * left - share * Math.exp(-fade * minutes);
}

/**
 * Standard error of that temperature, K, for readings that scatter by 1 K: for a given fade the course is linear in
 * level and slope, so this is exact.
 */
export function errorAt(air: CurveFit, core: CoreNow | null, minutes: number): number {
  const nothing = core === null ? null : { ...core, celsius: 0 };
  const byLevel = courseAt({ fade: air.fade, level: 1, slope: 0 }, nothing, minutes);
  const bySlope = courseAt({ fade: air.fade, level: 0, slope: 1 }, nothing, minutes);
  const { level, slope, both } = air.covariance;
  return Math.sqrt(
    Math.max(0, byLevel ** 2 * level + bySlope ** 2 * slope + 2 * byLevel * bySlope * both),
  );
}

/** The first time from now at which a course has reached `limit` from below, minutes; null if not by `horizon`. */
export function timeToReach(
  course: (minutes: number) => number,
  limit: number,
  horizon: number,
): number | null {
  const reached = (minutes: number): boolean => course(minutes) >= limit;
  if (reached(0)) return 0;
  const steps = 120;
  let before = 0;
  for (let i = 1; i <= steps; i += 1) {
    // Closer together at first, where a course bends most.
    const after = horizon * (i / steps) ** 2;
    if (reached(after)) return halved(before, after, reached);
    before = after;
  }
  return null;
}

function halved(from: number, to: number, reached: (minutes: number) => boolean): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 30; i += 1) {
    const middle = (low + high) / 2;
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return high;
}
