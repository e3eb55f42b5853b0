import type { NoForecast, SpaceNow } from "@unbroken/model";
import { MINUTE } from "../format/span.ts";
import { airLimits, isOut } from "./limits.ts";

/** Since when a space is out of range: the oldest open excursion, else the condition's own start. Epoch ms. */
export function outSince(space: SpaceNow): number | null {
  const opened = space.open.map((excursion) => Date.parse(excursion.since));
  if (opened.length > 0) return Math.min(...opened);
  return space.since === null ? null : Date.parse(space.since);
}

/** How much of the allowance is used, by the rule that runs out first; null if no rule is being broken. */
export function allowanceOf(
  space: SpaceNow,
  now: number,
): { readonly spentMs: number; readonly holdMs: number } | null {
  const value = space.worst?.value_c ?? null;
  const since = outSince(space);
  if (value === null || since === null || space.profile === null) return null;
  const holds = airLimits(space.profile.limits)
    .filter((limit) => isOut(value, limit.comparison, limit.limit_c))
    .map((limit) => limit.hold_ms);
  if (holds.length === 0) return null;
  return { spentMs: Math.max(0, now - since), holdMs: Math.min(...holds) };
}

/** When a limit is met if things go on as they are; a forecast, never evidence. Milliseconds from `now`. */
export interface Forecast {
  readonly side: "high" | "low";
  readonly limitC: number;
  readonly inMs: number;
  readonly soonestMs: number;
  /** Null: possibly never. */
  readonly latestMs: number | null;
}

/** What the server foretold, less the time that has gone since; null where it foretold nothing. */
export function forecastOf({ forecast }: SpaceNow, now: number): Forecast | null {
  if (forecast.kind === "none") return null;
  const gone = now - Date.parse(forecast.as_of);
  const left = (minutes: number) => Math.max(0, minutes * MINUTE - gone);
  return {
    side: forecast.side,
    limitC: forecast.limit_c,
    inMs: left(forecast.likely_min),
    soonestMs: left(forecast.low_min),
    latestMs: forecast.high_min === null ? null : left(forecast.high_min),
  };
}

export function whyNoForecast({ forecast }: SpaceNow): NoForecast | null {
  return forecast.kind === "none" ? forecast.reason : null;
}

/** Which side a space is out of, or heading for. */
export function sideOf(space: SpaceNow): "high" | "low" {
  const open = space.open[0];
  if (open !== undefined) return open.side;
  const value = space.worst?.value_c ?? null;
  const out = airLimits(space.profile?.limits ?? []).find(
    (limit) => value !== null && isOut(value, limit.comparison, limit.limit_c),
  );
  if (out !== undefined) return out.side;
  if (space.forecast.kind === "forecast") return space.forecast.side;
  return (space.trend_c_per_h ?? 0) < 0 && space.condition === "warming" ? "low" : "high";
}

/** How old the shown value is, by the server's clock, and whether that is past the cadence. */
export function freshnessOf(
  space: SpaceNow,
  now: number,
): { readonly ageMs: number; readonly stale: boolean } | null {
  if (space.worst === null) return null;
  const ageMs = Math.max(0, now - Date.parse(space.worst.measured_at));
  // Half a cadence of grace: a reading that is on its way is not missing yet.
  const cadence = space.profile?.cadence_ms ?? 300_000;
  return { ageMs, stale: ageMs > cadence * 1.5 };
}
