import type { EvidenceClass, Rule } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";

/** Why nothing is proven. Of several the one that stands first is told. */
export const doubts = [
  "profile-not-in-force",
  "nothing-measured",
  "gap",
  "missing-numbers",
  "clock",
  "fault",
  "calibration-due",
  "accuracy",
  "estimate",
  "window-too-short",
] as const;
export type Doubt = (typeof doubts)[number];

/** What is known of one rule at one moment or over one stretch. */
export type Evidence =
  | { readonly class: "in" }
  /** In range, but by no more than the rule's hysteresis. */
  | { readonly class: "near" }
  /** The rule is silent: it does not apply, or the space is out of service. */
  | { readonly class: "off" }
  | { readonly class: "unproven"; readonly why: Doubt }
  | {
      readonly class: "out";
      /** The most extreme value of all sensors that are out, since when it counts, and whose it is. */
      readonly value: Milli;
      readonly at: EpochMs;
      readonly sensor: string;
    };

export type Out = Extract<Evidence, { class: "out" }>;
export type Unproven = Extract<Evidence, { class: "unproven" }>;

export const IN: Evidence = { class: "in" };
export const NEAR: Evidence = { class: "near" };
export const OFF: Evidence = { class: "off" };

const UNPROVEN = Object.fromEntries(
  doubts.map((why) => [why, { class: "unproven", why }]),
) as unknown as Readonly<Record<Doubt, Unproven>>;

export function unproven(why: Doubt): Unproven {
  return UNPROVEN[why];
}

const RANK_OF_DOUBT = Object.fromEntries(doubts.map((why, i) => [why, i])) as Readonly<
  Record<Doubt, number>
>;

/** Of two doubts the one that is told; so that no order of sensors can show. */
export function firstDoubt(a: Doubt | null, b: Doubt): Doubt {
  return a === null || RANK_OF_DOUBT[b] < RANK_OF_DOUBT[a] ? b : a;
}

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
 * What a value says of a limit if the truth is within `band` either side of it: out if all of the band is, in range
 * if none is. In range by no more than `hysteresis` is near.
 */
export function classify(
  limit: Limit,
  value: Milli,
  band: Milli,
  hysteresis: Milli,
): "out" | "unproven" | "near" | "in" {
  const inner = limit.side === "high" ? -1 : 1;
  if (isOut(limit, (value + inner * band) as Milli)) return "out";
  if (band > 0 && isOut(limit, (value - inner * band) as Milli)) return "unproven";
  return hysteresis > 0 && inner * (value - limit.limit) <= hysteresis ? "near" : "in";
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
  switch (evidence.class) {
    case "out":
      return rule.side;
    case "near":
      return "in";
    case "in":
    case "off":
    case "unproven":
      return evidence.class;
  }
}

/** Of the classes that several rules show: high before low before unproven before in; a silent rule says nothing. */
export function unionOf(a: EvidenceClass | null, b: EvidenceClass): EvidenceClass {
  return a === null || RANK[b] > RANK[a] ? b : a;
}

const RANK = { off: -1, in: 0, unproven: 1, low: 2, high: 3 } as const satisfies Record<
  EvidenceClass,
  number
>;
