import type { Rule } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Evidence } from "./evidence.ts";
import { isExcursion, step, type EndedRun, type Run } from "./step.ts";

export type Verdict = "intact" | "broken" | "unproven";

/** What an interval holds for one rule. Filled in the order of time, then read once. */
export interface RuleAccount {
  readonly rule: Rule;
  run: Run | null;
  /** The run that there would be if all that is unproven were out. */
  possibleSince: EpochMs | null;
  longestMs: number;
  longestPossibleMs: number;
  totalMs: number;
  totalPossibleMs: number;
  /** Whether any moment was out, and whether any could have been. */
  anyOut: boolean;
  anyPossible: boolean;
  readonly excursions: EndedRun[];
}

export function ruleAccountOf(rule: Rule): RuleAccount {
  return {
    rule,
    run: null,
    possibleSince: null,
    longestMs: 0,
    longestPossibleMs: 0,
    totalMs: 0,
    totalPossibleMs: 0,
    anyOut: false,
    anyPossible: false,
    excursions: [],
  };
}

/** From `at` on for `ms`, which is 0 for a moment, the evidence is this. */
export function addEvidence(
  account: RuleAccount,
  at: EpochMs,
  ms: number,
  evidence: Evidence,
): void {
  const { rule, run } = account;
  const [next, ended] = step(rule, run, { at, evidence });
  account.excursions.push(...ended);
  account.run = next;
  const end = at + ms;
  if (next !== null) {
    account.anyOut = true;
    account.longestMs = Math.max(account.longestMs, end - next.since);
    account.totalMs += ms;
  }
  if (evidence.class === "in") {
    account.possibleSince = null;
    return;
  }
  account.anyPossible = true;
  account.possibleSince ??= at;
  account.longestPossibleMs = Math.max(account.longestPossibleMs, end - account.possibleSince);
  account.totalPossibleMs += ms;
}

/** The run that lasts at the end of the interval, if it is an excursion by then. */
export function openExcursionOf(account: RuleAccount, end: EpochMs): Run | null {
  const { rule, run } = account;
  return run !== null && isExcursion(rule, run, end) ? run : null;
}

/** Time proven and possible out, as the rule counts it: the longest run for `consecutive`, else the total. */
export function countedOf(account: RuleAccount): {
  readonly provenMs: number;
  readonly possibleMs: number;
} {
  return account.rule.mode === "consecutive"
    ? { provenMs: account.longestMs, possibleMs: account.longestPossibleMs }
    : { provenMs: account.totalMs, possibleMs: account.totalPossibleMs };
}

/** @param enough whether there is evidence at all: what nobody looked at is not intact. */
export function verdictOf(account: RuleAccount, enough: boolean): Verdict {
  const { rule } = account;
  const { provenMs, possibleMs } = countedOf(account);
  const instant = rule.mode === "instant";
  if (instant ? account.anyOut : provenMs >= rule.hold) return "broken";
  const possible = instant ? account.anyPossible : possibleMs >= rule.hold;
  return possible || !enough ? "unproven" : "intact";
}
