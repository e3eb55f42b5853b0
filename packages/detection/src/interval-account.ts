import type { EvidenceClass, Profile } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";
import type { RuleAccount } from "./rule-account.ts";

/** What an interval holds, before it is rounded for showing. */
export interface IntervalAccount {
  readonly profile: Profile;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly rules: readonly RuleAccount[];
  /** The union of the rules that decide: consecutive stretches, each `[from, the next one's from)`. */
  readonly timeline: { readonly from: EpochMs; readonly class: EvidenceClass }[];
  readonly temperatures: Map<Milli, number>;
  lowest: Milli | null;
  highest: Milli | null;
  /** At how many instants a value was measured. */
  readonly instants: number;
}
