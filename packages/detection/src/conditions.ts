import type { Profile, Rule } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Folding } from "./folding.ts";
import { isPhase, nextAllowanceEnd, nextEdge } from "./handling.ts";
import { earlier } from "./moment.ts";
import { nextBandChange } from "./signal/band.ts";
import { isScheduled, nextScheduleEdge } from "./schedule.ts";

/** Whether a rule applies at `at`: in its phases and hours. */
export function applies(rule: Rule, folding: Folding, at: EpochMs): boolean {
  const { phases, schedule } = rule;
  if (schedule !== null && !isScheduled(schedule, at)) return false;
  if (phases === null || isEachRunAHandling(rule, folding)) return true;
  const { handling, facts } = folding;
  return phases.some((phase) => isPhase(handling, facts.phases, phase, at));
}

/** While nothing was ever heard of handling, each run out of range is one. */
export function isEachRunAHandling({ mode }: Rule, { handling }: Folding): boolean {
  return mode === "exposure" && !handling.evidence;
}

/** Outside its dates a profile proves nothing. */
export function isInForce({ effectiveFrom, effectiveUntil }: Profile, at: EpochMs): boolean {
  return (
    (effectiveFrom === null || effectiveFrom <= at) &&
    (effectiveUntil === null || at < effectiveUntil)
  );
}

/**
 * The first moment after `at` at which, without anything being heard, what is judged can be other: edges of facts, of
 * hours, of the profile's validity, and the end of an allowance.
 */
export function nextCondition(folding: Folding, at: EpochMs): EpochMs {
  const { profile, facts, handling, temperatures } = folding;
  let next = nextEdge(facts.outOfService, at);
  next = earlier(next, nextEdge(facts.phases, at));
  for (const { from } of facts.thermals) if (from > at) next = earlier(next, from);
  if (profile === null) return next;
  const { effectiveFrom, effectiveUntil, rules } = profile;
  if (effectiveFrom !== null && effectiveFrom > at) next = earlier(next, effectiveFrom);
  if (effectiveUntil !== null && effectiveUntil > at) next = earlier(next, effectiveUntil);
  for (const { schedule } of rules)
    if (schedule !== null) next = earlier(next, nextScheduleEdge(schedule, at));
  if (folding.contacts.length > 0) next = earlier(next, nextAllowanceEnd(handling, rules, at));
  for (const { descriptions } of temperatures)
    if (descriptions.length > 0) next = earlier(next, nextBandChange(descriptions, at));
  if (profile.faults.stuck !== null)
    for (const { stuckFrom } of temperatures)
      if (stuckFrom !== null && stuckFrom > at) next = earlier(next, stuckFrom);
  return next;
}
