import type { Excursion, Judgement } from "@unbroken/model";
import { elapsed, type EpochMs } from "@unbroken/units";
import { ENGINE } from "./engine.ts";
import type { Checkpoint, Folding, JudgedRun } from "./fold.ts";
import { isExcursion } from "./step.ts";

/** (space, rule, side, since) is the identity of an excursion. */
export function excursionIdOf(space: string, rule: string, side: string, since: EpochMs): string {
  return `${space}|${rule}|${side}|${since}`;
}

/** The excursions that a fold found; those that last are proven up to the frontier, which silence cannot move. */
export function excursionsOf(
  space: string,
  fold: Folding,
  frontier: EpochMs | null,
): readonly Excursion[] {
  const { profile } = fold;
  if (frontier === null || profile === null)
    return fold.ended.map((run) => excursionOf(space, run, null));
  const open: JudgedRun[] = [];
  profile.rules.forEach((rule, i) => {
    const run = fold.runs[i] ?? null;
    if (run !== null && isExcursion(rule, run, frontier)) open.push({ profile, rule, run });
  });
  if (fold.ended.length + open.length === 0) return NONE;
  return [...fold.ended, ...open].map((run) => excursionOf(space, run, frontier));
}

const NONE: readonly Excursion[] = [];

function excursionOf(space: string, judged: JudgedRun, frontier: EpochMs | null): Excursion {
  const { rule, profile, run } = judged;
  const end = "until" in run ? run.until : frontier;
  return {
    id: excursionIdOf(space, rule.id, rule.side, run.since),
    space,
    rule: rule.id,
    quantity: rule.quantity,
    side: rule.side,
    severity: rule.severity,
    since: run.since,
    until: "until" in run ? run.until : null,
    ended: "until" in run ? run.ended : null,
    provenMs: end === null ? 0 : elapsed(run.since, end),
    peak: run.peak,
    peakAt: run.peakAt,
    peakSensor: run.peakSensor,
    limit: rule.limit,
    holdMs: rule.hold,
    profileHash: profile.hash,
    engine: ENGINE,
    revision: 1,
    retracted: false,
  };
}

/**
 * What is different between the excursions known and those found by folding anew from `base`.
 * @returns those that are open now, and what is to be said.
 */
export function compareExcursions(
  base: Checkpoint,
  known: readonly Excursion[],
  found: readonly Excursion[],
): readonly [open: readonly Excursion[], said: readonly Judgement[]] {
  if (known.length + found.length === 0) return [NONE, []];
  const open: Excursion[] = [];
  const said: Judgement[] = [];
  const foundIds = new Set<string>();
  for (const fresh of found) {
    foundIds.add(fresh.id);
    const prior = known.find(({ id }) => id === fresh.id);
    const judgement = judgementOf(prior, fresh);
    if (judgement !== null) said.push(judgement);
    if (fresh.until === null)
      open.push({ ...fresh, revision: judgement?.excursion.revision ?? prior?.revision ?? 1 });
  }
  for (const prior of known) {
    if (prior.retracted || foundIds.has(prior.id) || !isRefolded(base, prior)) continue;
    said.push({
      kind: "excursion-retracted",
      excursion: { ...prior, revision: prior.revision + 1, retracted: true },
      replacedBy: found.filter((fresh) => overlaps(prior, fresh)).map(({ id }) => id),
    });
  }
  return [open, said];
}

type OfExcursion = Extract<Judgement, { excursion: Excursion }>;

function judgementOf(prior: Excursion | undefined, fresh: Excursion): OfExcursion | null {
  if (prior === undefined || prior.retracted) {
    const revision = (prior?.revision ?? 0) + 1;
    return { kind: "excursion-opened", excursion: { ...fresh, revision } };
  }
  const changed = changedFields(prior, fresh);
  if (changed.length === 0) return null;
  const excursion = { ...fresh, revision: prior.revision + 1 };
  return prior.until === null && fresh.until !== null
    ? { kind: "excursion-closed", excursion }
    : { kind: "excursion-amended", excursion, changed };
}

const OF_THE_RULE = ["severity", "limit", "holdMs", "profileHash", "engine"] as const;
const OF_THE_RUN = ["until", "ended", "provenMs", "peak", "peakAt", "peakSensor"] as const;

/** While an excursion lasts, its proven time and peak grow; that is no change of what was said. */
function changedFields(prior: Excursion, fresh: Excursion): string[] {
  const lasts = prior.until === null && fresh.until === null;
  return [...OF_THE_RULE, ...(lasts ? [] : OF_THE_RUN)].filter(
    (field) => prior[field] !== fresh[field],
  );
}

/** Whether folding from `base` would find the excursion again, were it still so. */
function isRefolded(base: Checkpoint, { rule, since }: Excursion): boolean {
  return since >= base.at || base.runs[rule]?.since === since;
}

function overlaps(a: Excursion, b: Excursion): boolean {
  if (a.rule !== b.rule) return false;
  return (b.until === null || a.since <= b.until) && (a.until === null || b.since <= a.until);
}
