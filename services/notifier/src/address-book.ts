import {
  keyOf,
  outOfServiceOf,
  type Alert,
  type RecipientEntry,
  type Registry,
  type Urgency,
} from "@unbroken/model";
import type { Place } from "./message/compose-message.ts";

/** Who is told of an alert at this urgency, in the order of their names. */
export function recipientsOf(
  registry: Registry,
  { organisation, space }: Pick<Alert, "organisation" | "space">,
  urgency: Urgency,
): readonly RecipientEntry[] {
  const entry = registry.spaces.get(keyOf(organisation, space));
  return [...registry.recipients.values()]
    .filter((recipient) => {
      if (recipient.organisation !== organisation || !recipient.active) return false;
      if (urgency === "low" && recipient.minUrgency === "high") return false;
      const { sites, vehicles, spaces } = recipient;
      if (sites === null && vehicles === null && spaces === null) return true;
      const isIn = (list: readonly string[] | null, name: string | null | undefined): boolean =>
        typeof name === "string" && list?.includes(name) === true;
      return isIn(sites, entry?.site) || isIn(vehicles, entry?.vehicle) || isIn(spaces, space);
    })
    .sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
}

export function placeOf(
  registry: Registry,
  { organisation, space }: Pick<Alert, "organisation" | "space">,
): Place {
  const entry = registry.spaces.get(keyOf(organisation, space));
  const site = entry?.site ?? null;
  const vehicle = entry?.vehicle ?? null;
  const parent =
    site !== null
      ? registry.sites.get(keyOf(organisation, site))
      : vehicle !== null
        ? registry.vehicles.get(keyOf(organisation, vehicle))
        : undefined;
  return {
    space: entry?.name ?? space,
    parent: parent?.name ?? null,
    zone: parent?.zone ?? "UTC",
  };
}

export function isInService(
  registry: Registry,
  { organisation, space }: Pick<Alert, "organisation" | "space">,
  at: number,
): boolean {
  return !outOfServiceOf(registry, organisation, space).some(
    ({ from, to }) => from <= at && (to === null || to > at),
  );
}
