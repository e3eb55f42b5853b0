import { ALWAYS, keyOf, type Fact, type Registry } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Presence } from "./presence.ts";

/** A space of which a fact says something that was not known, from a moment on. */
export interface Touched {
  readonly space: string;
  readonly from: EpochMs;
}

/** The spaces of which a fact changes what is judged; the registry knows it already. */
export function spacesTouched(
  registry: Registry,
  presence: Presence,
  { organisation, effectiveFrom, statement }: Fact,
): readonly Touched[] {
  switch (statement.kind) {
    case "sensor-placed":
    case "sensor-described": {
      const { kind, device, probe } = statement;
      const { placements, descriptions } = registry;
      const of = (kind === "sensor-placed" ? placements : descriptions).get(
        keyOf(organisation, device),
      );
      // The first of a probe itself takes the place of all that is stated of its device, at all times.
      const isFirst =
        probe !== undefined && (of ?? []).filter((entry) => entry.probe === probe).length <= 1;
      const from = isFirst ? ALWAYS : effectiveFrom;
      return presence.spacesOf(registry, organisation, device).map((space) => ({ space, from }));
    }
    case "profile-assigned":
    case "thermal-stated":
    case "out-of-service-stated":
    case "returned-to-service":
    case "phase-stated":
      return [{ space: statement.space, from: effectiveFrom }];
    case "profile-stated":
      return [...registry.assignments].flatMap(([key, list]) => {
        const first = list.find(({ hash }) => hash === statement.hash);
        if (first === undefined || !key.startsWith(`${organisation}/`)) return [];
        return [{ space: key.slice(organisation.length + 1), from: first.from }];
      });
    case "site-declared":
    case "vehicle-declared":
    case "space-declared":
    case "device-registered":
    case "device-revoked":
    case "profile-confirmed":
    case "recipient-declared":
    case "alert-acknowledged":
      return [];
  }
}
