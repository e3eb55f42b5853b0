import type { Rule } from "@unbroken/model";
import { Milli, type DurationMs, type EpochMs } from "@unbroken/units";
import { Combined } from "./combined.ts";
import { classify, type Evidence } from "./evidence.ts";
import { earlier, later, NEVER } from "./moment.ts";
import { counts, doubtOf, isSilent, worthless, type Track } from "./track.ts";
import type { View } from "./value-evidence.ts";

/**
 * The values of one sensor from which a rise is measured: what it had, and when it had it last. For a rise each is
 * lower than those after it (a fall: higher), so that the first still in the scope is the lowest of all.
 */
export type RiseQueue = readonly (readonly [value: number, until: EpochMs])[];

/** By sensor. Changed in place. */
export type RiseState = Record<string, RiseQueue>;

/** What the sensors show of a rise at `at` (cursors moved there). */
export function riseEvidence(
  rule: Rule,
  state: RiseState,
  tracks: readonly Track[],
  at: EpochMs,
  gap: DurationMs,
  view: View,
): Evidence {
  const combined = new Combined(rule);
  for (const track of tracks) {
    if (!counts(track, at)) continue;
    const isMoment = view === "moment" && track.at === at;
    const value = valueOf(rule, track, "far");
    const doubt = worthless(track, at) ?? (isMoment ? track.fault : doubtOf(track, at, gap));
    if (value === null) combined.addDoubt(doubt ?? "fault");
    else if (doubt !== null && doubt !== track.fault) combined.addDoubt(doubt);
    else {
      const base = baseOf(rule, state[track.sensor] ?? [], track, at);
      // The error of a probe is the same in both values and leaves their difference.
      const found = classify(rule, Milli(value - base), EXACT, rule.hysteresis);
      if (found === "out")
        combined.addOut(Milli(value - base), later(track.at, track.from), track.sensor);
      else if (doubt !== null) combined.addDoubt(doubt);
      else if (found === "near") combined.addNear();
      else combined.addIn();
    }
  }
  return combined.evidence();
}

const EXACT = Milli(0);

/** Of two values for an instant a rise takes the higher as where it is, and the lower as where it came from. */
function valueOf(rule: Rule, track: Track, end: "far" | "near"): Milli | null {
  return (rule.side === "high") === (end === "far") ? track.highest : track.lowest;
}

function baseOf(rule: Rule, queue: RiseQueue, track: Track, at: EpochMs): number {
  const own = valueOf(rule, track, "near") ?? 0;
  const first = queue.find(([, until]) => isInScope(rule, until, at))?.[0] ?? own;
  return rule.side === "high" ? Math.min(first, own) : Math.max(first, own);
}

/** A value that lasted up to `until` is in the scope `(at − scope, at]` for so long. */
function isInScope({ scope }: Rule, until: EpochMs, at: EpochMs): boolean {
  return scope === null || at < until + scope;
}

/** The first moment after `at` at which what a rise is measured from falls out of the scope. */
export function nextRiseTurn({ scope }: Rule, state: RiseState, at: EpochMs): EpochMs {
  if (scope === null) return NEVER;
  let next = NEVER;
  for (const queue of Object.values(state))
    for (const [, until] of queue) {
      const edge = (until + scope) as EpochMs;
      if (edge <= at) continue;
      next = earlier(next, edge);
      break;
    }
  return next;
}

/** Remembers what the sensors had from `from` on, until `to`; or only at `from`, where silence follows. */
export function accrueRise(
  rule: Rule,
  state: RiseState,
  tracks: readonly Track[],
  from: EpochMs,
  to: EpochMs,
  gap: DurationMs,
): void {
  for (const track of tracks) {
    if (!counts(track, from)) continue;
    const value = valueOf(rule, track, "near");
    if (value === null || worthless(track, from) !== null) continue;
    const silent = isSilent(track, gap);
    if (silent && track.at !== from) continue;
    const until = silent ? from : to;
    const queue = (state[track.sensor] ?? []).filter(
      ([, end]) => rule.scope === null || isInScope(rule, end, from),
    );
    state[track.sensor] = pushed(rule, queue, value, until);
  }
}

function pushed(rule: Rule, queue: RiseQueue, value: Milli, until: EpochMs): RiseQueue {
  const isFurther = (other: number): boolean =>
    rule.side === "high" ? other < value : other > value;
  // Without a scope only the lowest of all matters.
  if (rule.scope === null) {
    const [first] = queue;
    return first !== undefined && isFurther(first[0]) ? queue : [[value, until]];
  }
  const kept = [...queue];
  for (let last = kept.at(-1); last !== undefined && !isFurther(last[0]); last = kept.at(-1))
    kept.pop();
  kept.push([value, until]);
  return kept;
}
