import type { Sample, Sequence } from "@unbroken/model";
import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import { NEVER, NOT_YET } from "./moment.ts";

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

/**
 * One sensor while it counts, `[from, to)`, and a cursor that walks along its samples. The cursor stands on all
 * samples of one instant: where they differ, each rule takes the worse, so the extremes are all that is kept.
 */
export interface Track {
  readonly sensor: string;
  /** Sorted by time; several may stand at one instant. */
  readonly samples: readonly TimedSample[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** What a sensor that was never heard means: nothing at all, or a time without proof. */
  readonly unheard: "not counted" | "unproven";
  /** The moment as of which it is looked at: silence is measured up to it. */
  asOf: EpochMs;
  /** The instant under the cursor; NOT_YET before the first. */
  at: EpochMs;
  highest: Milli | null;
  lowest: Milli | null;
  fault: boolean;
  /** The next instant, or `asOf` if there is none: until then the values under the cursor hold, or silence lasts. */
  until: EpochMs;
  /** Index of the first sample after the cursor. */
  next: number;
}

export function trackOf(
  sensor: string,
  samples: readonly TimedSample[],
  stay: { readonly from: EpochMs; readonly to: EpochMs | null },
  asOf: EpochMs,
  unheard: Track["unheard"],
): Track {
  return {
    sensor,
    samples,
    from: stay.from,
    to: stay.to ?? NEVER,
    unheard,
    asOf,
    at: NOT_YET,
    highest: null,
    lowest: null,
    fault: false,
    until: NEVER,
    next: 0,
  };
}

/** Moves the cursor on to the last instant at or before `moment`. */
export function moveTo(track: Track, moment: EpochMs): void {
  let sample = track.samples[track.next];
  while (sample !== undefined && sample.at <= moment) {
    if (sample.at !== track.at) {
      track.at = sample.at;
      track.highest = null;
      track.lowest = null;
      track.fault = false;
    }
    take(track, sample.sample);
    track.next += 1;
    sample = track.samples[track.next];
  }
  track.until = sample === undefined ? track.asOf : sample.at;
}

function take(track: Track, sample: Sample): void {
  if (sample.kind === "fault") {
    track.fault = true;
    return;
  }
  if (track.highest === null || sample.milli > track.highest) track.highest = sample.milli;
  if (track.lowest === null || sample.milli < track.lowest) track.lowest = sample.milli;
}

/** The first moment after `moment` at which this track can change what is known. */
export function nextChange(track: Track, moment: EpochMs): EpochMs {
  if (moment < track.from) return track.from;
  if (moment >= track.to) return NEVER;
  const sample = track.samples[track.next];
  return sample === undefined || sample.at > track.to ? track.to : sample.at;
}

export function counts(track: Track, moment: EpochMs): boolean {
  return (
    moment >= track.from &&
    moment < track.to &&
    (track.at !== NOT_YET || track.unheard === "unproven")
  );
}

/** Whether silence after the cursor's instant is too long for its values to hold: then all of it is unproven. */
export function isSilent(track: Track, gap: DurationMs): boolean {
  return track.until - track.at > gap;
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
