import type { EvidenceClass, Profile } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";
import type { RuleAccount } from "./rule-account.ts";
import type { HeatStretch } from "./window-account.ts";

/** What an interval holds, before it is rounded for showing. Filled in the order of time. */
export interface IntervalAccount {
  readonly profile: Profile;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Of the rules on runs, in the order of the profile. */
  readonly rules: readonly RuleAccount[];
  /** The union of the rules that decide: consecutive stretches, each `[from, the next one's from)`. */
  readonly timeline: { readonly from: EpochMs; readonly class: EvidenceClass }[];
  /** For rules on windows; neighbours differ. */
  readonly heat: HeatStretch[];
  readonly temperatures: Map<Milli, number>;
  lowest: Milli | null;
  highest: Milli | null;
  /** At how many instants a value was measured. */
  readonly instants: number;
}
