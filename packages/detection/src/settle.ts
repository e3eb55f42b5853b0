import { DurationMs, type EpochMs } from "@unbroken/units";
import { gapsBetween, longestGapOf, type Assignment } from "./assignment.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { earlier, later, NEVER } from "./moment.ts";
import { SILENCE_REACH } from "./silence.ts";
import type { SpaceFacts } from "./space-facts.ts";
import { countBefore, type Track } from "./track.ts";

/**
 * The latest moment of which the space was heard, or to which a stay is proven; null if none of its sensors was.
 * What was folded was heard: it is never before a checkpoint with a timeline.
 */
export function frontierOf(base: Checkpoint, tracks: readonly Track[]): EpochMs | null {
  let frontier = base.class === null ? null : base.at;
  for (const { samples, from, to } of tracks) {
    const first = samples[0];
    const last = samples.at(-1);
    if (first === undefined || last === undefined || first.at >= to || last.at < from) continue;
    // Heard again elsewhere, a sensor proves its stay to the end.
    const at = earlier(last.at, to);
    if (frontier === null || at > frontier) frontier = at;
  }
  return frontier;
}

/** Of what settling depends on beside the tracks. */
export interface Settling {
  readonly tracks: readonly Track[];
  readonly assignments: readonly Assignment[];
  readonly facts: Pick<SpaceFacts, "thermals">;
}

/**
 * The latest moment up to `wanted` such that no reading measured from `wanted` on can change what was before it, and
 * by how much a reading can: numbers that turn out to be missing or not, an end to a silence, a second neighbour of an
 * impossible step.
 */
export function settledFor(
  wanted: EpochMs,
  floor: EpochMs,
  settling: Settling,
): readonly [EpochMs, DurationMs] {
  const { tracks, assignments } = settling;
  const decided = settledBefore(wanted, floor, tracks, assignments);
  let settled = decided;
  for (let reach = reachAt(settled, settling); settled + reach > decided;) {
    settled = settledBefore((decided - reach) as EpochMs, floor, tracks, assignments);
    const other = reachAt(settled, settling);
    if (other <= reach || settled <= floor) return [settled, other];
    reach = other;
  }
  return [settled, DurationMs(0)];
}

/** By how much a reading measured at or after `moment` can change what was before it. */
export function reachAt(moment: EpochMs, settling: Settling): DurationMs {
  const { tracks, assignments, facts } = settling;
  let reach = 0;
  for (const track of tracks) {
    const index = countBefore(track.samples, moment);
    const last = track.samples[index - 1];
    if (last === undefined) continue;
    const next = track.samples[index];
    const isInstant = next?.at === moment;
    if (last.sequence !== undefined)
      reach = Math.max(reach, isInstant ? 1 : longestGapOf(assignments));
    if (track.quantity !== "temperature") continue;
    const within = longestStepOf(assignments);
    if (within > 0) reach = Math.max(reach, within);
    if (facts.thermals.length > 0 && isInSilence(track, index, moment, within, assignments))
      reach = Math.max(reach, SILENCE_REACH + within);
  }
  return DurationMs(reach);
}

function longestStepOf(assignments: readonly Assignment[]): number {
  let longest = 0;
  for (const { profile } of assignments)
    longest = Math.max(longest, profile.faults.step?.within ?? 0);
  return longest;
}

/** Whether `moment` lies in a silence, or so soon after one that the reading at its end is not weighed for good. */
function isInSilence(
  { samples, before }: Track,
  index: number,
  moment: EpochMs,
  within: number,
  assignments: readonly Assignment[],
): boolean {
  const last = samples[index - 1];
  const gaps = last === undefined ? null : gapsBetween(assignments, last.at, moment);
  if (last === undefined || gaps === null) return false;
  const next = samples[index];
  const isShort = next !== undefined && next.at - last.at <= gaps[0];
  if (!isShort && moment - last.at > gaps[0]) return true;
  if (within === 0 || moment - last.at > within) return false;
  const prior = samples.findLast(({ at }, i) => i < index && at < last.at)?.at ?? before[0]?.at;
  return prior !== undefined && last.at - prior > gaps[0];
}

/**
 * The latest moment at or before `wanted` such that no reading measured from it on can change what was before it.
 *
 * A stretch is undecided while a reading could still end the silence in it in time: so the moment must not fall
 * into a sensor's silence before it has become too long.
 */
export function settledBefore(
  wanted: EpochMs,
  floor: EpochMs,
  tracks: readonly Track[],
  assignments: readonly Assignment[],
): EpochMs {
  let settled = wanted;
  for (let before = NEVER; settled < before;) {
    before = settled;
    for (const track of tracks) settled = decidedBefore(settled, track, assignments);
  }
  return later(settled, floor);
}

function decidedBefore(
  moment: EpochMs,
  { samples, from, to }: Track,
  assignments: readonly Assignment[],
): EpochMs {
  const index = countBefore(samples, moment);
  const last = samples[index - 1];
  if (last === undefined || from >= moment || to <= last.at) return moment;
  const gaps = gapsBetween(assignments, last.at, moment);
  if (gaps === null) return moment;
  const next = samples[index];
  const holds = next !== undefined && next.at - last.at <= gaps[0];
  return holds || isOver(moment, last.at, gaps[1]) ? moment : last.at;
}

function isOver(moment: EpochMs, lastAt: EpochMs, gap: DurationMs): boolean {
  return moment - lastAt > gap;
}
