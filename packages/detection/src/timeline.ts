import type { EvidenceStretch, Judgement } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Checkpoint } from "./checkpoint.ts";
import type { Turn } from "./folding.ts";

type TimelineChanged = Extract<Judgement, { kind: "timeline-changed" }>;

/**
 * What is new in a space's timeline: nothing while it only grows.
 *
 * @param said the turns that were said for the time from `base` on, @param now those that are true now.
 * @param rewritten from when on to say it all anew, where what was said is no longer at hand.
 */
export function timelineChange(
  space: string,
  base: Checkpoint,
  said: readonly Turn[],
  now: readonly Turn[],
  rewritten: EpochMs | null,
): readonly TimelineChanged[] {
  const from = rewritten ?? firstDifference(said, now);
  if (from === null) return NONE;
  return [{ kind: "timeline-changed", space, from, stretches: stretchesFrom(from, base, now) }];
}

const NONE: readonly TimelineChanged[] = [];

function firstDifference(said: readonly Turn[], now: readonly Turn[]): EpochMs | null {
  for (let i = 0; i < said.length || i < now.length; i += 1) {
    const a = said[i];
    const b = now[i];
    if (a === undefined || b === undefined) return (a ?? b)?.from ?? null;
    if (a.from !== b.from) return a.from < b.from ? a.from : b.from;
    if (a.class !== b.class) return a.from;
  }
  return null;
}

function stretchesFrom(from: EpochMs, base: Checkpoint, now: readonly Turn[]): EvidenceStretch[] {
  const index = now.findIndex((turn) => turn.from >= from);
  const later = index === -1 ? [] : now.slice(index);
  const before = index === -1 ? now.at(-1) : now[index - 1];
  const standing = before?.class ?? base.class;
  const turns =
    standing === null || later[0]?.from === from ? later : [{ from, class: standing }, ...later];
  return turns.map((turn, i) => ({ ...turn, to: turns[i + 1]?.from ?? null }));
}

/** The timeline after a change: what stood before `from`, then the new stretches; neighbours of one class are one. */
export function applyTimeline(
  timeline: readonly EvidenceStretch[],
  change: Pick<TimelineChanged, "from" | "stretches">,
): EvidenceStretch[] {
  const kept = timeline
    .filter((stretch) => stretch.from < change.from)
    .map((stretch) =>
      stretch.to === null || stretch.to > change.from ? { ...stretch, to: change.from } : stretch,
    );
  const joined: EvidenceStretch[] = [];
  for (const stretch of [...kept, ...change.stretches]) {
    const last = joined.at(-1);
    if (last?.class === stretch.class && last.to === stretch.from)
      joined[joined.length - 1] = { ...last, to: stretch.to };
    else joined.push(stretch);
  }
  return joined;
}
