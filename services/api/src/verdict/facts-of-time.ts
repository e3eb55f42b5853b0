import type { SpaceFacts } from "@unbroken/detection";
import { descriptionsOf, keyOf, outOfServiceOf, phasesOf, type Registry } from "@unbroken/model";

/** What is stated of a space and of the sensors that are looked at. */
export function factsOfSpace(
  registry: Registry,
  organisation: string,
  space: string,
  sensors: readonly string[],
): SpaceFacts {
  return {
    thermals: registry.thermals.get(keyOf(organisation, space)) ?? [],
    outOfService: outOfServiceOf(registry, organisation, space),
    phases: phasesOf(registry, organisation, space),
    sensors: described(registry, organisation, sensors),
  };
}

/** What is stated of sensors alone, wherever they stood. */
export function factsOfSensors(
  registry: Registry,
  organisation: string,
  sensors: readonly string[],
): SpaceFacts {
  return {
    thermals: [],
    outOfService: [],
    phases: [],
    sensors: described(registry, organisation, sensors),
  };
}

function described(
  registry: Registry,
  organisation: string,
  sensors: readonly string[],
): SpaceFacts["sensors"] {
  return new Map(
    sensors.map((sensor) => [sensor, descriptionsOf(registry, organisation, sensor)] as const),
  );
}
