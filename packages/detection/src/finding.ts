import type { Rule } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";

export type Verdict = "intact" | "broken" | "unproven";

/** What an interval holds for one rule. */
export interface Finding {
  readonly rule: Rule;
  readonly verdict: Verdict;
  /** Time proven out, as the rule counts it; and the same if all that is unproven was out. */
  readonly provenMs: number;
  readonly possibleMs: number;
  readonly excursions: readonly FoundExcursion[];
}

export interface FoundExcursion {
  readonly since: EpochMs;
  /** Null while it lasts at the end of the interval. */
  readonly until: EpochMs | null;
  /** In 1/10 000 °C. */
  readonly peak: number;
  readonly provenMs: number;
}
