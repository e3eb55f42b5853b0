import { EpochMs } from "@unbroken/units";
import type { Fact } from "./fact.ts";
import { deviceOfSensor, keyOf } from "./ids.ts";

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

/** From the beginning of all time that is looked at. */
export const ALWAYS = EpochMs(0);
