import type { EvidenceClass, Profile, Sample } from "@unbroken/model";
import { EpochMs, type DurationMs, type Milli } from "@unbroken/units";
import { classOf, combine, unionOf } from "./evidence.ts";
import { earlier, later, NEVER, NOT_YET } from "./moment.ts";
import type { IntervalAccount } from "./interval-account.ts";
import { addEvidence, ruleAccountOf } from "./rule-account.ts";
import { addTemperature } from "./temperature-account.ts";
import { isSilent, moveTo, nextChange, trackOf, type TimedSample, type Track } from "./track.ts";
import { verdictDocument, type VerdictDocument } from "./verdict-document.ts";

/** One row of what was measured. */
export interface IntervalReading {
  readonly sensor: string;
  readonly at: EpochMs;
  readonly sample: Sample;
}

export interface IntervalQuestion {
  readonly profile: Profile;
  /** In any order; the same row twice is one row. */
  readonly readings: readonly IntervalReading[];
  /** Begin of the interval; the first reading's time unless stated. */
  readonly from?: EpochMs;
  /** End of the interval, and the moment as of which it is looked at. Unless stated the last reading's time; that
   * reading is then looked at too, for it is there. */
  readonly to?: EpochMs;
}

/**
 * Judges `[from, to)` as of `to`: what is measured later is not looked at, what is measured before holds into it.
 * A function of the set of readings: neither order nor duplicates show.
 * @throws RangeError if the interval ends before it begins.
 */
export function judgeInterval(question: IntervalQuestion): VerdictDocument {
  return verdictDocument(accountOf(question));
}

function accountOf({ profile, readings, from, to }: IntervalQuestion): IntervalAccount {
  const begin = from ?? firstOf(readings) ?? to ?? EpochMs(0);
  const end = to ?? later(begin, lastOf(readings) ?? begin);
  if (end < begin) throw new RangeError("the interval ends before it begins");
  // With the last reading's time as its end, that reading is a moment of the interval.
  const stop = to === undefined ? ((end + 1) as EpochMs) : end;
  const seen = readings.filter(({ at }) => at < stop);
  const account: IntervalAccount = {
    profile,
    from: begin,
    to: end,
    rules: profile.rules.flatMap((rule) => (rule.mode === "window" ? [] : [ruleAccountOf(rule)])),
    timeline: [],
    heat: [],
    temperatures: new Map(),
    lowest: null,
    highest: null,
    instants: new Set(seen.filter(({ sample }) => sample.kind === "value").map(({ at }) => at))
      .size,
  };
  sweep(account, tracksOf(seen, begin, stop, end), stop);
  return account;
}

/** Walks from change to change. */
function sweep(account: IntervalAccount, tracks: readonly Track[], stop: EpochMs): void {
  for (let at = account.from; at < stop;) {
    let next = stop;
    for (const track of tracks) {
      moveTo(track, at);
      next = earlier(next, nextChange(track, at));
    }
    const ms = earlier(next, account.to) - at;
    addHeat(account, tracks, at, ms);
    account.timeline.push({ from: at, class: addRules(account, tracks, at, ms) ?? "unproven" });
    for (const track of tracks) addValues(account, track, at, ms);
    at = next;
  }
}

/** @returns the class of the stretch by the rules that decide; null if none does. */
function addRules(
  { profile, rules, heat }: IntervalAccount,
  tracks: readonly Track[],
  at: EpochMs,
  ms: number,
): EvidenceClass | null {
  let union: EvidenceClass | null = null;
  for (const account of rules) {
    const { rule } = account;
    addEvidence(account, at, 0, combine(rule, tracks, at, profile.gap, "moment"));
    const evidence = combine(rule, tracks, at, profile.gap, "stretch");
    addEvidence(account, at, ms, evidence);
    if (rule.severity === "break") union = unionOf(union, classOf(rule, evidence));
  }
  // A window has no minutes of its own: of its rule the timeline shows whether there was proof.
  const decides = profile.rules.some((rule) => rule.mode === "window" && rule.severity === "break");
  return decides ? unionOf(union, heat.at(-1)?.complete === true ? "in" : "unproven") : union;
}

function addHeat(
  { profile, heat }: IntervalAccount,
  tracks: readonly Track[],
  at: EpochMs,
  ms: number,
): void {
  let warmest: Milli | null = null;
  let complete = tracks.length > 0;
  for (const track of tracks) {
    const value = isProven(track, profile.gap) ? track.highest : null;
    if (value === null) complete = false;
    else if (warmest === null || value > warmest) warmest = value;
  }
  const to = (at + ms) as EpochMs;
  const last = heat.at(-1);
  if (last?.warmest === warmest && last.complete === complete)
    heat[heat.length - 1] = { ...last, to };
  else heat.push({ from: at, to, warmest, complete });
}

function isProven(track: Track, gap: DurationMs): boolean {
  return track.at !== NOT_YET && !track.fault && !isSilent(track, gap);
}

function addValues(account: IntervalAccount, track: Track, at: EpochMs, ms: number): void {
  const { lowest, highest } = track;
  if (track.at === NOT_YET || lowest === null || highest === null) return;
  const silent = isSilent(track, account.profile.gap);
  if (silent && track.at !== at) return;
  if (account.lowest === null || lowest < account.lowest) account.lowest = lowest;
  if (account.highest === null || highest > account.highest) account.highest = highest;
  // Of two values for one instant the warmer counts.
  if (isProven(track, account.profile.gap)) addTemperature(account.temperatures, highest, ms);
}

function tracksOf(
  readings: readonly IntervalReading[],
  from: EpochMs,
  stop: EpochMs,
  asOf: EpochMs,
): readonly Track[] {
  const histories = new Map<string, TimedSample[]>();
  for (const { sensor, at, sample } of readings) {
    const history = histories.get(sensor);
    if (history === undefined) histories.set(sensor, [{ at, sample }]);
    else history.push({ at, sample });
  }
  return [...histories].map(([sensor, history]) =>
    trackOf(
      sensor,
      history.sort((a, b) => a.at - b.at),
      { from, to: stop },
      asOf,
      "unproven",
    ),
  );
}

function firstOf(readings: readonly IntervalReading[]): EpochMs | null {
  let first = NEVER;
  for (const { at } of readings) first = earlier(first, at);
  return first === NEVER ? null : first;
}

function lastOf(readings: readonly IntervalReading[]): EpochMs | null {
  let last = NOT_YET;
  for (const { at } of readings) last = later(last, at);
  return last === NOT_YET ? null : last;
}
