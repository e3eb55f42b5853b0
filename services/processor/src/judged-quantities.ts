import type { Phase, Profile, Quantity, RuleQuantity } from "@unbroken/model";

/** What rules can look at, and what proves the phases that they name. Of the rest nothing is kept here. */
export const judgedQuantities = [
  "temperature",
  "relative_humidity",
  "door_open",
  "power_supply",
  "defrost",
] as const satisfies readonly Quantity[];

export type JudgedQuantity = (typeof judgedQuantities)[number];

export function isJudged(quantity: Quantity): quantity is JudgedQuantity {
  return (judgedQuantities as readonly Quantity[]).includes(quantity);
}

/** What a space is judged by under these profiles: to judge by more does no harm, by less would. */
export function quantitiesAskedFor(profiles: readonly Profile[]): ReadonlySet<JudgedQuantity> {
  // Always: a space is heard, and its gaps are said, by its temperatures.
  const asked = new Set<JudgedQuantity>(["temperature"]);
  for (const { rules } of profiles) {
    for (const { quantity, phases, allowances } of rules) {
      asked.add(MEASURED_AS[quantity]);
      for (const phase of [...(phases ?? []), ...allowances.map((allowance) => allowance.phase)]) {
        const proof = PROVEN_BY[phase];
        if (proof !== null) asked.add(proof);
      }
    }
  }
  return asked;
}

const MEASURED_AS = {
  air: "temperature",
  product: "temperature",
  mkt: "temperature",
  budget: "temperature",
  link: "temperature",
  humidity: "relative_humidity",
  door: "door_open",
  power: "power_supply",
} as const satisfies Record<RuleQuantity, JudgedQuantity>;

/** docs/rules.md, Phases and allowances. */
const PROVEN_BY = {
  store: null,
  transit: null,
  precool: null,
  load: "door_open",
  defrost: "defrost",
} as const satisfies Record<Phase, JudgedQuantity | null>;
