import type {
  AlertView,
  EvidenceStretch,
  Excursion,
  ForecastNow,
  Profile,
  Rule,
  RuleMode,
  SensorNow,
  SiteEntry,
  SpaceEntry,
  SpaceNow,
  VehicleEntry,
} from "@unbroken/model";
import { DAY, HOUR, MINUTE, type DurationMs } from "@unbroken/units";
import { excursionView, iso, isoOrNull, milliOrNull, threePlaces } from "../views.ts";
import { profileView } from "../profile-view.ts";
import { airLimitsOf } from "./air-limits.ts";
import type { SensorTrack } from "./sensor-track.ts";
import { asOf } from "./timeline.ts";
import { forecastNow, isTold } from "./forecast.ts";
import { trendOf, type Trend } from "./trend.ts";

/** All that a tile is made of. */
export interface SpaceFacts {
  readonly space: SpaceEntry;
  readonly site: SiteEntry | null;
  readonly vehicle: VehicleEntry | null;
  readonly profile: Profile | null;
  /** Whether an operator confirmed the profile. */
  readonly confirmed: boolean;
  /** Sensors that stand in the space now and were heard at least once. */
  readonly tracks: readonly SensorTrack[];
  /** Excursions that are open. */
  readonly open: readonly Excursion[];
  readonly modeOf: (excursion: Excursion) => RuleMode | null;
  /** Alerts that are not over. */
  readonly alerts: readonly AlertView[];
  readonly timeline: readonly EvidenceStretch[];
  /** Since when the board has seen it warming; epoch ms. */
  readonly warmingSince: number | null;
  /** Null while it is in service; times in epoch ms. */
  readonly outOfService: {
    readonly from: number;
    readonly to: number | null;
    readonly reason: string | null;
  } | null;
  /** How fast it warms by itself, where that is stated; ms. */
  readonly timeConstant: DurationMs | null;
}

/** The gap of a space that has no profile: that of the default cadence, 2.5 × PT5M. */
const DEFAULT_GAP_MS = 12.5 * MINUTE;
const FORECAST_MS = 30 * MINUTE;

type Condition = SpaceNow["condition"];

/** What the tile of a space shows at `now`, our clock. Pure. */
export function spaceNow(facts: SpaceFacts, now: number): SpaceNow {
  const { space, site, vehicle, profile } = facts;
  const { gap, worst, trend, forecast, condition } = lookedAt(facts, now);
  const timeline = asOf(facts.timeline, silentFrom(facts.tracks, now, gap), now - DAY);
  return {
    organisation: space.organisation,
    space: space.space,
    name: space.name,
    site: space.site,
    site_name: site?.name ?? null,
    vehicle: space.vehicle,
    vehicle_name: vehicle?.name ?? null,
    zone: site?.zone ?? vehicle?.zone ?? "UTC",
    profile: profile === null ? null : profileView(profile, facts),
    condition,
    since: isoOrNull(sinceOf(condition, facts, timeline)),
    worst: worst === null ? null : sensorNow(worst),
    sensors: facts.tracks.map(sensorNow),
    trend_c_per_h: trend === null ? null : threePlaces((trend.slope * HOUR) / 1_000),
    forecast,
    out_of_service: serviceView(facts.outOfService),
    open: facts.open.map((excursion) =>
      excursionView(excursion, {
        organisation: space.organisation,
        spaceName: space.name,
        mode: facts.modeOf(excursion),
      }),
    ),
    alerts: [...facts.alerts],
    timeline: timeline.map(({ from, to, class: evidence }) => ({
      from: iso(from),
      to: isoOrNull(to),
      class: evidence,
    })),
  };
}

/** Its condition alone, which is cheap enough to look at again and again. */
export function conditionNow(facts: SpaceFacts, now: number): Condition {
  return lookedAt(facts, now).condition;
}

function lookedAt(
  facts: SpaceFacts,
  now: number,
): {
  readonly gap: number;
  readonly worst: SensorTrack | null;
  readonly trend: Trend | null;
  readonly forecast: ForecastNow;
  readonly condition: Condition;
} {
  const gap = facts.profile?.gap ?? DEFAULT_GAP_MS;
  const limits = airLimitsOf(facts.profile);
  const worst = worstOf(facts.tracks, limits, now, gap);
  const trend = worst === null || isSilent(worst, now, gap) ? null : trendOf(steady(worst, gap));
  const { timeConstant } = facts;
  const forecast = forecastNow({ track: worst, trend, limits, timeConstant, now });
  return {
    gap,
    worst,
    trend,
    forecast,
    condition: conditionOf(facts, worst, trend, forecast, now),
  };
}

function serviceView(stretch: SpaceFacts["outOfService"]): SpaceNow["out_of_service"] {
  if (stretch === null) return null;
  return { since: iso(stretch.from), until: isoOrNull(stretch.to), reason: stretch.reason };
}

function conditionOf(
  { profile, tracks, open, outOfService }: SpaceFacts,
  worst: SensorTrack | null,
  trend: Trend | null,
  forecast: ForecastNow,
  now: number,
): Condition {
  // Only an empty space can be, and nothing is judged in that time.
  if (outOfService !== null) return "out-of-service";
  const gap = profile?.gap ?? DEFAULT_GAP_MS;
  if (open.some(({ severity }) => severity === "break")) return "broken";
  // With no limits to hold it against, nothing is proven.
  if (profile === null || tracks.length === 0) return "unproven";
  const fresh = tracks.filter((track) => track.milli !== null && !isSilent(track, now, gap));
  const limits = airLimitsOf(profile);
  if (fresh.some(({ milli }) => milli !== null && limits.some((rule) => isOut(milli, rule))))
    return "out";
  if (forecast.kind === "forecast" && forecast.likely_min * MINUTE <= FORECAST_MS) return "warming";
  if (!isTold(forecast) && worst?.milli !== null && worst !== null && trend !== null) {
    const { milli } = worst;
    if (limits.some((rule) => leadsOut(milli, trend, rule))) return "warming";
  }
  // Point by point, unproven goes before in range (DESIGN §5, Combining): one silent sensor is a doubt.
  return fresh.length < tracks.length ? "unproven" : "in-range";
}

export function isOut(milli: number, { comparison, limit }: Rule): boolean {
  switch (comparison) {
    case "gt":
      return milli > limit;
    case "ge":
      return milli >= limit;
    case "lt":
      return milli < limit;
    case "le":
      return milli <= limit;
  }
}

/** Whether the trend crosses the limit within half an hour, and is more than the wobble of the readings. */
function leadsOut(milli: number, { slope, error }: Trend, rule: Rule): boolean {
  if (Math.abs(slope) <= 2 * error) return false;
  const towards = rule.side === "high" ? slope > 0 : slope < 0;
  return towards && isOut(milli + slope * FORECAST_MS, rule);
}

/** Silent: its last value no longer covers `now`, or nothing came from it for longer than the gap. */
function isSilent({ measuredAt, receivedAt }: SensorTrack, now: number, gap: number): boolean {
  return now - Math.min(measuredAt, receivedAt) > gap;
}

/** From when on some, and from when on all sensors prove nothing any more; null where that is not so. */
function silentFrom(
  tracks: readonly SensorTrack[],
  now: number,
  gap: number,
): { readonly some: number | null; readonly all: number | null } {
  const ends = tracks
    .filter((track) => isSilent(track, now, gap))
    .map(({ measuredAt }) => measuredAt);
  if (ends.length === 0) return { some: null, all: null };
  return {
    some: Math.min(...ends),
    all: ends.length === tracks.length ? Math.max(...ends) : null,
  };
}

/** Points without a gap among them: a line across a silence says nothing. */
function steady({ points }: SensorTrack, gap: number): SensorTrack["points"] {
  const at = points.findLastIndex((point, i) => {
    const before = points[i - 1];
    return before !== undefined && point.at - before.at > gap;
  });
  return at === -1 ? points : points.slice(at);
}

/** The sensor furthest out of its limits, or nearest to them; the warmest where there are no limits. */
function worstOf(
  tracks: readonly SensorTrack[],
  rules: readonly Rule[],
  now: number,
  gap: number,
): SensorTrack | null {
  const marginOf = (track: SensorTrack): number => {
    if (track.milli === null) return Number.POSITIVE_INFINITY;
    // What has fallen silent is not the value of now; it counts only where nothing else is known.
    const doubt = isSilent(track, now, gap) ? 1e12 : 0;
    const { milli } = track;
    if (rules.length === 0) return doubt - milli;
    return (
      doubt +
      Math.min(...rules.map(({ side, limit }) => (side === "high" ? limit - milli : milli - limit)))
    );
  };
  let worst: SensorTrack | null = null;
  for (const track of tracks)
    if (worst === null || marginOf(track) < marginOf(worst)) worst = track;
  return worst;
}

function sinceOf(
  condition: Condition,
  { open, tracks, warmingSince, outOfService }: SpaceFacts,
  timeline: readonly EvidenceStretch[],
): number | null {
  const last = timeline.at(-1);
  switch (condition) {
    case "broken":
      return Math.min(
        ...open.filter(({ severity }) => severity === "break").map(({ since }) => since),
      );
    case "warming":
      return warmingSince;
    case "out-of-service":
      return outOfService?.from ?? null;
    case "out":
      return last !== undefined && (last.class === "high" || last.class === "low")
        ? last.from
        : null;
    case "in-range":
      return last?.class === "in" ? last.from : null;
    case "unproven":
      if (last?.class === "unproven") return last.from;
      return tracks.length === 0 ? null : Math.min(...tracks.map(({ measuredAt }) => measuredAt));
  }
}

function sensorNow(track: SensorTrack): SensorNow {
  return {
    sensor: track.sensor,
    value_c: milliOrNull(track.milli),
    fault: track.fault,
    measured_at: iso(track.measuredAt),
    received_at: iso(track.receivedAt),
  };
}
