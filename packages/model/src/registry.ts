import { DurationMs, EpochMs, Milli } from "@unbroken/units";
import type { Language, RecipientChannel, Urgency } from "./alert.ts";
import type { Fact } from "./fact.ts";
import { deviceOfSensor, keyOf } from "./ids.ts";
import type { Phase } from "./phase.ts";

// The present state that follows from all facts. A projection: the facts are the truth.

export interface SiteEntry {
  readonly organisation: string;
  readonly site: string;
  readonly name: string;
  readonly zone: string;
  readonly region: string | null;
}

export interface VehicleEntry {
  readonly organisation: string;
  readonly vehicle: string;
  readonly name: string;
  readonly plate: string | null;
  readonly zone: string;
}

export interface SpaceEntry {
  readonly organisation: string;
  readonly space: string;
  readonly name: string;
  readonly site: string | null;
  readonly vehicle: string | null;
}

export interface DeviceEntry {
  readonly organisation: string;
  readonly device: string;
  readonly name: string | null;
  readonly tokenSha256: string;
  readonly revoked: boolean;
}

/** From `from` on, until the next of the same probe. */
export interface Placement {
  readonly probe: string | null;
  readonly space: string;
  readonly from: EpochMs;
}

export interface Assignment {
  readonly hash: string;
  readonly from: EpochMs;
}

export interface StatedProfile {
  readonly organisation: string;
  readonly profile: string;
  readonly hash: string;
  readonly document: unknown;
}

/** Who is told of alerts. Null filters let everything through. */
export interface RecipientEntry {
  readonly organisation: string;
  readonly recipient: string;
  readonly channel: RecipientChannel;
  readonly language: Language;
  readonly minUrgency: Urgency;
  readonly sites: readonly string[] | null;
  readonly vehicles: readonly string[] | null;
  readonly spaces: readonly string[] | null;
  readonly active: boolean;
}

/** How a space warms, from `from` on. */
export interface Thermal {
  readonly from: EpochMs;
  readonly timeConstant: DurationMs;
  readonly ambient: Milli;
  /** Null: cooling has no bound. */
  readonly coldest: Milli | null;
}

/** What is known of a probe, from `from` on; `probe` null: of all probes of the device that are not described themselves. */
export interface SensorDescription {
  readonly probe: string | null;
  readonly from: EpochMs;
  /** Expanded uncertainty, m°C; null: not known. */
  readonly accuracy: Milli | null;
  readonly driftPerYear: Milli;
  readonly calibratedAt: EpochMs | null;
  readonly calibrationDue: EpochMs | null;
}

/** A stretch in which a space is out of service: `[from, to)`, `to` null while it is. */
export interface OutOfService {
  readonly from: EpochMs;
  readonly to: EpochMs | null;
}

/** A stretch of a stated phase. */
export interface StatedPhase {
  readonly phase: Phase;
  readonly from: EpochMs;
  readonly to: EpochMs | null;
}

/** All maps are keyed `organisation/entity`; profiles `organisation/hash`. */
export interface Registry {
  readonly sites: ReadonlyMap<string, SiteEntry>;
  readonly vehicles: ReadonlyMap<string, VehicleEntry>;
  readonly spaces: ReadonlyMap<string, SpaceEntry>;
  readonly devices: ReadonlyMap<string, DeviceEntry>;
  /** By device, sorted by `from`. */
  readonly placements: ReadonlyMap<string, readonly Placement[]>;
  /** By space, sorted by `from`. */
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
  readonly profiles: ReadonlyMap<string, StatedProfile>;
  readonly recipients: ReadonlyMap<string, RecipientEntry>;
  /** Hashes of profiles that an operator confirmed, `organisation/hash`. */
  readonly confirmed: ReadonlySet<string>;
  /** By space, sorted by `from`. */
  readonly thermals: ReadonlyMap<string, readonly Thermal[]>;
  /** By device, sorted by `from`. */
  readonly descriptions: ReadonlyMap<string, readonly SensorDescription[]>;
  /** By space, sorted by `from`; of two that overlap the later begins where it is stated to. */
  readonly outOfService: ReadonlyMap<string, readonly ServiceStatement[]>;
  /** By space, sorted by `from`. */
  readonly phases: ReadonlyMap<string, readonly PhaseStatement[]>;
}

/** Out of service from `from` on, until `until` or the next statement; or back in it. */
export interface ServiceStatement {
  readonly from: EpochMs;
  readonly until: EpochMs | null;
  readonly out: boolean;
  /** Why it is out; null for what is back. */
  readonly reason: string | null;
}

/** A phase from `from` on, until `until` or the next statement. */
export interface PhaseStatement {
  readonly phase: Phase;
  readonly from: EpochMs;
  readonly until: EpochMs | null;
}

/** A stretch of time in which a sensor stood in a space: `[from, to)`, `to` null while it does. */
export interface Stay {
  readonly space: string;
  readonly from: EpochMs;
  readonly to: EpochMs | null;
}

/** Builds the registry from facts. Facts of one entity come in the order of the log. */
export class RegistryBuilder implements Registry {
  readonly sites = new Map<string, SiteEntry>();
  readonly vehicles = new Map<string, VehicleEntry>();
  readonly spaces = new Map<string, SpaceEntry>();
  readonly devices = new Map<string, DeviceEntry>();
  readonly placements = new Map<string, readonly Placement[]>();
  readonly assignments = new Map<string, readonly Assignment[]>();
  readonly profiles = new Map<string, StatedProfile>();
  readonly recipients = new Map<string, RecipientEntry>();
  readonly confirmed = new Set<string>();
  readonly thermals = new Map<string, readonly Thermal[]>();
  readonly descriptions = new Map<string, readonly SensorDescription[]>();
  readonly outOfService = new Map<string, readonly ServiceStatement[]>();
  readonly phases = new Map<string, readonly PhaseStatement[]>();

  apply({ organisation, effectiveFrom, statement }: Fact): void {
    switch (statement.kind) {
      case "site-declared":
        this.sites.set(keyOf(organisation, statement.site), {
          organisation,
          site: statement.site,
          name: statement.name,
          zone: statement.zone,
          region: statement.region ?? null,
        });
        break;
      case "vehicle-declared":
        this.vehicles.set(keyOf(organisation, statement.vehicle), {
          organisation,
          vehicle: statement.vehicle,
          name: statement.name,
          plate: statement.plate ?? null,
          zone: statement.zone,
        });
        break;
      case "space-declared":
        this.spaces.set(keyOf(organisation, statement.space), {
          organisation,
          space: statement.space,
          name: statement.name,
          site: statement.site ?? null,
          vehicle: statement.vehicle ?? null,
        });
        break;
      case "device-registered":
        this.devices.set(keyOf(organisation, statement.device), {
          organisation,
          device: statement.device,
          name: statement.name ?? null,
          tokenSha256: statement.tokenSha256,
          revoked: false,
        });
        break;
      case "device-revoked": {
        const device = this.devices.get(keyOf(organisation, statement.device));
        if (device !== undefined)
          this.devices.set(keyOf(organisation, device.device), { ...device, revoked: true });
        break;
      }
      case "sensor-placed":
        insert(this.placements, keyOf(organisation, statement.device), {
          probe: statement.probe ?? null,
          space: statement.space,
          from: effectiveFrom,
        });
        break;
      case "profile-stated":
        this.profiles.set(keyOf(organisation, statement.hash), {
          organisation,
          profile: statement.profile,
          hash: statement.hash,
          document: statement.document,
        });
        break;
      case "profile-assigned":
        insert(this.assignments, keyOf(organisation, statement.space), {
          hash: statement.hash,
          from: effectiveFrom,
        });
        break;
      case "recipient-declared":
        this.recipients.set(keyOf(organisation, statement.recipient), {
          organisation,
          recipient: statement.recipient,
          channel: statement.channel,
          language: statement.language,
          minUrgency: statement.minUrgency,
          sites: statement.sites ?? null,
          vehicles: statement.vehicles ?? null,
          spaces: statement.spaces ?? null,
          active: statement.active,
        });
        break;
      case "alert-acknowledged":
        // Of the alert, not of the register: the notifier keeps it with the alert.
        break;
      case "profile-confirmed":
        this.confirmed.add(keyOf(organisation, statement.hash));
        break;
      case "thermal-stated":
        insert(this.thermals, keyOf(organisation, statement.space), {
          from: effectiveFrom,
          timeConstant: DurationMs(statement.timeConstantMs),
          ambient: Milli(statement.ambientMilli),
          coldest: statement.coldestMilli === undefined ? null : Milli(statement.coldestMilli),
        });
        break;
      case "sensor-described":
        insert(this.descriptions, keyOf(organisation, statement.device), {
          probe: statement.probe ?? null,
          from: effectiveFrom,
          accuracy: statement.accuracyMilli === undefined ? null : Milli(statement.accuracyMilli),
          driftPerYear: Milli(statement.driftMilliPerYear ?? 0),
          calibratedAt: statement.calibratedAt ?? null,
          calibrationDue: statement.calibrationDue ?? null,
        });
        break;
      case "out-of-service-stated":
        insert(this.outOfService, keyOf(organisation, statement.space), {
          from: effectiveFrom,
          until: statement.until ?? null,
          out: true,
          reason: statement.reason,
        });
        break;
      case "returned-to-service":
        insert(this.outOfService, keyOf(organisation, statement.space), {
          from: effectiveFrom,
          until: null,
          out: false,
          reason: null,
        });
        break;
      case "phase-stated":
        insert(this.phases, keyOf(organisation, statement.space), {
          phase: statement.phase,
          from: effectiveFrom,
          until: statement.until ?? null,
        });
        break;
    }
  }
}

/** Sorted by `from`; of two with the same `from` the later stated stands last and so wins. */
function insert<T extends { readonly from: EpochMs }>(
  map: Map<string, readonly T[]>,
  key: string,
  entry: T,
): void {
  const list = map.get(key) ?? [];
  const at = list.findLastIndex((other) => other.from <= entry.from) + 1;
  map.set(key, [...list.slice(0, at), entry, ...list.slice(at)]);
}

/** Where a sensor stood, stretch after stretch, in time order. Placements of its own probe go before the device's. */
export function staysOf(registry: Registry, organisation: string, sensor: string): readonly Stay[] {
  const device = deviceOfSensor(sensor);
  const probe = sensor.slice(device.length + 1);
  const all = registry.placements.get(keyOf(organisation, device)) ?? [];
  const own = all.filter((placement) => placement.probe === probe);
  const placements = own.length > 0 ? own : all.filter((placement) => placement.probe === null);
  return placements.flatMap((placement, i) => {
    const to = placements[i + 1]?.from ?? null;
    return to === placement.from ? [] : [{ space: placement.space, from: placement.from, to }];
  });
}

/** Which profile held for a space, stretch after stretch, in time order. */
export function assignmentsOf(
  registry: Registry,
  organisation: string,
  space: string,
): readonly { readonly hash: string; readonly from: EpochMs; readonly to: EpochMs | null }[] {
  const all = registry.assignments.get(keyOf(organisation, space)) ?? [];
  return all.flatMap((assignment, i) => {
    const to = all[i + 1]?.from ?? null;
    return to === assignment.from ? [] : [{ ...assignment, to }];
  });
}

/** What is known of a sensor, stretch after stretch: each holds until the next. Its own probe's go before the device's. */
export function descriptionsOf(
  registry: Registry,
  organisation: string,
  sensor: string,
): readonly SensorDescription[] {
  const device = deviceOfSensor(sensor);
  const probe = sensor.slice(device.length + 1);
  const all = registry.descriptions.get(keyOf(organisation, device)) ?? [];
  const own = all.filter((description) => description.probe === probe);
  return own.length > 0 ? own : all.filter((description) => description.probe === null);
}

/** When a space was out of service, in time order. */
export function outOfServiceOf(
  registry: Registry,
  organisation: string,
  space: string,
): readonly OutOfService[] {
  const all = registry.outOfService.get(keyOf(organisation, space)) ?? [];
  return bounded(all).flatMap(({ out, from, to }) => (out ? [{ from, to }] : []));
}

/** The stretch out of service that a space is in at a moment, and why; null while it is in service. */
export function outOfServiceAt(
  registry: Registry,
  organisation: string,
  space: string,
  at: number,
): (OutOfService & { readonly reason: string | null }) | null {
  const all = registry.outOfService.get(keyOf(organisation, space)) ?? [];
  const now = bounded(all).find(({ from, to }) => from <= at && (to === null || to > at));
  return now?.out === true ? { from: now.from, to: now.to, reason: now.reason } : null;
}

/** What was stated to be done in a space, in time order. */
export function phasesOf(
  registry: Registry,
  organisation: string,
  space: string,
): readonly StatedPhase[] {
  const all = registry.phases.get(keyOf(organisation, space)) ?? [];
  return bounded(all).map(({ phase, from, to }) => ({ phase, from, to }));
}

/** Each lasts until its own end or the beginning of the next, whichever is first. */
function bounded<T extends { readonly from: EpochMs; readonly until: EpochMs | null }>(
  statements: readonly T[],
): readonly (T & { readonly to: EpochMs | null })[] {
  return statements.flatMap((statement, i) => {
    const next = statements[i + 1]?.from ?? null;
    const { until } = statement;
    const to = next === null || (until !== null && until < next) ? until : next;
    return to !== null && to <= statement.from ? [] : [{ ...statement, to }];
  });
}

/** From the beginning of all time that is looked at. */
export const ALWAYS = EpochMs(0);
