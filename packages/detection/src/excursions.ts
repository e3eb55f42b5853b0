import type { Excursion, Judgement } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Checkpoint } from "./checkpoint.ts";
import { ENGINE } from "./engine.ts";
import { excursionSince, isExcursion, provenMsOf, type Episode } from "./episode.ts";
import type { Folding, JudgedEpisode } from "./folding.ts";
import { toleranceOf } from "./rule-fold.ts";

/** (space, rule, side, since) is the identity of an excursion. */
export function excursionIdOf(space: string, rule: string, side: string, since: EpochMs): string {
  return `${space}|${rule}|${side}|${since}`;
}

/**
 * The excursions that a fold found; those that last are proven up to the frontier, which silence cannot move, and those
 * of a link, which are silence itself and said when they have lasted for the hold, for as long at the least.
 */
export function excursionsOf(
  space: string,
  folding: Folding,
  frontier: EpochMs | null,
  asOf: EpochMs | null = frontier,
): readonly Excursion[] {
  const { profile } = folding;
  let found: Excursion[] | null = null;
  for (const ended of folding.ended) (found ??= []).push(endedExcursion(space, ended));
  if (frontier === null || profile === null) return found ?? NONE;
  for (const fold of folding.rules) {
    const { rule, state } = fold;
    const { episode } = state;
    if (episode === null) continue;
    // That nothing is heard is heard all the time.
    const end = rule.quantity === "link" && asOf !== null ? asOf : frontier;
    if (!isExcursion(toleranceOf(folding, fold), state, end)) continue;
    const shown = provenMsOf(episode, frontier);
    const provenMs = end === frontier ? shown : Math.max(shown, rule.hold);
    const lasting = { since: excursionSince(episode), until: null, ended: null, provenMs };
    (found ??= []).push(excursionOf(space, { profile, rule }, episode, lasting));
  }
  return found ?? NONE;
}

const NONE: readonly Excursion[] = [];

function endedExcursion(space: string, { profile, rule, episode }: JudgedEpisode): Excursion {
  return excursionOf(space, { profile, rule }, episode, episode);
}

function excursionOf(
  space: string,
  { profile, rule }: Pick<JudgedEpisode, "profile" | "rule">,
  { peak, peakAt, peakSensor }: Pick<Episode, "peak" | "peakAt" | "peakSensor">,
  {
    since,
    until,
    ended,
    provenMs,
  }: Pick<Excursion, "until" | "ended" | "provenMs"> & {
    readonly since: EpochMs;
  },
): Excursion {
  return {
    id: excursionIdOf(space, rule.id, rule.side, since),
    space,
    rule: rule.id,
    quantity: rule.quantity,
    side: rule.side,
    severity: rule.severity,
    since,
    until,
    ended,
    provenMs,
    peak,
    peakAt,
    peakSensor,
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
    const judgement = judgementOf(prior, fresh, known);
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

function judgementOf(
  prior: Excursion | undefined,
  fresh: Excursion,
  known: readonly Excursion[],
): OfExcursion | null {
  if (prior === undefined || prior.retracted) {
    const excursion = { ...fresh, revision: (prior?.revision ?? 0) + 1 };
    const replaces = known.filter((other) => isReplaced(other, fresh)).map(({ id }) => id);
    return replaces.length === 0
      ? { kind: "excursion-opened", excursion }
      : { kind: "excursion-opened", excursion, replaces };
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
  if (since >= base.at) return true;
  const episode = base.rules[rule]?.episode ?? null;
  return episode !== null && since >= episode.since;
}

function overlaps(a: Excursion, b: Excursion): boolean {
  if (a.rule !== b.rule) return false;
  return (b.until === null || a.since <= b.until) && (a.until === null || b.since <= a.until);
}

/** Whether part of what was known as another excursion is in this one: late data moved, split or joined it. */
function isReplaced(known: Excursion, fresh: Excursion): boolean {
  if (known.retracted || known.rule !== fresh.rule || known.id === fresh.id) return false;
  // One that lasted is known as far as it was proven.
  const end = known.until ?? known.since + known.provenMs;
  return known.since < (fresh.until ?? Number.POSITIVE_INFINITY) && fresh.since < end;
}
