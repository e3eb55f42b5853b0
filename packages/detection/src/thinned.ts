import type { Checkpoint } from "./checkpoint.ts";

/** Snapshots of a space at the most: a few tens of kilobytes. */
const SNAPSHOTS_MAX = 64;

/**
 * Lets go of snapshots so that they stand the closer the younger they are: what is a little late folds a little again,
 * and what is a year late not everything. The first and the last stay. Which ones are there changes no outcome.
 */
export function thinned(snapshots: readonly Checkpoint[]): readonly Checkpoint[] {
  const kept = [...snapshots];
  while (kept.length > SNAPSHOTS_MAX) kept.splice(mostDispensable(kept), 1);
  return kept;
}

/** The one whose going leaves the shortest stretch without a snapshot, seen from the latest: in share of its age. */
function mostDispensable(snapshots: readonly Checkpoint[]): number {
  const latest = snapshots.at(-1)?.at ?? 0;
  let found = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < snapshots.length - 1; i++) {
    const before = snapshots[i - 1]?.at ?? 0;
    const next = snapshots[i + 1]?.at ?? 0;
    const share = (next - before) / (latest - before);
    // Of equals the older goes.
    if (share < least) {
      least = share;
      found = i;
    }
  }
  return found;
}
