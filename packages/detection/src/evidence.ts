import type { EvidenceClass, Rule } from "@unbroken/model";
import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import { later, NOT_YET } from "./moment.ts";
import { counts, isSilent, type Track } from "./track.ts";

/** What is known of one rule at one moment or over one stretch. */
export type Evidence =
  | { readonly class: "in" }
  | { readonly class: "unproven" }
  | {
      readonly class: "out";
      /** The most extreme value of all sensors that are out, since when it counts, and whose it is. */
      readonly value: Milli;
      readonly at: EpochMs;
      readonly sensor: string;
    };

const IN: Evidence = { class: "in" };
const UNPROVEN: Evidence = { class: "unproven" };

/** What of a rule says which values are out of range. */
export type Limit = Pick<Rule, "comparison" | "limit" | "side">;

/** Exactly on the limit is out for `ge` and `le` and in range for `gt` and `lt`. */
export function isOut(rule: Limit, value: Milli): boolean {
  switch (rule.comparison) {
    case "gt":
      return value > rule.limit;
    case "ge":
      return value >= rule.limit;
    case "lt":
      return value < rule.limit;
    case "le":
      return value <= rule.limit;
  }
}

/**
 * What the sensors show together at `moment` (cursors moved there): out before unproven before in.
 *
 * `view`: a sample is in itself a moment of proof, even if the silence that follows it is none. "moment" looks at
 * that instant, "stretch" at the time from it to the next change.
 */
export function combine(
  rule: Limit,
  tracks: readonly Track[],
  moment: EpochMs,
  gap: DurationMs,
  view: "moment" | "stretch",
): Evidence {
  let worst: Extreme | null = null;
  let anyCounts = false;
  let anyUnproven = false;
  for (const track of tracks) {
    if (!counts(track, moment)) continue;
    anyCounts = true;
    if (
      track.at === NOT_YET ||
      (isSilent(track, gap) && !(view === "moment" && track.at === moment))
    ) {
      anyUnproven = true;
      continue;
    }
    const value = rule.side === "high" ? track.highest : track.lowest;
    if (value !== null && isOut(rule, value)) worst = worse(rule, worst, track, value);
    else if (track.fault) anyUnproven = true;
  }
  if (worst !== null) return worst;
  return anyUnproven || !anyCounts ? UNPROVEN : IN;
}

type Extreme = Extract<Evidence, { class: "out" }>;

function worse(rule: Limit, worst: Extreme | null, track: Track, value: Milli): Extreme {
  const candidate: Extreme = {
    class: "out",
    value,
    at: later(track.at, track.from),
    sensor: track.sensor,
  };
  return worst === null || isWorse(rule, candidate, worst) ? candidate : worst;
}

/** Orders extremes: further out first, then earlier, then by name, so that no order of sensors can show. */
export function isWorse(
  rule: Limit,
  a: { readonly value: Milli; readonly at: EpochMs; readonly sensor: string },
  b: { readonly value: Milli; readonly at: EpochMs; readonly sensor: string },
): boolean {
  if (a.value !== b.value) return rule.side === "high" ? a.value > b.value : a.value < b.value;
  if (a.at !== b.at) return a.at < b.at;
  return a.sensor < b.sensor;
}

/** The class that evidence has on a timeline. */
export function classOf(rule: Limit, evidence: Evidence): EvidenceClass {
  return evidence.class === "out" ? rule.side : evidence.class;
}

/** Of the classes that several rules show: high before low before unproven before in. */
export function unionOf(a: EvidenceClass | null, b: EvidenceClass): EvidenceClass {
  return a === null || RANK[b] > RANK[a] ? b : a;
}

const RANK = { off: -1, in: 0, unproven: 1, low: 2, high: 3 } as const satisfies Record<
  EvidenceClass,
  number
>;
