import {
  fitAtFade,
  mean,
  residualsOf,
  temperatureAt,
  type CurveFit,
  type Point,
} from "./thermal-curve.ts";

/** The best curve and all that the readings do not rule out. Floating point, like everything of a forecast. */
export interface ThermalFit {
  readonly best: CurveFit;
  /** Curves from the smallest fade that is plausible (0: a straight line) to the largest, the best among them. */
  readonly plausible: readonly CurveFit[];
  /** True if no fade is too large: the readings do not show how it began. */
  readonly openEnded: boolean;
  /** By how many standard errors 95 % lie within. */
  readonly quantile: number;
  /** Standard deviation of a reading about the curve, K, made wider if neighbours err alike. */
  readonly deviation: number;
  /** Standard deviation of the residuals as they are, K. */
  readonly residual: number;
  /** How much of the variance the curve explains, 0 to 1. */
  readonly rSquared: number;
  /** Of neighbouring residuals, −1 to 1: near 1 the readings follow another shape. */
  readonly correlation: number;
}

/** Why a fit is not used. */
export type Misfit =
  /** Less than four fifths of the variance is explained by the curve. */
  | "no-trend"
  /** The readings scatter about the curve by more than 0.5 K. */
  | "scattered"
  /** They follow another shape: neighbouring residuals are alike, and not for the sensor's resolution. */
  | "other-shape";

export const R_SQUARED_MIN = 0.8;
export const RESIDUAL_MAX = 0.5;
const CORRELATION_MAX = 0.7;

export interface FitOptions {
  /** Standard deviation below which no sensor is believed, K. */
  readonly resolution: number;
  /** 1/τ if it is stated, per minute; searched for otherwise. */
  readonly fade: number | null;
}

/** Null if the readings do not determine a line: fewer than four, or of one moment. */
export function fitThermalCurve(points: readonly Point[], options: FitOptions): ThermalFit | null {
  const free = options.fade === null ? 3 : 2;
  const grid = options.fade === null ? FADES : [options.fade];
  const best = bestOf(points, grid);
  if (best === null || points.length <= free) return null;
  const residuals = residualsOf(points, best);
  const correlation = neighboursAlike(residuals);
  const residual = Math.sqrt(best.squares / (points.length - free));
  const alike = Math.min(Math.max(correlation, 0), 0.8);
  // Errors that go together count as fewer readings: n·(1 − ρ)/(1 + ρ).
  const deviation =
    Math.max(residual, options.resolution / Math.sqrt(12)) * Math.sqrt((1 + alike) / (1 - alike));
  const quantile = studentQuantile(points.length - free);
  const allowed = best.squares + (quantile * deviation) ** 2;
  const [least, most] = options.fade === null ? edges(points, best, allowed) : [best, best];
  return {
    best,
    plausible: options.fade === null ? between(points, best, least.fade, most.fade) : [best],
    openEnded: options.fade === null && most.fade >= FADE_MAX,
    quantile,
    deviation,
    residual,
    rSquared: 1 - best.squares / varianceOf(points),
    correlation,
  };
}

/** Whether a curve is the right thing to see in these readings; null if so. */
export function misfitOf(fit: ThermalFit, resolution: number): Misfit | null {
  if (!(fit.rSquared >= R_SQUARED_MIN)) return "no-trend";
  if (fit.residual > RESIDUAL_MAX) return "scattered";
  if (fit.correlation > CORRELATION_MAX && fit.residual > resolution) return "other-shape";
  return null;
}

/** Time constants from two minutes to four days, each a tenth longer than the one before; and a straight line. */
const FADE_MAX = 1 / 2;
const FADES: readonly number[] = [
  0,
  ...Array.from({ length: 85 }, (_, i) => FADE_MAX * 1.1 ** -i).reverse(),
];

function bestOf(points: readonly Point[], fades: readonly number[]): CurveFit | null {
  const fits = fades.map((fade) => fitAtFade(points, fade)).filter((fit) => fit !== null);
  const first = fits.reduce<CurveFit | null>(
    (a, b) => (a === null || b.squares < a.squares ? b : a),
    null,
  );
  if (first === null || first.fade === 0 || fades.length === 1) return first;
  return refined(points, first);
}

/** Golden section in the logarithm of the fade, between its neighbours on the grid. */
function refined(points: readonly Point[], near: CurveFit): CurveFit {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(near.fade / 1.1);
  let high = Math.log(near.fade * 1.1);
  let best = near;
  for (let i = 0; i < 24; i += 1) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    const [a, b] = [fitAtFade(points, Math.exp(left)), fitAtFade(points, Math.exp(right))];
    if (a === null || b === null) break;
    if (a.squares < b.squares) high = right;
    else low = left;
    const better = a.squares < b.squares ? a : b;
    if (better.squares < best.squares) best = better;
  }
  return best;
}

/** The smallest and the largest fade whose residuals are not ruled out: a profile of the likelihood. */
function edges(
  points: readonly Point[],
  best: CurveFit,
  allowed: number,
): readonly [CurveFit, CurveFit] {
  let least = best;
  let most = best;
  for (const fade of FADES.filter((f) => f < best.fade).reverse()) {
    const fit = fitAtFade(points, fade);
    if (fit === null || fit.squares > allowed) {
      least = edgeBetween(points, least, fade, allowed);
      break;
    }
    least = fit;
  }
  for (const fade of FADES.filter((f) => f > best.fade)) {
    const fit = fitAtFade(points, fade);
    if (fit === null || fit.squares > allowed) {
      most = edgeBetween(points, most, fade, allowed);
      break;
    }
    most = fit;
  }
  return [least, most];
}

function edgeBetween(
  points: readonly Point[],
  inside: CurveFit,
  outside: number,
  allowed: number,
): CurveFit {
  let edge = inside;
  let beyond = outside;
  for (let i = 0; i < 12; i += 1) {
    const fit = fitAtFade(points, (edge.fade + beyond) / 2);
    if (fit === null) break;
    if (fit.squares > allowed) beyond = fit.fade;
    else edge = fit;
  }
  return edge;
}

function between(
  points: readonly Point[],
  best: CurveFit,
  least: number,
  most: number,
): readonly CurveFit[] {
  const steps = 16;
  const fades = Array.from({ length: steps + 1 }, (_, i) => least + ((most - least) * i) / steps);
  return [best, ...fades.map((fade) => fitAtFade(points, fade)).filter((fit) => fit !== null)];
}

function neighboursAlike(residuals: readonly number[]): number {
  let together = 0;
  let all = 0;
  residuals.forEach((residual, i) => {
    all += residual * residual;
    if (i > 0) together += residual * (residuals[i - 1] ?? 0);
  });
  return all === 0 ? 0 : together / all;
}

function varianceOf(points: readonly Point[]): number {
  const middle = mean(points.map(({ celsius }) => celsius));
  return points.reduce((sum, { celsius }) => sum + (celsius - middle) ** 2, 0);
}

/** Student's t for 95 % on both sides; Cornish and Fisher's expansion, within 4 % from three degrees of freedom on. */
function studentQuantile(freedom: number): number {
  const z = 1.959_964;
  const first = (z ** 3 + z) / (4 * freedom);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  return z + first + second;
}

/** How far the last readings moved along the curve's direction, K; negative if they have turned. */
export function latestMove(points: readonly Point[], fit: ThermalFit): number {
  const last = points.at(-1);
  const earlier = points.at(-3);
  if (last === undefined || earlier === undefined) return 0;
  const expected = temperatureAt(fit.best, last.minutes) - temperatureAt(fit.best, earlier.minutes);
  return Math.sign(expected) * (last.celsius - earlier.celsius);
}
