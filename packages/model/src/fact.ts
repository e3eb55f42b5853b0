import { z } from "zod";
import {
  DeviceId,
  OrganisationId,
  ProbeName,
  ProfileId,
  SiteId,
  SpaceId,
  VehicleId,
} from "./ids.ts";
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
      return `space:${statement.space}`;
    case "device-registered":
    case "device-revoked":
    case "sensor-placed":
      return `device:${statement.device}`;
    case "profile-stated":
      return `profile:${statement.profile}`;
  }
}
