import type { EvidenceClass, Profile, Rule } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import { nextAssignment, profileAt, type Assignment } from "./assignment.ts";
import { classOf, combine, unionOf, type Evidence } from "./evidence.ts";
import { earlier, NEVER } from "./moment.ts";
import { endedRun, step, type EndedRun, type Run } from "./step.ts";
import { counts, isSilent, moveTo, nextChange, type Track } from "./track.ts";

/**
 * All that a space's judgement up to `at` (and not at it) leaves behind for what comes: folding may go on from here
 * as if it had begun at the beginning. Plain JSON.
 */
export interface Checkpoint {
  readonly at: EpochMs;
  /** The profile that rules just before `at`, by hash. */
  readonly profileHash: string | null;
  /** Open runs by rule. */
  readonly runs: Readonly<Record<string, Run>>;
  /** The class of the timeline just before `at`; null before the first sample. */
  readonly class: EvidenceClass | null;
}

/** From `from` on, the timeline is of this class. */
export interface Turn {
  readonly from: EpochMs;
  readonly class: EvidenceClass;
}

export interface JudgedRun {
  readonly profile: Profile;
  readonly rule: Rule;
  readonly run: Run | EndedRun;
}

/** A fold on its way: a cursor through the time of a space. Changed in place, and never kept. */
export interface Folding {
  readonly tracks: readonly Track[];
  readonly assignments: readonly Assignment[];
  /** The next moment to fold. */
  at: EpochMs;
  profile: Profile | null;
  runs: (Run | null)[];
  class: EvidenceClass | null;
  readonly turns: Turn[];
  readonly ended: JudgedRun[];
}

export function folding(
  checkpoint: Checkpoint,
  tracks: readonly Track[],
  assignments: readonly Assignment[],
): Folding {
  const profile =
    assignments.find(({ profile }) => profile.hash === checkpoint.profileHash)?.profile ?? null;
  return {
    tracks,
    assignments,
    at: checkpoint.at,
    profile,
    runs: profile === null ? [] : profile.rules.map((rule) => checkpoint.runs[rule.id] ?? null),
    class: checkpoint.class,
    turns: [],
    ended: [],
  };
}

/** Folds all moments before `stop`, as the tracks show them. */
export function foldBefore(folding: Folding, stop: EpochMs): void {
  while (folding.at < stop) {
    foldMoment(folding, folding.at);
    folding.at = nextMoment(folding, folding.at);
  }
}

/** What stands before `at`, once all moments before it are folded. */
export function checkpointOf(folding: Folding, at: EpochMs): Checkpoint {
  const runs: Record<string, Run> = {};
  folding.runs.forEach((run, i) => {
    const rule = folding.profile?.rules[i];
    if (run !== null && rule !== undefined) runs[rule.id] = run;
  });
  return { at, profileHash: folding.profile?.hash ?? null, runs, class: folding.class };
}

function nextMoment(folding: Folding, at: EpochMs): EpochMs {
  let next = NEVER;
  for (const track of folding.tracks) next = earlier(next, nextChange(track, at));
  return earlier(next, nextAssignment(folding.assignments, at));
}

function foldMoment(folding: Folding, at: EpochMs): void {
  for (const track of folding.tracks) moveTo(track, at);
  // A timeline begins with the first sensor that is heard.
  if (folding.class === null && !folding.tracks.some((track) => counts(track, at))) return;
  switchProfile(folding, profileAt(folding.assignments, at), at);
  const { profile } = folding;
  // Without a rule that decides, nothing proves that the range was kept.
  const union = profile === null ? null : foldRules(folding, profile, at);
  turn(folding, at, union ?? "unproven");
}

function foldRules(folding: Folding, profile: Profile, at: EpochMs): EvidenceClass | null {
  const { tracks } = folding;
  const momentAlone = tracks.some((track) => track.at === at && isSilent(track, profile.gap));
  let union: EvidenceClass | null = null;
  let i = 0;
  for (const rule of profile.rules) {
    let evidence = combine(rule, tracks, at, profile.gap, "moment");
    stepRule(folding, profile, rule, i, at, evidence);
    if (momentAlone) {
      evidence = combine(rule, tracks, at, profile.gap, "stretch");
      stepRule(folding, profile, rule, i, at, evidence);
    }
    if (rule.severity === "break") union = unionOf(union, classOf(rule, evidence));
    i += 1;
  }
  return union;
}

function stepRule(
  folding: Folding,
  profile: Profile,
  rule: Rule,
  i: number,
  at: EpochMs,
  evidence: Evidence,
): void {
  const [run, ended] = step(rule, folding.runs[i] ?? null, { at, evidence });
  folding.runs[i] = run;
  for (const end of ended) folding.ended.push({ profile, rule, run: end });
}

/** Runs do not outlive the rules that they broke. */
function switchProfile(folding: Folding, to: Profile | null, at: EpochMs): void {
  const from = folding.profile;
  if (from?.hash === to?.hash) return;
  from?.rules.forEach((rule, i) => {
    const run = folding.runs[i] ?? null;
    if (run === null) return;
    for (const end of endedRun(rule, run, at, "unproven"))
      folding.ended.push({ profile: from, rule, run: end });
  });
  folding.profile = to;
  folding.runs = to === null ? [] : to.rules.map(() => null);
}

function turn(folding: Folding, at: EpochMs, to: EvidenceClass): void {
  if (folding.class === to) return;
  folding.class = to;
  folding.turns.push({ from: at, class: to });
}
