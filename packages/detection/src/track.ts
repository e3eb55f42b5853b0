import type { FaultRules, Quantity, Sample, SensorDescription, Sequence } from "@unbroken/model";
import { Milli, type DurationMs, type EpochMs } from "@unbroken/units";
import { firstDoubt, type Doubt } from "./evidence.ts";
import { NEVER, NOT_YET } from "./moment.ts";
import { bandAt } from "./signal/band.ts";
import { isMissing } from "./signal/missing.ts";
import { noValueOf, type Neighbour } from "./signal/no-value.ts";
import type { SilenceTurns } from "./silence-turns.ts";

/** What one sensor said at one moment. */
export interface TimedSample {
  /** Event time: when it was measured. */
  readonly at: EpochMs;
  readonly sample: Sample;
  /** The device's own numbering, where it has one: missing numbers are known gaps. */
  readonly sequence?: Sequence;
  /** Set where the time cannot be trusted: evidence of a temperature, not of when. */
  readonly clock?: "doubtful";
}

/** By what a track's samples are believed. */
export interface Trust {
  readonly accuracy: Milli;
  /** Null: every value is one. */
  readonly faults: FaultRules | null;
}

/**
 * One quantity of one sensor while it counts, `[from, to)`, and a cursor that walks along its samples. The cursor
 * stands on all samples of one instant: where they differ, each rule takes the worse, so the extremes are kept.
 */
export interface Track {
  readonly sensor: string;
  readonly quantity: Quantity;
  /** Sorted by time; several may stand at one instant. */
  readonly samples: readonly TimedSample[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly descriptions: readonly SensorDescription[];
  /** The moment as of which it is looked at: silence is measured up to it. */
  asOf: EpochMs;
  trust: Trust;
  /** What was said at the instant before the first of `samples`, where it matters and is known. */
  before: readonly TimedSample[];
  /** The instant under the cursor; NOT_YET before the first. */
  at: EpochMs;
  highest: Milli | null;
  lowest: Milli | null;
  /** Why some of what was said at the instant is no value; null if all of it is. */
  fault: Doubt | null;
  /** Half the width of the band round its values, and whether its calibration is due. */
  band: Milli;
  overdue: boolean;
  /** From when on its value is none because it is stuck; null if it moves. Kept by the fold. */
  stuckFrom: EpochMs | null;
  /** The next instant, or `asOf` if there is none: until then the values under the cursor hold, or silence lasts. */
  until: EpochMs;
  /** Whether the device's numbers say that something is missing before `until`. */
  missing: boolean;
  /** Index of the first sample under the cursor, and of the first after it. */
  first: number;
  next: number;
  /** What physics says of the silence under the cursor, by limit. */
  silences: Map<object, SilenceTurns> | null;
}

const BELIEVED: Trust = { accuracy: Milli(0), faults: null };
const NOT_DESCRIBED: readonly SensorDescription[] = [];

export function trackOf(
  sensor: string,
  quantity: Quantity,
  samples: readonly TimedSample[],
  stay: { readonly from: EpochMs; readonly to: EpochMs | null },
  asOf: EpochMs,
  descriptions: readonly SensorDescription[] = NOT_DESCRIBED,
): Track {
  return {
    sensor,
    quantity,
    samples,
    from: stay.from,
    to: stay.to ?? NEVER,
    descriptions: quantity === "temperature" ? descriptions : NOT_DESCRIBED,
    asOf,
    trust: BELIEVED,
    before: NOTHING,
    at: NOT_YET,
    highest: null,
    lowest: null,
    fault: null,
    band: Milli(0),
    overdue: false,
    stuckFrom: null,
    until: NEVER,
    missing: false,
    first: 0,
    next: 0,
    silences: null,
  };
}

/** Believes it from here on as another profile says. */
export function believe(track: Track, trust: Trust, moment: EpochMs): void {
  if (track.trust === trust) return;
  track.trust = trust;
  if (track.at !== NOT_YET) weigh(track);
  describe(track, moment);
}

/** Moves the cursor on to the last instant at or before `moment`. */
export function moveTo(track: Track, moment: EpochMs): void {
  const { samples } = track;
  let sample = samples[track.next];
  if (sample !== undefined && sample.at <= moment) {
    do {
      if (sample.at !== track.at) {
        track.at = sample.at;
        track.first = track.next;
      }
      track.next += 1;
      sample = samples[track.next];
    } while (sample !== undefined && sample.at <= moment);
    weigh(track);
  }
  track.until = sample === undefined ? track.asOf : sample.at;
  if (track.descriptions.length > 0) describe(track, moment);
}

/** How far its values can be from the truth at `moment`, and whether they count at all. */
function describe(track: Track, moment: EpochMs): void {
  if (track.quantity !== "temperature") return;
  const { width, overdue } = bandAt(track.descriptions, track.trust.accuracy, moment);
  track.band = width;
  track.overdue = overdue;
}

/** A cursor on the next instant, which is at `moment`; the track stays where it is. */
export function aheadOf(track: Track, moment: EpochMs): Track {
  const ahead: Track = { ...track, silences: null };
  moveTo(ahead, moment);
  return ahead;
}

/** Says what the samples under the cursor are worth. */
function weigh(track: Track): void {
  const { samples, first, next, trust } = track;
  track.highest = null;
  track.lowest = null;
  track.fault = null;
  for (let i = first; i < next; i += 1) {
    const sample = samples[i];
    if (sample === undefined) break;
    const fault = faultOf(track, sample, trust);
    if (fault !== null) track.fault = firstDoubt(track.fault, fault);
    else if (sample.sample.kind === "value") take(track, sample.sample.milli);
  }
  track.missing = isNumberMissing(track);
  track.silences = null;
}

function faultOf(track: Track, sample: TimedSample, { faults }: Trust): Doubt | null {
  if (sample.clock !== undefined) return "clock";
  if (sample.sample.kind === "fault") return "fault";
  if (faults === null || track.quantity !== "temperature") return null;
  const { sentinels } = faults;
  const before = neighbourOf(saidBefore(track), sentinels);
  const after = neighbourOf(saidAfter(track), sentinels);
  return noValueOf(faults, before, sample, after) === null ? null : "fault";
}

function take(track: Track, milli: Milli): void {
  if (track.highest === null || milli > track.highest) track.highest = milli;
  if (track.lowest === null || milli < track.lowest) track.lowest = milli;
}

/** What was said at the instant under the cursor; empty before the first. */
export function saidUnder({ samples, first, next }: Track): readonly TimedSample[] {
  return samples.slice(first, next);
}

/** What was said at the instant before that under the cursor; empty if there was none. */
export function saidBefore({ samples, first, before, at }: Track): readonly TimedSample[] {
  const last = samples[first - 1];
  if (last === undefined) return at === NOT_YET ? NOTHING : before;
  let begin = first - 1;
  while (samples[begin - 1]?.at === last.at) begin -= 1;
  return samples.slice(begin, first);
}

function saidAfter({ samples, next }: Track): readonly TimedSample[] {
  const at = samples[next]?.at;
  let end = next;
  while (at !== undefined && samples[end]?.at === at) end += 1;
  return samples.slice(next, end);
}

const NOTHING: readonly TimedSample[] = [];

/** What a value is compared with: what is no value is nothing to compare with. */
function neighbourOf(said: readonly TimedSample[], sentinels: readonly Milli[]): Neighbour | null {
  const [one] = said;
  if (one === undefined) return null;
  let lowest: Milli | null = null;
  let highest: Milli | null = null;
  for (const { sample, clock } of said) {
    if (sample.kind === "fault" || clock !== undefined || sentinels.includes(sample.milli))
      continue;
    if (lowest === null || sample.milli < lowest) lowest = sample.milli;
    if (highest === null || sample.milli > highest) highest = sample.milli;
  }
  return { at: one.at, lowest, highest };
}

/** Whether any pair of samples, one of this instant and one of the next, says so. */
function isNumberMissing({ samples, first, next }: Track): boolean {
  const after = samples[next]?.at;
  for (let k = next; k < samples.length && samples[k]?.at === after; k += 1) {
    const later = samples[k]?.sequence;
    if (later === undefined) continue;
    for (let i = first; i < next; i += 1) if (isMissing(samples[i]?.sequence, later)) return true;
  }
  return false;
}

/** The first moment after `moment` at which this track can change what is known. */
export function nextChange(track: Track, moment: EpochMs): EpochMs {
  if (moment < track.from) return track.from;
  if (moment >= track.to) return NEVER;
  const sample = track.samples[track.next];
  return sample === undefined || sample.at > track.to ? track.to : sample.at;
}

/** A sensor counts from its first reading on, while it is there. */
export function counts(track: Track, moment: EpochMs): boolean {
  return moment >= track.from && moment < track.to && track.at !== NOT_YET;
}

/** Whether silence after the cursor's instant is such that its values do not hold: then all of it is unproven. */
export function isSilent(track: Track, gap: DurationMs): boolean {
  return track.missing || track.until - track.at > gap;
}

/** Why what is under the cursor proves nothing in the stretch from `moment` on; null if it does. */
export function doubtOf(track: Track, moment: EpochMs, gap: DurationMs): Doubt | null {
  if (track.until - track.at > gap) return "gap";
  if (track.missing) return "missing-numbers";
  return track.fault ?? worthless(track, moment);
}

/** Why values are none at `moment` whatever they are: their probe is stuck, or its calibration due. */
export function worthless(track: Track, moment: EpochMs): Doubt | null {
  if (isOverdue(track, moment)) return "calibration-due";
  return track.stuckFrom !== null && moment >= track.stuckFrom ? "fault" : null;
}

function isOverdue({ descriptions, overdue, trust }: Track, moment: EpochMs): boolean {
  // What is due now was not due at an earlier reading.
  return overdue && bandAt(descriptions, trust.accuracy, moment).overdue;
}

/** How many samples lie before `moment`. */
export function countBefore(samples: readonly TimedSample[], moment: EpochMs): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const sample = samples[middle];
    if (sample !== undefined && sample.at < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
