import { z } from "zod";

/**
 * Names that stand in keys, MQTT topics and addresses. No `/`, `+`, `#` or `$`, which MQTT 3.1.1 §4.7
 * gives a meaning, and nothing that a file system or a URL would need to escape.
 */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/;

const name = (what: string) =>
  z
    .string()
    .regex(NAME, `${what}: 1 to 64 of A–Z a–z 0–9 _ . -, not beginning or ending with . or -`);

export const OrganisationId = name("organisation").meta({ id: "OrganisationId" });
export const SiteId = name("site");
export const SpaceId = name("space");
export const VehicleId = name("vehicle");
export const DeviceId = name("device");
export const ProfileId = name("profile");

/** What `ProbeName` accepts, for code that looks at every reading. */
export const PROBE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,127}$/;

/** A probe of a device: what a device calls one of its sensors; SenML names hold `:` and `/` (RFC 8428 §4.5.1). */
export const ProbeName = z.string().regex(PROBE_NAME, "probe: 1 to 128 of A–Z a–z 0–9 _ . : / -");

/** The probe of a device that has only one and does not name it. */
export const DEFAULT_PROBE = "main";

/** `device/probe`: the name of a sensor within its organisation. */
export function sensorIdOf(device: string, probe: string): string {
  return `${device}/${probe}`;
}

export function deviceOfSensor(sensor: string): string {
  return sensor.slice(0, sensor.indexOf("/"));
}

/** `organisation/entity`: the key under which a record is partitioned. */
export function keyOf(organisation: string, entity: string): string {
  return `${organisation}/${entity}`;
}

/** The MQTT topic under which a device publishes in Unbroken's own format. */
export function upTopic(organisation: string, device: string): string {
  return `unbroken/v1/${organisation}/${device}/up`;
}

/** The MQTT topic on which a device receives commands. */
export function downTopic(organisation: string, device: string): string {
  return `unbroken/v1/${organisation}/${device}/down`;
}
