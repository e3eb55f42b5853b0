import type { Quantity, Rule } from "@unbroken/model";
import type { Assignment } from "./assignment.ts";
import { trackedQuantity } from "./folding.ts";

const TEMPERATURE: readonly Quantity[] = ["temperature"];

/** What sensors measure that the profiles of a space look at; temperature always, for silence is told of it. */
export function quantitiesOf(
  assignments: readonly Pick<Assignment, "profile">[],
): readonly Quantity[] {
  let found: Set<Quantity> | null = null;
  for (const { profile } of assignments)
    for (const rule of profile.rules)
      for (const quantity of quantitiesOfRule(rule))
        if (quantity !== "temperature") (found ??= new Set(TEMPERATURE)).add(quantity);
  return found === null ? TEMPERATURE : [...found].sort();
}

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
