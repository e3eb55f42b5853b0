/**
 * The curve that air follows towards an ambient temperature, dT/dt = (T_ambient − T)/τ, fitted to readings:
 * T(u) = level + slope · (1 − e^(−fade·u)) / fade, with u in minutes from the last reading and fade = 1/τ. In these
 * terms a fade of 0 is a straight line, so readings that are too few to tell τ from the ambient still say how fast it
 * warms. For a given fade the fit is linear; the fade itself is searched for.
 *
 * Floating point: for forecasts and proposals, which are never evidence.
 */
export interface Point {
  /** Minutes from the last reading; 0 or negative. */
  readonly minutes: number;
  readonly celsius: number;
}

export interface Curve {
  /** 1/τ, per minute. */
  readonly fade: number;
  /** At the last reading, °C. */
  readonly level: number;
  /** At the last reading, K per minute. */
  readonly slope: number;
}

export interface CurveFit extends Curve {
  /** Sum of the squared residuals, K². */
  readonly squares: number;
  /** Of level and slope, for a variance of the readings of 1 K². */
  readonly covariance: { readonly level: number; readonly slope: number; readonly both: number };
}

/** (1 − e^(−fade·u)) / fade. */
export function bend(fade: number, minutes: number): number {
  return fade === 0 ? minutes : -Math.expm1(-fade * minutes) / fade;
}

export function temperatureAt({ fade, level, slope }: Curve, minutes: number): number {
  return level + slope * bend(fade, minutes);
}

/** Where the curve leads to, °C; null for a straight line. */
export function ambientOf({ fade, level, slope }: Curve): number | null {
  return fade === 0 ? null : level + slope / fade;
}

/** Least squares for one fade; null if all readings are of one moment. */
export function fitAtFade(points: readonly Point[], fade: number): CurveFit | null {
  const n = points.length;
  const bends = points.map(({ minutes }) => bend(fade, minutes));
  const meanBend = mean(bends);
  const meanCelsius = mean(points.map(({ celsius }) => celsius));
  let sxx = 0;
  let sxy = 0;
  points.forEach(({ celsius }, i) => {
    const x = (bends[i] ?? 0) - meanBend;
    sxx += x * x;
    sxy += x * (celsius - meanCelsius);
  });
  if (!(sxx > 0) || !Number.isFinite(sxx)) return null;
  const slope = sxy / sxx;
  const level = meanCelsius - slope * meanBend;
  const squares = points.reduce(
    (sum, { celsius }, i) => sum + (celsius - level - slope * (bends[i] ?? 0)) ** 2,
    0,
  );
  return {
    fade,
    level,
    slope,
    squares,
    covariance: { level: 1 / n + meanBend ** 2 / sxx, slope: 1 / sxx, both: -meanBend / sxx },
  };
}

export function residualsOf(points: readonly Point[], curve: Curve): readonly number[] {
  return points.map(({ minutes, celsius }) => celsius - temperatureAt(curve, minutes));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
