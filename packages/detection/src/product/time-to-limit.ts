import { DurationMs, MINUTE, elapsed, type EpochMs, type Milli } from "@unbroken/units";
import type { Limit } from "../evidence.ts";
import { isBeyond } from "./core-evidence.ts";
import { coreAt, NANO_PER_MILLI, type Core } from "./core-temperature.ts";
import { courseAt, errorAt, timeToReach, type CoreNow } from "./core-course.ts";
import { milliOfCelsius, ofMinutes, pointsOf, type TimedMilli } from "./propose-thermal.ts";
import { ambientOf, type CurveFit, type Point } from "./thermal-curve.ts";
import {
  fitThermalCurve,
  latestMove,
  misfitOf,
  type Misfit,
  type ThermalFit,
} from "./thermal-fit.ts";

export interface ForecastQuestion {
  /** Of one sensor, in order of time; older ones than half an hour before the last are not looked at. */
  readonly readings: readonly TimedMilli[];
  readonly asOf: EpochMs;
  readonly limit: Limit;
  /** Goods behind that air, as they are at the last reading: then the time until they are beyond the limit. */
  readonly core?: Core;
  /** The space's time constant if it is stated; fitted otherwise. */
  readonly timeConstant?: DurationMs;
  /** The step in which the sensor counts; 0.1 °C unless stated. */
  readonly resolution?: Milli;
}

/** Why there is no forecast. Each is a test that is stated here, and the first that fails is named. */
export type NoForecast =
  /** The last reading, or the core, is beyond the limit already. */
  | "beyond-already"
  /** The last reading is more than ten minutes old. */
  | "stale"
  /** Fewer than five readings, or less than ten minutes, in the last half hour. */
  | "too-few"
  | Misfit
  /** The curve, or the last three readings, move away from the limit. */
  | "moving-away"
  /** It settles before the limit: the ambient of the curve is not beyond it. */
  | "levels-off"
  /** Later than twelve hours from now, of which half an hour says nothing. */
  | "too-far";

export type TimeToLimit =
  | {
      readonly kind: "forecast";
      /** From `asOf`, if nothing changes. */
      readonly likely: DurationMs;
      /**
       * 95 %: not sooner than `low`, not later than `high`; null: possibly never. Unless the time constant is stated,
       * null too if that is further away than four times the stretch of readings.
       */
      readonly low: DurationMs;
      readonly high: DurationMs | null;
      /** Null for a straight line. */
      readonly ambient: Milli | null;
      readonly timeConstant: DurationMs | null;
      readonly readings: number;
      readonly residual: Milli;
      readonly rSquared: number;
    }
  | { readonly kind: "none"; readonly reason: NoForecast };

export const FORECAST_READINGS_MIN = 5;
/** The longest stretch that fits is used: something may have changed within the half hour. */
const WINDOWS = [30, 20, 10];
const HORIZON = 12 * 60;
/** So many times as far ahead as was looked back, a time constant that is fitted and not stated bounds nothing. */
const REACH = 4;
const STALE: DurationMs = DurationMs(10 * MINUTE);

/**
 * When the air, or goods behind it, will be beyond a limit if things go on as in the last half hour:
 * t* = τ·ln((T_a − T₀)/(T_a − L)). A forecast is never evidence, and is computed in floating point.
 *
 * The interval joins, over every time constant that the readings do not rule out, when the upper and the lower end of
 * the course's 95 % band reach the limit (the band is the fit's covariance, propagated).
 */
export function timeToLimit(question: ForecastQuestion): TimeToLimit {
  const { readings, asOf, limit, core } = question;
  const last = readings.at(-1);
  if (last === undefined) return none("too-few");
  const beyond =
    core === undefined
      ? isBeyond(limit, last.milli * NANO_PER_MILLI)
      : isBeyond(limit, coreAt(core).likely);
  if (beyond) return none("beyond-already");
  if (elapsed(last.at, asOf) > STALE) return none("stale");
  const window = fittingWindow(question);
  if ("reason" in window) return none(window.reason);
  return forecastBy(question, window.fit, window.points, elapsed(last.at, asOf));
}

type Window =
  { readonly fit: ThermalFit; readonly points: readonly Point[] } | { readonly reason: NoForecast };

function fittingWindow(question: ForecastQuestion): Window {
  const resolution = (question.resolution ?? 100) / 1_000;
  const { timeConstant, limit } = question;
  const fade = timeConstant === undefined ? null : 60_000 / timeConstant;
  let refused: NoForecast | null = null;
  for (const minutes of WINDOWS) {
    const points = risingTo(limit, pointsOf(question.readings)).filter(
      (point) => point.minutes >= -minutes,
    );
    const reason = tooFew(points) ? "too-few" : null;
    const fit = reason === null ? fitThermalCurve(points, { resolution, fade }) : null;
    if (fit === null) return { reason: refused ?? "too-few" };
    const why = misfitOf(fit, resolution) ?? movingAway(points, fit, resolution);
    if (why === null) return { fit, points };
    refused ??= why;
  }
  return { reason: refused ?? "too-few" };
}

function tooFew(points: readonly Point[]): boolean {
  const first = points[0];
  return points.length < FORECAST_READINGS_MIN || first === undefined || first.minutes > -9.5;
}

function movingAway(
  points: readonly Point[],
  fit: ThermalFit,
  resolution: number,
): NoForecast | null {
  if (fit.best.slope <= 0) return "moving-away";
  return latestMove(points, fit) < -2 * Math.max(fit.residual, resolution / 2)
    ? "moving-away"
    : null;
}

/** Everything as if the limit were above: a fall to a lower limit is mirrored. */
function risingTo({ side }: Limit, points: readonly Point[]): readonly Point[] {
  if (side === "high") return points;
  return points.map(({ minutes, celsius }) => ({ minutes, celsius: -celsius }));
}

function forecastBy(
  { limit, core, timeConstant }: ForecastQuestion,
  fit: ThermalFit,
  points: readonly Point[],
  age: DurationMs,
): TimeToLimit {
  const sign = limit.side === "high" ? 1 : -1;
  const target = (sign * limit.limit) / 1_000;
  const cores = coresOf(core, sign);
  const ambient = ambientOf(fit.best);
  if (ambient !== null && ambient <= target) return none("levels-off");
  const likely = timeToReach(
    (minutes) => courseAt(fit.best, cores.likely, minutes),
    target,
    HORIZON,
  );
  if (likely === null) return none("too-far");
  const spans = fit.plausible.map((curve) => spanOf(curve, fit, cores, target));
  const lows = spans.map(({ low }) => low).filter((low) => low !== null);
  const highs = spans.map(({ high }) => high).filter((high) => high !== null);
  const latest = highs.length < spans.length ? Infinity : Math.max(likely, ...highs);
  const reach = timeConstant === undefined ? -REACH * (points[0]?.minutes ?? 0) : HORIZON;
  return {
    kind: "forecast",
    likely: fromNow(likely, age),
    low: fromNow(Math.min(likely, ...lows), age),
    high: latest > reach ? null : fromNow(latest, age),
    ambient: ambient === null ? null : milliOfCelsius(sign * ambient),
    timeConstant: fit.best.fade === 0 ? null : ofMinutes(1 / fit.best.fade),
    readings: points.length,
    residual: milliOfCelsius(fit.residual),
    rSquared: fit.rSquared,
  };
}

interface Cores {
  readonly soonest: CoreNow | null;
  readonly likely: CoreNow | null;
  readonly latest: CoreNow | null;
}

function coresOf(core: Core | undefined, sign: number): Cores {
  if (core === undefined) return { soonest: null, likely: null, latest: null };
  const now = coreAt(core);
  const at = (nano: number): CoreNow => ({
    celsius: (sign * nano) / 1e9,
    lag: core.lag / 60_000,
  });
  const [low, high] = [at(now.low), at(now.high)];
  const likely = at(now.likely);
  return sign > 0 ? { soonest: high, likely, latest: low } : { soonest: low, likely, latest: high };
}

/** Of one curve: when the hottest and the coldest course within its error reach the limit. */
function spanOf(
  curve: CurveFit,
  fit: ThermalFit,
  { soonest, latest }: Cores,
  target: number,
): { readonly low: number | null; readonly high: number | null } {
  const error = (core: CoreNow | null, minutes: number): number =>
    fit.quantile * fit.deviation * errorAt(curve, core, minutes);
  const [low, high] = [
    timeToReach((t) => courseAt(curve, soonest, t) + error(soonest, t), target, HORIZON),
    timeToReach((t) => courseAt(curve, latest, t) - error(latest, t), target, HORIZON),
  ];
  return { low, high };
}

function fromNow(minutes: number, age: DurationMs): DurationMs {
  return DurationMs(Math.max(0, ofMinutes(minutes) - age));
}

function none(reason: NoForecast): TimeToLimit {
  return { kind: "none", reason };
}
