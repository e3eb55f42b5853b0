import { applyTimeline } from "@unbroken/detection";
import type { EvidenceStretch, Judgement } from "@unbroken/model";

export type TimelineChanged = Extract<Judgement, { kind: "timeline-changed" }>;

/**
 * Stretches of a space that are kept at hand for boards: years of a calm one, days of one that flaps. All of it can be
 * folded again from the readings.
 */
const STRETCHES_MAX = 2_000;

/**
 * The timeline after a change, and the change without what had been said before: a late reading makes the judge say a
 * stretch anew that mostly comes out the same. Null if nothing is new.
 */
export function changedTimeline(
  timeline: readonly EvidenceStretch[],
  change: TimelineChanged,
): { readonly timeline: readonly EvidenceStretch[]; readonly change: TimelineChanged | null } {
  const next = applyTimeline(timeline, change);
  const from = firstDifference(timeline, next);
  if (from === null) return { timeline, change: null };
  const stretches = next
    .filter(({ to }) => to === null || to > from)
    .map((stretch) => (stretch.from < from ? { ...stretch, from } : stretch));
  return { timeline: next.slice(-STRETCHES_MAX), change: { ...change, from, stretches } };
}

/** The first moment of which the two say something else. */
function firstDifference(
  before: readonly EvidenceStretch[],
  after: readonly EvidenceStretch[],
): number | null {
  for (let i = 0; i < before.length || i < after.length; i++) {
    const a = before[i];
    const b = after[i];
    if (a === undefined || b === undefined) return (a ?? b)?.from ?? null;
    if (a.from !== b.from || a.class !== b.class) return Math.min(a.from, b.from);
    if (a.to !== b.to)
      return Math.min(a.to ?? Number.POSITIVE_INFINITY, b.to ?? Number.POSITIVE_INFINITY);
  }
  return null;
}
