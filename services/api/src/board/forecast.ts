import { timeToLimit, type TimeToLimit } from "@unbroken/detection";
import type { ForecastNow, NoForecast, Rule } from "@unbroken/model";
import { EpochMs, HOUR, MINUTE, Milli, fromMilli, type DurationMs } from "@unbroken/units";
import { iso } from "../views.ts";
import type { SensorTrack } from "./sensor-track.ts";
import type { Trend } from "./trend.ts";

export interface ForecastFacts {
  /** The worst sensor. */
  readonly track: SensorTrack | null;
  /** The straight line through its last readings; null where there is none. */
  readonly trend: Trend | null;
  /** The limits that a tile looks at. */
  readonly limits: readonly Rule[];
  /** Of the space, where it is stated. */
  readonly timeConstant: DurationMs | null;
  readonly now: number;
}

/** The curve is fitted only where a straight line would meet the limit so soon: a fit takes milliseconds. */
const WORTH_FITTING_MS = 4 * HOUR;
/** A value that is older foretells nothing. */
const STALE_MS = 10 * MINUTE;

/** When the worst sensor meets the limit that it is heading for, with an interval, or why that cannot be said. */
export function forecastNow({
  track,
  trend,
  limits,
  timeConstant,
  now,
}: ForecastFacts): ForecastNow {
  if (limits.length === 0) return none("no-limit");
  if (track === null || track.milli === null || trend === null) return none("too-few");
  const { milli } = track;
  if (now - track.measuredAt > STALE_MS) return none("stale");
  if (Math.abs(trend.slope) <= 2 * trend.error) return none("no-trend");
  const heading = trend.slope > 0 ? "high" : "low";
  const ahead = limits.filter(({ side }) => side === heading);
  const distance = ({ limit }: Rule): number => Math.abs(limit - milli);
  const [nearest] = ahead.toSorted((a, b) => distance(a) - distance(b));
  if (nearest === undefined) return none("moving-away");
  if (distance(nearest) / Math.abs(trend.slope) > WORTH_FITTING_MS) return none("too-far");
  const fitted = curveOf(track, nearest, timeConstant);
  return fitted.kind === "none" ? none(fitted.reason) : told(fitted, nearest, track, now);
}

/** Whether it says something of the way to the limit, be it that there is none. */
export function isTold(forecast: ForecastNow): boolean {
  if (forecast.kind === "forecast") return true;
  return ["levels-off", "moving-away", "too-far"].includes(forecast.reason);
}

function told(
  { likely, low, high }: Extract<TimeToLimit, { kind: "forecast" }>,
  { id, side, limit }: Rule,
  { measuredAt }: SensorTrack,
  now: number,
): ForecastNow {
  const age = now - measuredAt;
  const minutes = (ms: number): number => Math.max(0, ms - age) / MINUTE;
  return {
    kind: "forecast",
    rule: id,
    side,
    limit_c: fromMilli(limit),
    as_of: iso(now),
    likely_min: Math.round(minutes(likely)),
    // Outwards: what is rounded must not promise more than what was found.
    low_min: Math.floor(minutes(low)),
    high_min: high === null ? null : Math.ceil(minutes(high)),
  };
}

interface Fitted {
  readonly rule: Rule;
  readonly timeConstant: DurationMs | null;
  readonly answer: TimeToLimit;
}

/** A track is a new object with each reading: what was found for it holds until the next. */
const found = new WeakMap<SensorTrack, Fitted>();

function curveOf(track: SensorTrack, rule: Rule, timeConstant: DurationMs | null): TimeToLimit {
  const known = found.get(track);
  if (known !== undefined && known.rule === rule && known.timeConstant === timeConstant)
    return known.answer;
  const answer = timeToLimit({
    readings: track.points.map(({ at, milli }) => ({ at: EpochMs(at), milli: Milli(milli) })),
    asOf: EpochMs(track.measuredAt),
    limit: rule,
    ...(timeConstant === null ? {} : { timeConstant }),
  });
  found.set(track, { rule, timeConstant, answer });
  return answer;
}

function none(reason: NoForecast): ForecastNow {
  return { kind: "none", reason };
}
