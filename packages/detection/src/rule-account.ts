import type { EpochMs } from "@unbroken/units";
import {
  heldMs,
  isExcursion,
  isHeld,
  outOf,
  UNTOUCHED,
  type RuleState,
  type Tolerance,
} from "./episode.ts";
import type { Doubt, Evidence } from "./evidence.ts";
import type { Finding, FoundExcursion } from "./finding.ts";
import type { RuleFold } from "./folding.ts";
import { step } from "./step.ts";
import type { HeatStretch } from "./window-account.ts";

/** Time without proof for one reason. */
export interface DoubtAccount {
  readonly ms: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** One reading of the evidence: as it is proven, or as if all that is unproven was out. */
interface Reckoning {
  /** Whether it was ever more than the rule bears. */
  isHeld: boolean;
  /** The most that counted against the hold at once. */
  mostMs: number;
  /** All time out of range. */
  totalMs: number;
  /** Time out in the excursions before the present one, and in that. */
  beforeMs: number;
  presentMs: number;
  presentSince: EpochMs | null;
}

/** The evidence of an interval for one rule. Filled in the order of time, then read once. */
export interface RuleAccount {
  readonly rule: RuleFold["rule"];
  readonly proven: Reckoning;
  readonly possible: Reckoning;
  /** What the rule would have seen if all that is unproven was out. */
  possibleState: RuleState;
  /** Time that is not without proof. */
  knownMs: number;
  readonly doubts: Map<Doubt, DoubtAccount>;
  /** For a rule on windows; neighbours differ. */
  readonly heat: HeatStretch[];
}

export function ruleAccountOf(rule: RuleFold["rule"]): RuleAccount {
  return {
    rule,
    proven: reckoning(),
    possible: reckoning(),
    possibleState: UNTOUCHED,
    knownMs: 0,
    doubts: new Map(),
    heat: [],
  };
}

function reckoning(): Reckoning {
  return {
    isHeld: false,
    mostMs: 0,
    totalMs: 0,
    beforeMs: 0,
    presentMs: 0,
    presentSince: null,
  };
}

/** Takes in `[from, to)`, or the moment `from` if both are one, of which the rule's state knows already. */
export function addEvidence(
  account: RuleAccount,
  tolerance: Tolerance,
  state: RuleState,
  from: EpochMs,
  to: EpochMs,
  evidence: Evidence,
): void {
  if (evidence.class === "unproven") addDoubt(account.doubts, evidence.why, from, to);
  else account.knownMs += to - from;
  if (evidence.class === "out") reckon(account.proven, tolerance, state, from, to);
  const isPossible = evidence.class === "out" || evidence.class === "unproven";
  if (!isPossible && account.possibleState === UNTOUCHED) return;
  [account.possibleState] = step(tolerance, account.possibleState, {
    at: from,
    evidence: evidence.class === "unproven" ? { ...WORST, value: tolerance.limit } : evidence,
  });
  if (isPossible) reckon(account.possible, tolerance, account.possibleState, from, to);
}

const WORST = { class: "out", at: Number.NEGATIVE_INFINITY as EpochMs, sensor: "" } as const;

/** Counts a stretch that is out. */
function reckon(
  reckoning: Reckoning,
  tolerance: Tolerance,
  state: RuleState,
  from: EpochMs,
  to: EpochMs,
): void {
  reckoning.totalMs += to - from;
  reckoning.mostMs = Math.max(reckoning.mostMs, heldMs(state, to));
  reckoning.isHeld ||= isHeld(tolerance, state, to);
  if (state.episode === null || !isExcursion(tolerance, state, to)) return;
  if (reckoning.presentSince !== state.episode.since) {
    reckoning.beforeMs += reckoning.presentMs;
    reckoning.presentSince = state.episode.since;
  }
  reckoning.presentMs = outOf(state.episode, to);
}

function addDoubt(doubts: RuleAccount["doubts"], why: Doubt, from: EpochMs, to: EpochMs): void {
  const known = doubts.get(why);
  doubts.set(why, { ms: (known?.ms ?? 0) + (to - from), from: known?.from ?? from, to });
}

/** @param enough whether enough was measured of it: what nobody looked at is not intact. */
export function findingOf(
  account: RuleAccount,
  excursions: readonly FoundExcursion[],
  enough: boolean,
): Finding {
  const { rule, proven, possible } = account;
  return {
    rule,
    verdict: proven.isHeld ? "broken" : possible.isHeld || !enough ? "unproven" : "intact",
    provenMs: figureOf(rule, proven),
    possibleMs: figureOf(rule, possible),
    excursions,
  };
}

function figureOf({ mode }: RuleFold["rule"], reckoning: Reckoning): number {
  switch (mode) {
    case "consecutive":
    case "exposure":
      return reckoning.mostMs;
    case "cumulative":
      return reckoning.totalMs;
    case "instant":
    case "rise":
    case "window":
      // What is shorter than the debounce is a spike.
      return reckoning.beforeMs + reckoning.presentMs;
  }
}
