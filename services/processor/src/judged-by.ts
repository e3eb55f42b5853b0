import type { SpaceContext } from "@unbroken/detection";
import {
  assignmentsOf,
  descriptionsOf,
  keyOf,
  outOfServiceOf,
  phasesOf,
  staysOf,
  type Registry,
} from "@unbroken/model";
import { quantitiesAskedFor, type JudgedQuantity } from "./judged-quantities.ts";
import type { Presence } from "./presence.ts";
import type { ProfileShelf } from "./profile-shelf.ts";

/** All that a space is judged by, its readings apart. */
export interface JudgedBy extends Pick<SpaceContext, "assignments" | "stays" | "facts"> {
  readonly quantities: ReadonlySet<JudgedQuantity>;
}

/** As the facts that are known now have it. */
export function judgedBy(
  { registry, presence, profiles }: Sources,
  organisation: string,
  space: string,
): JudgedBy {
  const assignments = assignmentsOf(registry, organisation, space).flatMap(({ hash, from, to }) => {
    const profile = profiles.get(organisation, hash);
    return profile === null ? [] : [{ profile, from, to }];
  });
  const sensors = presence.sensorsOf(organisation, space);
  const stays = sensors.flatMap((sensor) =>
    staysOf(registry, organisation, sensor).flatMap((stay) =>
      stay.space === space ? [{ sensor, from: stay.from, to: stay.to }] : [],
    ),
  );
  return {
    assignments,
    stays,
    facts: {
      thermals: registry.thermals.get(keyOf(organisation, space)) ?? [],
      outOfService: outOfServiceOf(registry, organisation, space),
      phases: phasesOf(registry, organisation, space),
      sensors: new Map(
        sensors.flatMap((sensor) => {
          const descriptions = descriptionsOf(registry, organisation, sensor);
          return descriptions.length === 0 ? [] : [[sensor, descriptions] as const];
        }),
      ),
    },
    quantities: quantitiesAskedFor(assignments.map(({ profile }) => profile)),
  };
}

export interface Sources {
  readonly registry: Registry;
  readonly presence: Presence;
  readonly profiles: ProfileShelf;
}
