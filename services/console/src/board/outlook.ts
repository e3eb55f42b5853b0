import type { SpaceNow } from "@unbroken/model";
import { HOUR } from "../format/span.ts";
import { airLimits, bandOf, isOut } from "./limits.ts";

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

export interface Forecast {
  readonly side: "high" | "low";
  readonly limitC: number;
  /** Milliseconds until the limit at the present rate. */
  readonly inMs: number;
}

/** When the limit is met at the present rate; a forecast, never evidence. Null when nothing leads to a limit. */
export function forecastOf(space: SpaceNow): Forecast | null {
  const value = space.worst?.value_c ?? null;
  const rate = space.trend_c_per_h;
  if (value === null || rate === null || rate === 0 || space.profile === null) return null;
  const band = bandOf(space.profile.limits);
  const limit = rate > 0 ? band.high : band.low;
  if (limit === null || isOut(value, limit.comparison, limit.limit_c)) return null;
  return {
    side: limit.side,
    limitC: limit.limit_c,
    inMs: ((limit.limit_c - value) / rate) * HOUR,
  };
}

/** Which side a space is out of, or heading for. */
export function sideOf(space: SpaceNow): "high" | "low" {
  const open = space.open[0];
  if (open !== undefined) return open.side;
  const value = space.worst?.value_c ?? null;
  const out = airLimits(space.profile?.limits ?? []).find(
    (limit) => value !== null && isOut(value, limit.comparison, limit.limit_c),
  );
  return out?.side ?? forecastOf(space)?.side ?? "high";
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
