import type { EvidenceClass, Profile, Quantity } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";
import type { GoodsAccount } from "./goods-account.ts";
import type { FoundExcursion } from "./finding.ts";
import type { RuleAccount } from "./rule-account.ts";

/** What an interval holds, before it is rounded for showing. Filled in the order of time. */
export interface IntervalAccount {
  readonly profile: Profile;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** In the order of the profile, and each one's excursions; of windows there are none here. */
  readonly rules: readonly RuleAccount[];
  excursions: readonly (readonly FoundExcursion[])[];
  /** The union of the rules that decide: consecutive stretches, each `[from, the next one's from)`. */
  timeline: readonly { readonly from: EpochMs; readonly class: EvidenceClass }[];
  readonly temperatures: Map<Milli, number>;
  lowest: Milli | null;
  highest: Milli | null;
  /** What was measured at more than one instant. */
  readonly measuredOften: ReadonlySet<Quantity>;
  readonly goods: GoodsAccount | null;
  /** Whether the accuracy of every sensor is known. */
  readonly isAccuracyKnown: boolean;
}
