import type { DurationMs, EpochMs } from "@unbroken/units";
import { gapsBetween, type Assignment } from "./assignment.ts";
import type { Checkpoint } from "./fold.ts";
import { earlier, later, NEVER } from "./moment.ts";
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
