import type { Profile, Quantity, Rule } from "@unbroken/model";
import type { Assignment } from "./assignment.ts";
import { trackedQuantity } from "./folding.ts";

const TEMPERATURE: readonly Quantity[] = ["temperature"];

/** What sensors measure that the profiles of a space look at; temperature always, for silence is told of it. */
export function quantitiesOf(
  assignments: readonly Pick<Assignment, "profile">[],
): readonly Quantity[] {
  const [first] = assignments;
  if (first === undefined) return TEMPERATURE;
  if (assignments.length === 1) return quantitiesOfProfile(first.profile);
  return [...new Set(assignments.flatMap(({ profile }) => quantitiesOfProfile(profile)))].sort();
}

function quantitiesOfProfile(profile: Profile): readonly Quantity[] {
  let quantities = ready.get(profile);
  if (quantities === undefined) {
    const found = new Set([...TEMPERATURE, ...profile.rules.flatMap(quantitiesOfRule)]);
    ready.set(profile, (quantities = [...found].sort()));
  }
  return quantities;
}

// Asked for with each reading.
const ready = new WeakMap<Profile, readonly Quantity[]>();

function quantitiesOfRule(rule: Rule): readonly Quantity[] {
  const phases = [...(rule.phases ?? []), ...rule.allowances.map(({ phase }) => phase)];
  // Whether a contact was ever heard matters to every exposure.
  if (rule.mode === "exposure") phases.push("load");
  if (phases.length === 0) return [trackedQuantity(rule)];
  return [
    trackedQuantity(rule),
    ...(phases.includes("load") ? (["door_open"] as const) : []),
    ...(phases.includes("defrost") ? (["defrost"] as const) : []),
  ];
}
