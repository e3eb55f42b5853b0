/** A value in m°C at a time in epoch ms. */
export interface TrendPoint {
  readonly at: number;
  readonly milli: number;
}

export interface Trend {
  /** m°C per ms. */
  readonly slope: number;
  /** Standard error of the slope, m°C per ms. */
  readonly error: number;
}

/** Fewer points draw any line one likes. */
export const TREND_POINTS_MIN = 4;

/**
 * The straight line through the points by least squares; null with fewer than four points or with all at one time.
 * For a person's eye and a forecast, never for evidence.
 */
export function trendOf(points: readonly TrendPoint[]): Trend | null {
  const n = points.length;
  if (n < TREND_POINTS_MIN) return null;
  const meanAt = mean(points.map(({ at }) => at));
  const meanMilli = mean(points.map(({ milli }) => milli));
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (const { at, milli } of points) {
    sxx += (at - meanAt) ** 2;
    sxy += (at - meanAt) * (milli - meanMilli);
    syy += (milli - meanMilli) ** 2;
  }
  if (sxx === 0) return null;
  const slope = sxy / sxx;
  const residual = Math.max(0, syy - slope * sxy);
  return { slope, error: Math.sqrt(residual / (n - 2) / sxx) };
}

function mean(values: readonly number[]): number {
  const first = values[0] ?? 0;
  // Distances from the first: epoch milliseconds are large, and their sum would lose what matters.
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}
