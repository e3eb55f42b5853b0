import type { Profile, Quantity, Sample, Sequence } from "@unbroken/model";
import { EpochMs, type DurationMs } from "@unbroken/units";
import { BEGINNING } from "./checkpoint.ts";
import { excursionsOf } from "./excursions.ts";
import type { FoundExcursion } from "./finding.ts";
import { foldBefore, hearSame } from "./fold.ts";
import { foldingFrom, isWindowRule, type Folding, type RuleFold } from "./folding.ts";
import { closeGoods, goodsAccountOf, lookAtGoods } from "./goods-account.ts";
import { isDuring, moveHandling } from "./handling.ts";
import type { IntervalAccount } from "./interval-account.ts";
import { earlier, later, NEVER, NOT_YET } from "./moment.ts";
import { addEvidence, ruleAccountOf, type RuleAccount } from "./rule-account.ts";
import { toleranceOf } from "./rule-fold.ts";
import { quantitiesOf } from "./sensed-quantities.ts";
import { bandAt } from "./signal/band.ts";
import { noFacts, type SpaceFacts } from "./space-facts.ts";
import type { Stay } from "./space-state.ts";
import { step } from "./step.ts";
import { addTemperature } from "./temperature-account.ts";
import {
  believe,
  counts,
  isSilent,
  moveTo,
  trackOf,
  worthless,
  type TimedSample,
  type Track,
} from "./track.ts";
import { isProven } from "./value-evidence.ts";
import { verdictDocument, type VerdictDocument } from "./verdict-document.ts";
import { heatOf } from "./window-grid.ts";

/** One row of what was measured. */
export interface IntervalReading {
  readonly sensor: string;
  /** Temperature unless stated. */
  readonly quantity?: Quantity;
  readonly at: EpochMs;
  readonly sample: Sample;
  readonly sequence?: Sequence;
  readonly clock?: "doubtful";
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
  /** What is stated of the space and its sensors; nothing unless given. */
  readonly facts?: SpaceFacts;
  /** Which sensors stood in the space, and when; all of them all the time unless given. */
  readonly stays?: readonly Stay[];
}

/**
 * Judges `[from, to)` as of `to`: what is measured later is not looked at, what is measured before holds into it.
 * A function of the set of readings: neither order nor duplicates show.
 * @throws RangeError if the interval ends before it begins.
 */
export function judgeInterval(question: IntervalQuestion): VerdictDocument {
  return verdictDocument(accountOf(question));
}

function accountOf(question: IntervalQuestion): IntervalAccount {
  const { profile, readings, from, to, facts } = question;
  const begin = from ?? firstOf(readings) ?? to ?? EpochMs(0);
  const end = to ?? later(begin, lastOf(readings) ?? begin);
  if (end < begin) throw new RangeError("the interval ends before it begins");
  // With the last reading's time as its end, that reading is a moment of the interval.
  const stop = to === undefined ? ((end + 1) as EpochMs) : end;
  const known = facts ?? noFacts;
  const tracks = tracksOf(question, begin, stop, end, known);
  const account: IntervalAccount = {
    profile,
    from: begin,
    to: end,
    rules: profile.rules.map(ruleAccountOf),
    excursions: [],
    timeline: [],
    temperatures: new Map(),
    lowest: null,
    highest: null,
    measuredOften: quantitiesMeasuredOften(tracks, profile),
    goods: profile.product === null ? null : goodsAccountOf(profile.product),
    isAccuracyKnown: tracks.every(
      ({ quantity, descriptions }) =>
        quantity !== "temperature" || bandAt(descriptions, profile.accuracy, end).known,
    ),
  };
  const folding = foldingOf(account, tracks, known);
  warmUp(folding, profile, begin);
  foldBefore(folding, stop);
  close(account, folding);
  return account;
}

function foldingOf(account: IntervalAccount, tracks: readonly Track[], facts: SpaceFacts): Folding {
  const { profile, from, to, rules } = account;
  const observe = (fold: RuleFold, index: number, begin: EpochMs, end: EpochMs): void => {
    const rule = rules[index];
    if (rule === undefined) return;
    const until = earlier(end, to);
    addEvidence(rule, toleranceOf(folding, fold), fold.state, begin, until, fold.evidence);
    if (isWindowRule(fold.rule) && until > begin) addHeat(rule, fold, begin, until, profile.gap);
  };
  const onStretch = (begin: EpochMs, end: EpochMs): void => {
    const ms = earlier(end, to) - begin;
    for (const track of tracks) {
      if (facts.outOfService.some((stretch) => isDuring(stretch, begin))) continue;
      if (track.quantity === "temperature") addValues(account, track, begin, ms);
    }
    if (account.goods !== null) lookAtGoods(account.goods, folding.goods);
  };
  const folding = foldingFrom(
    { ...BEGINNING, at: from, class: "unproven" },
    {
      tracks,
      assignments: [{ profile, from: NOT_YET, to: null }],
      facts,
      windows: "not here",
      observer: observe,
      onStretch,
    },
  );
  return folding;
}

/** Of what values were measured at more than one instant: one reading is a moment. */
function quantitiesMeasuredOften(
  tracks: readonly Track[],
  profile: Profile,
): ReadonlySet<Quantity> {
  const instants = new Map<Quantity, EpochMs>();
  const often = new Set<Quantity>();
  for (const track of tracks) {
    const { quantity } = track;
    const walk = walkOf(track, profile);
    for (const { at } of track.samples) {
      if (often.has(quantity)) break;
      moveTo(walk, at);
      if (walk.highest === null || walk.overdue) continue;
      const first = instants.get(quantity);
      if (first === undefined) instants.set(quantity, at);
      else if (first !== at) often.add(quantity);
    }
  }
  return often;
}

/** Another cursor along the same samples, which are believed as the profile says. */
function walkOf(track: Track, { accuracy, faults }: Profile): Track {
  const { sensor, quantity, samples, from, to, asOf, descriptions } = track;
  const walk = trackOf(sensor, quantity, samples, { from, to }, asOf, descriptions);
  believe(walk, { accuracy, faults }, NOT_YET);
  return walk;
}

/** Phases begin when they do, and a value has been the same for as long as it has, also before the interval. */
function warmUp(folding: Folding, profile: Profile, begin: EpochMs): void {
  const { contacts, temperatures, facts, handling } = folding;
  for (const at of instantsBefore(begin, profile.faults.stuck === null ? [] : temperatures)) {
    for (const track of temperatures) moveTo(track, at);
    hearSame(folding, profile, temperatures, at);
  }
  for (const at of instantsBefore(begin, contacts)) {
    for (const track of contacts) moveTo(track, at);
    for (const view of ["moment", "stretch"] as const)
      moveHandling(handling, contacts, facts.phases, profile.rules, profile.gap, at, view);
  }
  // As of the end of the interval it is known whether handling was ever told of.
  handling.evidence =
    facts.phases.length > 0 || contacts.some(({ quantity }) => quantity === "door_open");
}

function instantsBefore(begin: EpochMs, tracks: readonly Track[]): readonly EpochMs[] {
  const instants = new Set<EpochMs>();
  for (const { samples } of tracks) for (const { at } of samples) if (at < begin) instants.add(at);
  return [...instants].sort((a, b) => a - b);
}

function addHeat(
  { heat }: RuleAccount,
  { rule, tracks, evidence }: RuleFold,
  from: EpochMs,
  to: EpochMs,
  gap: DurationMs,
): void {
  const found =
    evidence.class === "off"
      ? { value: null, band: 0, complete: false }
      : heatOf(rule, tracks, from, gap);
  const last = heat.at(-1);
  const isSame =
    last?.value === found.value && last.band === found.band && last.complete === found.complete;
  if (isSame && last.to === from) heat[heat.length - 1] = { ...last, to };
  else heat.push({ from, to, ...found });
}

function addValues(account: IntervalAccount, track: Track, at: EpochMs, ms: number): void {
  const { lowest, highest } = track;
  const { gap } = account.profile;
  if (!counts(track, at) || lowest === null || highest === null) return;
  if (isSilent(track, gap) && track.at !== at) return;
  if (worthless(track, at) !== null) return;
  if (account.lowest === null || lowest < account.lowest) account.lowest = lowest;
  if (account.highest === null || highest > account.highest) account.highest = highest;
  // Of two values for one instant the warmer counts.
  if (isProven(track, at, gap)) addTemperature(account.temperatures, highest, ms);
}

/** At the end what was waited for has lasted long enough or not, and what lasts stays open. */
function close(account: IntervalAccount, folding: Folding): void {
  const { profile, to } = account;
  for (const fold of folding.rules) {
    if (fold.state.episode === null || fold.state.episode.backSince === null) continue;
    const input = { at: to, evidence: fold.evidence };
    const [state, ended] = step(toleranceOf(folding, fold), fold.state, input);
    fold.state = state;
    for (const episode of ended) folding.ended.push({ profile, rule: fold.rule, episode });
  }
  const found = excursionsOf("", folding, to);
  account.excursions = profile.rules.map(({ id }) =>
    found
      .filter(({ rule }) => rule === id)
      .map(({ since, until, peak, provenMs }): FoundExcursion => ({
        since: since as EpochMs,
        until: until as EpochMs | null,
        peak: peak * 10,
        provenMs,
      })),
  );
  account.timeline = [{ from: account.from, class: "unproven" }, ...folding.turns];
  if (account.goods !== null) closeGoods(account.goods, folding.goods);
}

function tracksOf(
  { profile, readings, stays }: IntervalQuestion,
  from: EpochMs,
  stop: EpochMs,
  asOf: EpochMs,
  facts: SpaceFacts,
): readonly Track[] {
  const histories = new Map<Quantity, Map<string, TimedSample[]>>();
  for (const quantity of quantitiesOf([{ profile }])) histories.set(quantity, new Map());
  for (const reading of readings) {
    if (reading.at >= stop) continue;
    const sensors = histories.get(reading.quantity ?? "temperature");
    if (sensors === undefined) continue;
    const history = sensors.get(reading.sensor);
    if (history === undefined) sensors.set(reading.sensor, [reading]);
    else history.push(reading);
  }
  return [...histories].flatMap(([quantity, sensors]) => {
    const isContact = quantity === "door_open" || quantity === "defrost";
    const whole = { from: isContact ? NOT_YET : from, to: stop };
    return [...sensors].flatMap(([sensor, history]) => {
      history.sort((a, b) => a.at - b.at);
      return stretchesOf(sensor, stays, whole).map((stay) =>
        trackOf(sensor, quantity, history, stay, asOf, facts.sensors.get(sensor)),
      );
    });
  });
}

/** When a sensor counts, within `whole`. */
function stretchesOf(
  sensor: string,
  stays: readonly Stay[] | undefined,
  whole: { readonly from: EpochMs; readonly to: EpochMs },
): readonly (typeof whole)[] {
  if (stays === undefined) return [whole];
  return stays.flatMap((stay) => {
    if (stay.sensor !== sensor) return [];
    const from = later(stay.from, whole.from);
    const to = stay.to === null ? whole.to : earlier(stay.to, whole.to);
    return from < to ? [{ from, to }] : [];
  });
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
