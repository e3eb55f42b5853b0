import type { Profile } from "@unbroken/model";
import { DurationMs, type EpochMs } from "@unbroken/units";
import { NEVER } from "./moment.ts";

/** A profile while it rules a space: `[from, to)`, `to` null while it lasts. */
export interface Assignment {
  readonly profile: Profile;
  readonly from: EpochMs;
  readonly to: EpochMs | null;
}

/** The profile that rules at `moment`; of several the one assigned last. */
export function profileAt(assignments: readonly Assignment[], moment: EpochMs): Profile | null {
  let found: Assignment | null = null;
  for (const assignment of assignments) {
    if (assignment.from > moment || (assignment.to !== null && assignment.to <= moment)) continue;
    if (found === null || assignment.from >= found.from) found = assignment;
  }
  return found?.profile ?? null;
}

/** The first moment after `moment` at which another profile may begin to rule. */
export function nextAssignment(assignments: readonly Assignment[], moment: EpochMs): EpochMs {
  let next = NEVER;
  for (const { from, to } of assignments) {
    if (from > moment && from < next) next = from;
    if (to !== null && to > moment && to < next) next = to;
  }
  return next;
}

/** The shortest and the longest gap of the profiles that rule in `[from, to)`; null if none does. */
export function gapsBetween(
  assignments: readonly Assignment[],
  from: EpochMs,
  to: EpochMs,
): readonly [shortest: DurationMs, longest: DurationMs] | null {
  let shortest: DurationMs | null = null;
  let longest: DurationMs | null = null;
  for (const assignment of assignments) {
    if (assignment.from >= to || (assignment.to !== null && assignment.to <= from)) continue;
    const { gap } = assignment.profile;
    if (shortest === null || gap < shortest) shortest = gap;
    if (longest === null || gap > longest) longest = gap;
  }
  return shortest === null || longest === null ? null : [shortest, longest];
}

export function longestGapOf(assignments: readonly Assignment[]): DurationMs {
  let longest = DurationMs(0);
  for (const { profile } of assignments) if (profile.gap > longest) longest = profile.gap;
  return longest;
}
