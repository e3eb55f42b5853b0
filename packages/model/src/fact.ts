import { z } from "zod";
import { AlertId, Language, RecipientChannel, RecipientId, Urgency } from "./alert.ts";
import {
  DeviceId,
  OrganisationId,
  ProbeName,
  ProfileId,
  SiteId,
  SpaceId,
  VehicleId,
} from "./ids.ts";
import { Phase } from "./phase.ts";
import { EpochMsSchema } from "./time.ts";

const Name = z.string().trim().min(1).max(200);

/** GB/T 2260 administrative division, province › prefecture › county › township, for roll-ups. */
export const RegionCode = z
  .string()
  .regex(
    /^\d{2}(\d{2}(\d{2}(\d{3})?)?)?$/,
    "region: 2, 4, 6 or 9 digits, as GB/T 2260 and GB/T 10114 have them",
  );

/** An IANA time zone; whether the name exists is checked where a zone table is at hand. */
export const ZoneName = z
  .string()
  .regex(/^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*$/, "zone: an IANA name, Asia/Shanghai");

const statement = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...shape });

const MilliCelsius = z.int().min(-273_150).max(1_000_000);

/** What is stated. The entity that a statement is about keys its record. */
export const Statement = z.discriminatedUnion("kind", [
  statement("site-declared", {
    site: SiteId,
    name: Name,
    zone: ZoneName,
    region: RegionCode.optional(),
  }),
  statement("vehicle-declared", {
    vehicle: VehicleId,
    name: Name,
    plate: z.string().max(20).optional(),
    zone: ZoneName,
  }),
  // A space belongs to a site, to a vehicle, or to neither yet.
  statement("space-declared", {
    space: SpaceId,
    name: Name,
    site: SiteId.optional(),
    vehicle: VehicleId.optional(),
  }),
  statement("device-registered", {
    device: DeviceId,
    name: Name.optional(),
    tokenSha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  statement("device-revoked", { device: DeviceId }),
  // Without a probe, all probes of the device that are not placed by themselves.
  statement("sensor-placed", { device: DeviceId, probe: ProbeName.optional(), space: SpaceId }),
  // The document stands as it was stated: its hash is of these bytes, before defaults.
  statement("profile-stated", {
    profile: ProfileId,
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    document: z.json(),
  }),
  statement("profile-assigned", { space: SpaceId, hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  // A template's numbers are nobody's claim until the operator confirms them.
  statement("profile-confirmed", {
    profile: ProfileId,
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    note: z.string().max(1_000).optional(),
  }),
  // How a space warms by itself: bounds what can have happened while nobody measured. Holds until stated anew.
  statement("thermal-stated", {
    space: SpaceId,
    timeConstantMs: z
      .int()
      .min(1_000)
      .max(366 * 86_400_000),
    ambientMilli: MilliCelsius.meta({ description: "the warmest that surrounds it, m°C" }),
    coldestMilli: MilliCelsius.optional().meta({
      description:
        "the coldest that the refrigeration can blow, m°C; without it cooling has no bound",
    }),
  }),
  // What is known of a probe: without `probe`, of all probes of the device. Holds until stated anew.
  statement("sensor-described", {
    device: DeviceId,
    probe: ProbeName.optional(),
    accuracyMilli: z
      .int()
      .min(0)
      .max(20_000)
      .optional()
      .meta({ description: "expanded uncertainty (k = 2) when calibrated, m°C" }),
    driftMilliPerYear: z.int().min(0).max(20_000).optional(),
    calibratedAt: EpochMsSchema.optional(),
    calibrationDue: EpochMsSchema.optional(),
    certificate: z.string().max(200).optional(),
  }),
  // From effectiveFrom on, until `until` or until it is stated to be back. Only an empty room may be.
  statement("out-of-service-stated", {
    space: SpaceId,
    until: EpochMsSchema.optional(),
    reason: z.string().trim().min(1).max(500),
    empty: z.literal(true),
  }),
  statement("returned-to-service", { space: SpaceId }),
  // What is being done; until `until`, or the next. Chooses rules; an allowance asks for a sensor's proof.
  statement("phase-stated", { space: SpaceId, phase: Phase, until: EpochMsSchema.optional() }),
  // Who is told, how, and of what. Holds until stated anew; none of the three filters: everything.
  statement("recipient-declared", {
    recipient: RecipientId,
    channel: RecipientChannel,
    language: Language,
    minUrgency: Urgency,
    sites: z.array(SiteId).optional(),
    vehicles: z.array(VehicleId).optional(),
    spaces: z.array(SpaceId).optional(),
    active: z.boolean(),
  }),
  // Somebody has it in hand. Who and when are the fact's statedBy and statedAt.
  statement("alert-acknowledged", {
    alert: AlertId,
    space: SpaceId,
    note: z.string().max(500).optional(),
  }),
]);
export type Statement = z.infer<typeof Statement>;

/** Something a person or system states. Never changed: a correction is a new fact that names the old one. */
export const Fact = z.strictObject({
  id: z.string().min(1).max(64),
  organisation: OrganisationId,
  /** From when on it holds; 0 means "for all that was ever measured". */
  effectiveFrom: EpochMsSchema,
  statedAt: EpochMsSchema,
  statedBy: z.string().min(1).max(100),
  corrects: z.string().max(64).optional(),
  statement: Statement,
});
export type Fact = z.infer<typeof Fact>;

/** The entity that keys a fact's record: `organisation/site:…`, `…/space:…`, `…/device:…`. */
export function entityOf(statement: Statement): string {
  switch (statement.kind) {
    case "site-declared":
      return `site:${statement.site}`;
    case "vehicle-declared":
      return `vehicle:${statement.vehicle}`;
    case "space-declared":
    case "profile-assigned":
    case "thermal-stated":
    case "out-of-service-stated":
    case "returned-to-service":
    case "phase-stated":
    case "alert-acknowledged":
      return `space:${statement.space}`;
    case "recipient-declared":
      return `recipient:${statement.recipient}`;
    case "device-registered":
    case "device-revoked":
    case "sensor-placed":
    case "sensor-described":
      return `device:${statement.device}`;
    case "profile-stated":
    case "profile-confirmed":
      return `profile:${statement.profile}`;
  }
}
