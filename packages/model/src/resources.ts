import { z } from "zod";
import { AlertView } from "./alert.ts";
import { DeviceId, OrganisationId, ProbeName, SiteId, SpaceId, VehicleId } from "./ids.ts";
import { EvidenceClass } from "./judgement.ts";
import { Phase } from "./phase.ts";
import { Comparison, RuleMode, RuleQuantity, Severity, Side } from "./rule.ts";
import { Quantity } from "./quantity.ts";
import { FaultKind, TimeSource } from "./reading.ts";
import { RegionCode, ZoneName } from "./fact.ts";
import { IsoTime } from "./time.ts";

// What the API and the feed show. Values in their SenML unit with at most three places, times in RFC 3339 UTC.

export const SiteView = z.strictObject({
  organisation: OrganisationId,
  site: SiteId,
  name: z.string(),
  zone: ZoneName,
  region: RegionCode.nullable(),
});
export type SiteView = z.infer<typeof SiteView>;

export const VehicleView = z.strictObject({
  organisation: OrganisationId,
  vehicle: VehicleId,
  name: z.string(),
  plate: z.string().nullable(),
  zone: ZoneName,
});
export type VehicleView = z.infer<typeof VehicleView>;

export const DeviceView = z.strictObject({
  organisation: OrganisationId,
  device: DeviceId,
  name: z.string().nullable(),
  space: SpaceId.nullable(),
  topic: z.string(),
  revoked: z.boolean(),
  last_received_at: IsoTime.nullable(),
});
export type DeviceView = z.infer<typeof DeviceView>;

/** What a limit or a peak is measured in: °C, %RH, % of the life, K of a rise; `/` is 1 or 0. */
const LimitUnit = z.enum(["Cel", "%RH", "%", "/", "K"]);

/** One rule of a profile; a warning before the break is a rule of its own. */
export const LimitView = z.strictObject({
  rule: z.string(),
  quantity: RuleQuantity,
  mode: RuleMode,
  side: Side,
  comparison: Comparison,
  limit: z.number(),
  unit: LimitUnit,
  /** The limit where it is a temperature. */
  limit_c: z.number().nullable(),
  /** The allowance; the debounce of instant rules, 0 for windows. */
  hold_ms: z.int(),
  /** Of a window, or of what a rise is measured in; null is the whole of what is judged. */
  scope_ms: z.int().nullable(),
  severity: Severity,
  /** In the unit of the limit. */
  hysteresis: z.number(),
  clear_ms: z.int(),
  /** Null: in all of them. */
  phases: z.array(Phase).nullable(),
  /** While a sensor proves the phase, the limit stands further out by so many K. */
  allowances: z.array(
    z.strictObject({
      phase: z.enum(["load", "defrost"]),
      by: z.number(),
      for_ms: z.int(),
      every_ms: z.int(),
    }),
  ),
  /** Whether it applies at certain hours only; the document says at which. */
  scheduled: z.boolean(),
  clause: z.string().nullable(),
});
export type LimitView = z.infer<typeof LimitView>;

export const ProfileView = z.strictObject({
  id: z.string(),
  title: z.string(),
  title_zh: z.string().nullable(),
  hash: z.string(),
  source: z.string().nullable(),
  edition: z.string().nullable(),
  effective_from: IsoTime.nullable(),
  effective_until: IsoTime.nullable(),
  /** `template`: a proposal, nobody's claim until it is confirmed; null where the document does not say. */
  confidence: z.enum(["text", "template"]).nullable(),
  /** Whether an operator of the organisation confirmed this version. */
  confirmed: z.boolean(),
  cadence_ms: z.int(),
  gap_ms: z.int(),
  limits: z.array(LimitView),
});
export type ProfileView = z.infer<typeof ProfileView>;

export const ReadingView = z.strictObject({
  organisation: OrganisationId,
  device: DeviceId,
  sensor: z.string(),
  quantity: Quantity,
  /** Null with a fault. */
  value: z.number().nullable(),
  unit: z.string(),
  measured_at: IsoTime,
  received_at: IsoTime,
  time_source: TimeSource,
  fault: FaultKind.nullable(),
});
export type ReadingView = z.infer<typeof ReadingView>;

/** One bucket of a curve: minimum and maximum are kept, so no excursion is averaged away. */
export const EnvelopeBucket = z.strictObject({
  from: IsoTime,
  to: IsoTime,
  count: z.int(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  first_at: IsoTime.nullable(),
  last_at: IsoTime.nullable(),
  faults: z.int(),
});
export type EnvelopeBucket = z.infer<typeof EnvelopeBucket>;

export const ExcursionView = z.strictObject({
  organisation: OrganisationId,
  id: z.string(),
  space: SpaceId,
  space_name: z.string(),
  rule: z.string(),
  quantity: RuleQuantity,
  /** Null where the profile that it was judged by is not known here. */
  mode: RuleMode.nullable(),
  side: Side,
  severity: Severity,
  since: IsoTime,
  until: IsoTime.nullable(),
  ended: z.enum(["in-range", "unproven"]).nullable(),
  minutes: z.number(),
  /** Peak and limit in this unit, and in °C where they are temperatures. */
  unit: LimitUnit,
  peak: z.number(),
  peak_c: z.number().nullable(),
  peak_at: IsoTime,
  peak_sensor: z.string(),
  limit: z.number(),
  limit_c: z.number().nullable(),
  hold_ms: z.int(),
  revision: z.int(),
  retracted: z.boolean(),
  profile_hash: z.string(),
  engine: z.string(),
});
export type ExcursionView = z.infer<typeof ExcursionView>;

/** An excursion, and what late data made of it: whose place it took and what took its place. */
export const ExcursionEntry = z.strictObject({
  ...ExcursionView.shape,
  replaces: z.array(z.string()),
  replaced_by: z.array(z.string()),
});
export type ExcursionEntry = z.infer<typeof ExcursionEntry>;

/** One state of an excursion, as it was said at `judged_at`. */
export const RevisionView = z.strictObject({
  change: z.enum(["opened", "amended", "closed", "retracted"]),
  judged_at: IsoTime,
  changed: z.array(z.string()),
  /** What stood in its place before, where it was opened; what stands in its place since, where it was retracted. */
  replaces: z.array(z.string()),
  replaced_by: z.array(z.string()),
  excursion: ExcursionView,
});
export type RevisionView = z.infer<typeof RevisionView>;

export const QuarantineView = z.strictObject({
  organisation: OrganisationId,
  publisher: z.string(),
  mqtt_topic: z.string(),
  received_at: IsoTime,
  code: z.string(),
  detail: z.string(),
  pointer: z.string(),
  offset: z.int(),
  payload_base64: z.string(),
  payload_bytes: z.int(),
});
export type QuarantineView = z.infer<typeof QuarantineView>;

/** A page of a list: `next` is an opaque cursor, null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

// Commands: what a client states. The answer is the fact's id and what it now shows.

export const DeclareSite = z.strictObject({
  name: z.string().trim().min(1).max(200),
  zone: ZoneName,
  region: RegionCode.optional(),
});
export const DeclareVehicle = z.strictObject({
  name: z.string().trim().min(1).max(200),
  zone: ZoneName,
  plate: z.string().max(20).optional(),
});
export const DeclareSpace = z.strictObject({
  name: z.string().trim().min(1).max(200),
  site: SiteId.optional(),
  vehicle: VehicleId.optional(),
  /** A built-in profile's id or a whole profile document. */
  profile: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
});
export const RegisterDevice = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  /** The space that all its probes are in. It is declared if it is new. */
  space: SpaceId.optional(),
  profile: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
});
export const PlaceSensor = z.strictObject({
  space: SpaceId,
  probe: ProbeName.optional(),
  effective_from: IsoTime.optional(),
});

/** All that an MQTT client needs. The password is shown once and stored only as a hash. */
export const DeviceCredentials = z.strictObject({
  organisation: OrganisationId,
  device: DeviceId,
  username: z.string(),
  password: z.string(),
  topic: z.string(),
});
export type DeviceCredentials = z.infer<typeof DeviceCredentials>;

/** RFC 9457, with our stable code. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  instance: z.string().optional(),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

// The board

export const SensorNow = z.strictObject({
  sensor: z.string(),
  value_c: z.number().nullable(),
  fault: FaultKind.nullable(),
  measured_at: IsoTime,
  received_at: IsoTime,
});
export type SensorNow = z.infer<typeof SensorNow>;

/**
 * Why nothing is foretold: no limit to meet; out of range already; the last reading is old; too few of them; no trend,
 * too much scatter or no shape that is known; moving away; settling before the limit; further away than can be said.
 */
export const NoForecast = z.enum([
  "no-limit",
  "beyond-already",
  "stale",
  "too-few",
  "no-trend",
  "scattered",
  "other-shape",
  "moving-away",
  "levels-off",
  "too-far",
]);
export type NoForecast = z.infer<typeof NoForecast>;

/** When the worst sensor meets a limit if things go on as they are. Never evidence. */
export const ForecastNow = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("forecast"),
    rule: z.string(),
    side: Side,
    limit_c: z.number(),
    as_of: IsoTime,
    /** Whole minutes from `as_of`; 95 %: not before `low_min`, not after `high_min`. Null: possibly never. */
    likely_min: z.int(),
    low_min: z.int(),
    high_min: z.int().nullable(),
  }),
  z.strictObject({ kind: z.literal("none"), reason: NoForecast }),
]);
export type ForecastNow = z.infer<typeof ForecastNow>;

/**
 * What a tile shows. `condition`, by urgency: `broken` (an excursion is open), `out` (out of range within the
 * allowance), `warming` (in range, moving towards a limit), `unproven` (silent, faulty or never heard), `in-range`;
 * `out-of-service` where nothing is judged because it is stated to be empty and off.
 */
export const SpaceNow = z.strictObject({
  organisation: OrganisationId,
  space: SpaceId,
  name: z.string(),
  site: SiteId.nullable(),
  site_name: z.string().nullable(),
  vehicle: VehicleId.nullable(),
  vehicle_name: z.string().nullable(),
  zone: ZoneName,
  profile: ProfileView.nullable(),
  condition: z.enum(["broken", "out", "warming", "unproven", "in-range", "out-of-service"]),
  /** Since when the condition lasts. */
  since: IsoTime.nullable(),
  /** The sensor furthest out of, or nearest to, its limits. */
  worst: SensorNow.nullable(),
  sensors: z.array(SensorNow),
  /** °C per hour over the last readings of the worst sensor; null with too few. */
  trend_c_per_h: z.number().nullable(),
  forecast: ForecastNow,
  /** Null while it is in service. */
  out_of_service: z
    .strictObject({ since: IsoTime, until: IsoTime.nullable(), reason: z.string().nullable() })
    .nullable(),
  open: z.array(ExcursionView),
  /** Alerts that are not over, the oldest first. */
  alerts: z.array(AlertView),
  /** The last 24 hours. */
  timeline: z.array(
    z.strictObject({ from: IsoTime, to: IsoTime.nullable(), class: EvidenceClass }),
  ),
});
export type SpaceNow = z.infer<typeof SpaceNow>;
