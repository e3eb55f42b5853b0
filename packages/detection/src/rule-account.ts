import type { Rule } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Evidence } from "./evidence.ts";
import type { Finding, FoundExcursion } from "./finding.ts";
import { step, type EndedRun, type Run } from "./step.ts";

/** The evidence of an interval for a rule on runs out of range. Filled in the order of time, then read once. */
export interface RuleAccount {
  readonly rule: Rule;
  run: Run | null;
  /** All runs that are over, however short. */
  readonly runs: EndedRun[];
  totalMs: number;
  /** The run that there would be if all that is unproven were out. */
  possibleSince: EpochMs | null;
  longestPossibleMs: number;
  totalPossibleMs: number;
  /** Whether any moment could have been out. */
  anyPossible: boolean;
}

export function ruleAccountOf(rule: Rule): RuleAccount {
  return {
    rule,
    run: null,
    runs: [],
    totalMs: 0,
    possibleSince: null,
    longestPossibleMs: 0,
    totalPossibleMs: 0,
    anyPossible: false,
  };
}

/** From `at` on for `ms`, which is 0 for a moment, the evidence is this. */
export function addEvidence(
  account: RuleAccount,
  at: EpochMs,
  ms: number,
  evidence: Evidence,
): void {
  const { comparison, limit, side } = account.rule;
  // Which runs last long enough is asked in the end.
  const anyRun = { comparison, limit, side, hold: NONE };
  const [run, ended] = step(anyRun, account.run, { at, evidence });
  account.run = run;
  account.runs.push(...ended);
  if (run !== null) account.totalMs += ms;
  if (evidence.class === "in") {
    account.possibleSince = null;
    return;
  }
  account.anyPossible = true;
  account.possibleSince ??= at;
  account.longestPossibleMs = Math.max(account.longestPossibleMs, at + ms - account.possibleSince);
  account.totalPossibleMs += ms;
}

const NONE = 0 as Rule["hold"];

/** @param enough whether there is evidence at all: what nobody looked at is not intact. */
export function findingOf(account: RuleAccount, end: EpochMs, enough: boolean): Finding {
  const { rule, anyPossible } = account;
  const runs = runsOf(account, end);
  const longest = rule.mode === "consecutive";
  const provenMs = longest ? longestOf(runs) : account.totalMs;
  const possibleMs = longest ? account.longestPossibleMs : account.totalPossibleMs;
  const broken = runs.length > 0 && provenMs >= rule.hold;
  const possible = rule.mode === "instant" ? anyPossible : possibleMs >= rule.hold;
  return {
    rule,
    verdict: broken ? "broken" : possible || !enough ? "unproven" : "intact",
    provenMs,
    possibleMs,
    excursions: broken ? excursionsOf(rule, runs, provenMs) : [],
  };
}

function longestOf(runs: readonly FoundExcursion[]): number {
  return runs.reduce((most, { provenMs }) => Math.max(most, provenMs), 0);
}

function runsOf({ runs, run }: RuleAccount, end: EpochMs): readonly FoundExcursion[] {
  const found = (one: Run, until: EpochMs | null): FoundExcursion => ({
    since: one.since,
    until,
    peak: one.peak * 10,
    provenMs: (until ?? end) - one.since,
  });
  const ended = runs.map((one) => found(one, one.until));
  return run === null ? ended : [...ended, found(run, null)];
}

/** Each run that was too long; for a cumulative rule one excursion, from the first run to the last. */
function excursionsOf(
  rule: RuleAccount["rule"],
  runs: readonly FoundExcursion[],
  provenMs: number,
): readonly FoundExcursion[] {
  if (rule.mode !== "cumulative") return runs.filter((run) => run.provenMs >= rule.hold);
  const [first] = runs;
  const last = runs.at(-1);
  if (first === undefined || last === undefined) return [];
  const worse = rule.side === "high" ? Math.max : Math.min;
  const peak = runs.reduce((worst, run) => worse(worst, run.peak), first.peak);
  return [{ since: first.since, until: last.until, peak, provenMs }];
}
