import { DurationMs, Milli, type EpochMs } from "@unbroken/units";
import { ambientOf, type CurveFit, type Point } from "./thermal-curve.ts";
import { fitThermalCurve, misfitOf, type Misfit, type ThermalFit } from "./thermal-fit.ts";

/** A temperature at a time. */
export interface TimedMilli {
  readonly at: EpochMs;
  readonly milli: Milli;
}

/** A figure and where it lies with 95 % confidence. */
export interface WithError<T> {
  readonly low: T;
  readonly likely: T;
  readonly high: T;
}

export type ThermalProposal =
  | {
      readonly kind: "proposal";
      readonly timeConstant: WithError<DurationMs>;
      readonly ambient: WithError<Milli>;
      readonly readings: number;
      /** Standard deviation of the readings about the curve. */
      readonly residual: Milli;
      readonly rSquared: number;
    }
  | {
      readonly kind: "none";
      /**
       * `too-straight`: the readings are bent so little that the time constant may be more than twice what is likely.
       * `too-sudden`: they had settled before it could be told from the shortest that is looked for, two minutes.
       */
      readonly reason: Misfit | "too-few" | "too-straight" | "too-sudden";
    };

/** Fewer readings than this determine a time constant, an ambient and their errors badly. */
export const PROPOSAL_READINGS_MIN = 8;

/**
 * Proposes a space's time constant and ambient from a recorded warming or cooling (a door left open, a compressor
 * switched off), for a person to state as facts: it is no fact itself. Readings in order of time, of nothing but that
 * course. Floating point.
 */
export function proposeThermal(
  readings: readonly TimedMilli[],
  resolution = Milli(100),
): ThermalProposal {
  if (readings.length < PROPOSAL_READINGS_MIN) return { kind: "none", reason: "too-few" };
  const kelvin = resolution / 1_000;
  const fit = fitThermalCurve(pointsOf(readings), { resolution: kelvin, fade: null });
  if (fit === null) return { kind: "none", reason: "too-few" };
  const misfit = misfitOf(fit, kelvin);
  if (misfit !== null) return { kind: "none", reason: misfit };
  const fades = fit.plausible.map(({ fade }) => fade);
  if (Math.min(...fades) <= fit.best.fade / 2) return { kind: "none", reason: "too-straight" };
  if (fit.openEnded) return { kind: "none", reason: "too-sudden" };
  return {
    kind: "proposal",
    timeConstant: {
      low: ofMinutes(1 / Math.max(...fades)),
      likely: ofMinutes(1 / fit.best.fade),
      high: ofMinutes(1 / Math.min(...fades)),
    },
    ambient: ambientWithError(fit),
    readings: readings.length,
    residual: milliOfCelsius(fit.residual),
    rSquared: fit.rSquared,
  };
}

/** Minutes before the last reading and °C. */
export function pointsOf(readings: readonly TimedMilli[]): readonly Point[] {
  const last = readings.at(-1)?.at ?? 0;
  return readings.map(({ at, milli }) => ({
    minutes: (at - last) / 60_000,
    celsius: milli / 1_000,
  }));
}

export function milliOfCelsius(celsius: number): Milli {
  return Milli(Math.round(celsius * 1_000));
}

export function ofMinutes(minutes: number): DurationMs {
  return DurationMs(Math.round(minutes * 60_000));
}

/** Ambient = level + slope/fade; its error by the delta method, at every fade that is plausible. */
function ambientWithError(fit: ThermalFit): WithError<Milli> {
  const margins = fit.plausible.map((curve) => {
    const ambient = ambientOf(curve) ?? NaN;
    const margin = fit.quantile * fit.deviation * Math.sqrt(ambientVariance(curve));
    return [ambient - margin, ambient + margin] as const;
  });
  return {
    low: milliOfCelsius(Math.min(...margins.map(([low]) => low))),
    likely: milliOfCelsius(ambientOf(fit.best) ?? NaN),
    high: milliOfCelsius(Math.max(...margins.map(([, high]) => high))),
  };
}

function ambientVariance({ fade, covariance }: CurveFit): number {
  return covariance.level + covariance.slope / fade ** 2 + (2 * covariance.both) / fade;
}
