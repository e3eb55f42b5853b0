import type { Rule, Thermal } from "@unbroken/model";
import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import { Combined } from "./combined.ts";
import {
  classify,
  IN,
  isWorse,
  NEAR,
  unproven,
  firstDoubt,
  type Doubt,
  type Evidence,
  type Limit,
  type Out,
} from "./evidence.ts";
import { earlier, later, NEVER } from "./moment.ts";
import { nextSilenceTurn, silenceTurns } from "./silence.ts";
import { counts, doubtOf, isSilent, worthless, type Track } from "./track.ts";

/**
 * How a moment is looked at: a sample is in itself a moment of proof, even if the silence that follows it is none.
 * "moment" looks at that instant, "stretch" at the time from it to the next change.
 */
export type View = "moment" | "stretch";

/** What the values of the tracks show together of a limit at `at` (cursors moved there). */
export function valueEvidence(
  limit: Limit,
  hysteresis: Rule["hysteresis"],
  tracks: readonly Track[],
  at: EpochMs,
  gap: DurationMs,
  view: View,
  thermals: readonly Thermal[],
): Evidence {
  let worst: Out | null = null;
  let doubt: Doubt | null = null;
  let any = false;
  let near = false;
  for (const track of tracks) {
    if (!counts(track, at)) continue;
    any = true;
    if (isSilent(track, gap) && !(view === "moment" && track.at === at)) {
      if (mayBeOut(track, limit, at, thermals)) doubt = firstDoubt(doubt, silenceOf(track, gap));
      continue;
    }
    const value = limit.side === "high" ? track.highest : track.lowest;
    const none = value === null ? (track.fault ?? "fault") : worthless(track, at);
    if (value === null || none !== null) {
      doubt = firstDoubt(doubt, none ?? "fault");
      continue;
    }
    const found = classify(limit, value, track.band, hysteresis);
    if (found === "out") {
      const out: Out = {
        class: "out",
        value,
        at: later(track.at, track.from),
        sensor: track.sensor,
      };
      if (worst === null || isWorse(limit, out, worst)) worst = out;
    } else if (track.fault !== null) doubt = firstDoubt(doubt, track.fault);
    else if (found === "unproven") doubt = firstDoubt(doubt, "accuracy");
    else if (found === "near") near = true;
  }
  if (worst !== null) return worst;
  if (doubt !== null) return unproven(doubt);
  if (!any) return unproven("nothing-measured");
  return near ? NEAR : IN;
}

function silenceOf(track: Track, gap: DurationMs): Doubt {
  return track.until - track.at > gap ? "gap" : "missing-numbers";
}

function mayBeOut(track: Track, limit: Limit, at: EpochMs, thermals: readonly Thermal[]): boolean {
  if (thermals.length === 0 || track.quantity !== "temperature") return true;
  // What is no value bounds nothing, and is without proof until the next reading.
  if (track.fault !== null || worthless(track, track.at) !== null) return true;
  const { from, to } = silenceTurns(track, limit, thermals);
  return from <= at && at < to;
}

/** The first moment after `at` at which physics turns what a silence of these tracks leaves possible. */
export function nextPhysicsTurn(
  limit: Limit,
  tracks: readonly Track[],
  at: EpochMs,
  gap: DurationMs,
  thermals: readonly Thermal[],
): EpochMs {
  let next = NEVER;
  for (const track of tracks)
    if (counts(track, at) && isSilent(track, gap))
      next = earlier(next, nextSilenceTurn(silenceTurns(track, limit, thermals), at));
  return next;
}

/** 0 in a silence of a temperature sensor that is too long, from its last reading on; else 1. */
export function linkEvidence(
  limit: Limit,
  hysteresis: Rule["hysteresis"],
  tracks: readonly Track[],
  at: EpochMs,
  gap: DurationMs,
): Evidence {
  const combined = new Combined(limit);
  for (const track of tracks) {
    if (!counts(track, at)) continue;
    const value = (track.until - track.at <= gap ? 1_000 : 0) as Milli;
    const found = classify(limit, value, EXACT, hysteresis);
    if (found === "out") combined.addOut(value, later(track.at, track.from), track.sensor);
    else if (found === "near") combined.addNear();
    else combined.addIn();
  }
  return combined.evidence();
}

const EXACT = 0 as Milli;

/** Whether what is under the cursor proves something of the stretch from `at` on. */
export function isProven(track: Track, at: EpochMs, gap: DurationMs): boolean {
  return counts(track, at) && doubtOf(track, at, gap) === null;
}
