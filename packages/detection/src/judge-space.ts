import type { Judgement } from "@unbroken/model";
import { after, DAY, type DurationMs, type EpochMs } from "@unbroken/units";
import { longestGapOf, profileAt, type Assignment } from "./assignment.ts";
import { compareExcursions, excursionsOf } from "./excursions.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { foldBefore } from "./fold.ts";
import { checkpointOf, foldingFrom, type Folding } from "./folding.ts";
import { heldMs } from "./episode.ts";
import { hearSensors } from "./gaps.ts";
import { earlier, later, NEVER, NOT_YET } from "./moment.ts";
import { frontierOf, settledFor } from "./settle.ts";
import { SILENCE_REACH } from "./silence.ts";
import { quantitiesOf } from "./sensed-quantities.ts";
import {
  checkpointBefore,
  type Change,
  type Judged,
  type SpaceContext,
  type SpaceState,
} from "./space-state.ts";
import { thinned } from "./thinned.ts";
import { timelineChange } from "./timeline.ts";
import { isSilent, trackOf, type Track } from "./track.ts";

/** Readings of a sensor between two snapshots: what a late one costs to fold again, at the least. */
const SNAPSHOT_READINGS = 256;

/**
 * Judges a space anew from the latest checkpoint that the change leaves as it is, and says what is different now.
 *
 * The outcome is a function of (history, facts, the latest asOf) alone: in which order and in how many calls they
 * came shows only in revisions and in what was said on the way.
 */
export function judgeSpace(
  context: SpaceContext,
  state: SpaceState,
  changed: Change | null,
  asOf: EpochMs,
): Judged {
  const { live } = state;
  const now = later(asOf, live.asOf);
  if (changed === null && (live.deadline === null || now <= live.deadline)) return [state, NOTHING];

  const base = checkpointBefore(state, changed?.from ?? null);
  const fold = beginFold(context, base, now);
  const frontier = frontierOf(base, fold.tracks);
  const kept = base === live.settled ? state.snapshots : keptBefore(state.snapshots, base);
  const [settled, snapshots] = settle(fold, base, frontier, kept);
  if (frontier !== null) foldBefore(fold, justAfter(frontier));

  const found = excursionsOf(context.space, fold, frontier, now);
  const [open, said] = compareExcursions(base, context.known, found);
  const gap = frontier === null ? null : (profileAt(context.assignments, frontier)?.gap ?? null);
  const [heard, gaps] = hearSensors(context.space, live.heard, fold.tracks, frontier, gap);
  const rewritten =
    base === live.settled || changed === null ? null : rewrittenFrom(context, base, changed);
  const timeline = timelineChange(context.space, base, live.turns, fold.turns, rewritten);
  const turns =
    fold.turns.length === 0 ? fold.turns : fold.turns.filter((t) => t.from >= settled.at);
  return [
    {
      live: { settled, turns, open, heard, asOf: now, deadline: deadlineOf(fold, now) },
      snapshots,
    },
    said.length + gaps.length + timeline.length === 0 ? NOTHING : [...said, ...gaps, ...timeline],
  ];
}

const NOTHING: readonly Judgement[] = [];

function beginFold(context: SpaceContext, base: Checkpoint, now: EpochMs): Folding {
  const { assignments, facts } = context;
  const tracks: Track[] = [];
  const quantities = quantitiesOf(assignments);
  for (const stay of context.stays) {
    if (stay.to !== null && stay.to <= base.at) continue;
    const { sensor } = stay;
    const descriptions = facts.sensors.get(sensor);
    for (const quantity of quantities) {
      const samples = context.history(sensor, base.at, quantity);
      if (samples.length > 0)
        tracks.push(trackOf(sensor, quantity, samples, stay, now, descriptions));
    }
  }
  const frontier = frontierOf(base, tracks);
  // A clock that runs ahead of ours must not make its own readings look like silence.
  const asOf = frontier === null ? now : later(now, frontier);
  for (const track of tracks) track.asOf = asOf;
  return foldingFrom(base, { tracks, assignments, facts, windows: "on the grid" });
}

/** A sample changes what is known from one gap before it on, or what physics says of the silence before it. */
function rewrittenFrom(
  { assignments, facts }: SpaceContext,
  base: Checkpoint,
  changed: Change,
): EpochMs {
  let reach: number = longestGapOf(assignments);
  for (const { profile } of assignments) reach = Math.max(reach, profile.faults.step?.within ?? 0);
  if (facts.thermals.length > 0) reach += SILENCE_REACH;
  return later(base.at, (changed.from - reach) as EpochMs);
}

function keptBefore(snapshots: readonly Checkpoint[], base: Checkpoint): readonly Checkpoint[] {
  const kept = snapshots.filter((snapshot) => snapshot.at <= base.at);
  return kept.length === snapshots.length ? snapshots : kept;
}

/** Folds up to the latest settled moment, leaving a snapshot for each day on the way. */
function settle(
  fold: Folding,
  base: Checkpoint,
  frontier: EpochMs | null,
  kept: readonly Checkpoint[],
): readonly [Checkpoint, readonly Checkpoint[]] {
  if (frontier === null) return [base, kept];
  const { tracks, assignments } = fold;
  const [end, endReach] = settledFor(frontier, base.at, fold);
  const taken: Checkpoint[] = [];
  let latest = kept.at(-1);
  if (latest === undefined) {
    latest = { ...base, at: earlier(end, beginningOf(tracks, base.at)) };
    taken.push(latest);
    foldBefore(fold, latest.at);
  }
  const every = snapshotEvery(assignments);
  for (let due = latest.at + every; due <= end; due = Math.max(due, fold.at) + every) {
    const [at, reach] = settledFor(due as EpochMs, latest.at, fold);
    if (at === latest.at || at < fold.accruedTo) continue;
    foldBefore(fold, at);
    latest = checkpointOf(fold, at, reach);
    taken.push(latest);
  }
  foldBefore(fold, end);
  const all = taken.length === 0 ? kept : thinned([...kept, ...taken]);
  // Nothing was folded: what was settled is so for the same reasons, not all of which are at hand.
  return [end === base.at ? base : checkpointOf(fold, end, endReach), all];
}

/** About so many readings of a sensor lie between two snapshots, at the most a day. */
function snapshotEvery(assignments: readonly Assignment[]): DurationMs {
  let every = DAY;
  for (const { profile } of assignments) {
    const stretch = (profile.cadence * SNAPSHOT_READINGS) as DurationMs;
    if (stretch < every) every = stretch;
  }
  return every;
}

function beginningOf(tracks: readonly Track[], floor: EpochMs): EpochMs {
  let first = NEVER;
  for (const { samples, from } of tracks) {
    const sample = samples[0];
    if (sample !== undefined) first = earlier(first, later(sample.at, from));
  }
  return first === NEVER ? floor : later(first, floor);
}

/**
 * The earliest end of a silence that is not too long yet, by any profile that rules in it, and the last moment before a
 * silence is an excursion of a link.
 */
function deadlineOf(folding: Folding, now: EpochMs): EpochMs | null {
  const { tracks, assignments, at } = folding;
  let deadline = NEVER;
  for (const track of tracks) {
    if (track.at === NOT_YET || track.next < track.samples.length) continue;
    for (const { profile, from, to } of assignments) {
      if (from >= at || (to !== null && to <= track.at) || isSilent(track, profile.gap)) continue;
      deadline = earlier(deadline, after(track.at, profile.gap));
    }
  }
  for (const { rule, state } of folding.rules) {
    if (rule.quantity !== "link" || state.episode === null) continue;
    const held = now + (rule.hold - heldMs(state, now));
    if (held > now) deadline = earlier(deadline, (held - 1) as EpochMs);
  }
  return deadline === NEVER ? null : deadline;
}

function justAfter(moment: EpochMs): EpochMs {
  return (moment + 1) as EpochMs;
}
