import { CLOCK_TOLERANCE, type Sample } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { KeptSample } from "./kept-sample.ts";
import { compareAtOneInstant, isSameValue, mergedSamples } from "./same-instant.ts";
import { decodeStretch, encodeStretch } from "./stretch-codec.ts";

/** Where the stretches of one sensor are kept, newest first. */
export interface StretchSource {
  /** Stretches older than the given start (all if null), newest first, at most `max`. */
  older(than: EpochMs | null, max: number): Promise<readonly Uint8Array[]>;
}

export type Outcome =
  | { readonly kind: "new"; readonly newest: boolean }
  /** `told`: the value was known, and yet this says more of it: its number, or that its time can be trusted. */
  | { readonly kind: "duplicate"; readonly told: boolean }
  /** Another value stands at this instant; both are kept. */
  | { readonly kind: "conflict"; readonly kept: readonly Sample[] };

/** Samples in one stretch: few enough to write again with each reading, many enough to make a year a few thousand rows. */
const STRETCH_MAX = 64;

const NO_SAMPLES = encodeStretch([]);

interface Stretch {
  /** The time of its first sample when it was last stored; null if it never was. */
  storedAs: EpochMs | null;
  readonly samples: KeptSample[];
  dirty: boolean;
}

/** All samples of one quantity of one sensor, the newest in memory, the older loaded when late data asks for them. */
export class SensorHistory {
  readonly #source: StretchSource;
  /** Oldest first, adjoining. */
  #stretches: Stretch[] = [];
  #complete = false;
  #removed: EpochMs[] = [];

  constructor(source: StretchSource) {
    this.#source = source;
  }

  /** Makes sure that the last sample at or before `from`, and all after it, are in memory. */
  async loadBackTo(from: EpochMs): Promise<void> {
    while (!this.#complete) {
      const oldest = this.#stretches[0];
      const first = oldest?.samples[0];
      if (first !== undefined && first.at <= from) return;
      const batch = await this.#source.older(
        oldest?.storedAs ?? null,
        first === undefined ? 1 : 64,
      );
      if (batch.length === 0) this.#complete = true;
      for (const bytes of batch) {
        const samples = decodeStretch(bytes);
        this.#stretches.unshift({ storedAs: samples[0]?.at ?? null, samples, dirty: false });
      }
    }
  }

  get newestAt(): EpochMs | null {
    return this.#stretches.at(-1)?.samples.at(-1)?.at ?? null;
  }

  /** Samples in memory. */
  get size(): number {
    return this.#stretches.reduce((sum, stretch) => sum + stretch.samples.length, 0);
  }

  /** The history must be loaded back to the sample's time. */
  insert(timed: KeptSample): Outcome {
    const { at } = timed;
    const stretch = this.#stretchFor(at);
    const samples = stretch.samples;
    const last = samples.at(-1);
    const newest = stretch === this.#stretches.at(-1) && (last === undefined || at > last.at);
    const end = newest ? samples.length : samples.findLastIndex((other) => other.at <= at) + 1;
    const start = firstAt(samples, end, at);
    const there = samples.slice(start, end);
    const known = there.findIndex((other) => isSameValue(other.sample, timed.sample));
    const same = there[known];
    if (same !== undefined) {
      const merged = mergedSamples(same, timed);
      if (merged === same) return { kind: "duplicate", told: false };
      samples[start + known] = merged;
      stretch.dirty = true;
      return { kind: "duplicate", told: true };
    }
    const before = there.filter((other) => compareAtOneInstant(other, timed) < 0).length;
    samples.splice(start + before, 0, timed);
    stretch.dirty = true;
    if (samples.length > STRETCH_MAX) this.#split(stretch);
    if (there.length === 0) return { kind: "new", newest };
    return { kind: "conflict", kept: [...there, timed].map(({ sample }) => sample) };
  }

  /**
   * The sample that `told` is sent again of: of the same number and value, both timed by our clock, by which each arrival
   * has another time. Numbers rise with time, but for what a message takes on its way.
   * @returns null if there is none since `floor`; "not loaded" if an older one may be.
   */
  sentBefore(told: KeptSample, floor: EpochMs): KeptSample | null | "not loaded" {
    const { sequence, at } = told;
    if (sequence === undefined) return null;
    for (const { samples } of this.#stretches.toReversed()) {
      for (const other of samples.toReversed()) {
        if (other.at < floor) return null;
        if (other.receivedAt !== undefined || other.sequence?.boot !== sequence.boot) continue;
        const { number } = other.sequence;
        if (number === sequence.number && isSameValue(other.sample, told.sample)) return other;
        if (number < sequence.number && other.at + CLOCK_TOLERANCE < at) return null;
      }
    }
    return this.#complete ? null : "not loaded";
  }

  /** Loads the next older samples than those that are loaded. */
  async loadMore(): Promise<void> {
    const oldest = this.#stretches[0]?.samples[0];
    if (oldest !== undefined) await this.loadBackTo((oldest.at - 1) as EpochMs);
  }

  /** Takes out a sample that is loaded. */
  remove(kept: KeptSample): void {
    const stretch = this.#stretches.find(({ samples }) => samples.includes(kept));
    if (stretch === undefined) throw new RangeError("a sample that is not loaded");
    stretch.samples.splice(stretch.samples.indexOf(kept), 1);
    stretch.dirty = true;
    if (stretch.samples.length > 0) return;
    if (stretch.storedAs !== null) this.#removed.push(stretch.storedAs);
    this.#stretches.splice(this.#stretches.indexOf(stretch), 1);
  }

  /** Samples at or after the last one at or before `from`, in time order. */
  from(from: EpochMs): readonly KeptSample[] {
    const last = this.#stretches.at(-1);
    const tailStart = last?.samples[0];
    if (last !== undefined && tailStart !== undefined && tailStart.at <= from)
      return sliceFrom(last.samples, from);
    const start = Math.max(
      0,
      this.#stretches.findLastIndex(({ samples }) => (samples[0]?.at ?? 0) <= from),
    );
    return sliceFrom(
      this.#stretches.slice(start).flatMap(({ samples }) => samples),
      from,
    );
  }

  /** Takes up the newest stretch as `takeChanges` gave it; nothing may be loaded. */
  takeUp(tail: Uint8Array): void {
    this.#stretches.push({ storedAs: null, samples: decodeStretch(tail), dirty: false });
  }

  /**
   * What changed since the last call: rows to write and starts whose rows are gone, and the newest stretch, which is
   * kept apart from the rows: it changes with each reading.
   */
  takeChanges(): {
    readonly written: readonly (readonly [EpochMs, Uint8Array])[];
    readonly removed: readonly EpochMs[];
    readonly tail: Uint8Array;
  } {
    const written: (readonly [EpochMs, Uint8Array])[] = [];
    const removed = this.#removed;
    this.#removed = [];
    for (const stretch of this.#stretches.slice(0, -1)) {
      const start = stretch.samples[0]?.at;
      if (!stretch.dirty || start === undefined) continue;
      if (stretch.storedAs !== null && stretch.storedAs !== start) removed.push(stretch.storedAs);
      written.push([start, encodeStretch(stretch.samples)]);
      stretch.storedAs = start;
      stretch.dirty = false;
    }
    const tail = this.#stretches.at(-1);
    if (tail === undefined) return { written, removed, tail: NO_SAMPLES };
    if (tail.storedAs !== null) removed.push(tail.storedAs);
    tail.storedAs = null;
    tail.dirty = false;
    return { written, removed, tail: encodeStretch(tail.samples) };
  }

  /** Lets go of all but the newest stretches; nothing may be dirty. */
  shrink(): void {
    if (this.#stretches.length <= 2) return;
    this.#stretches = this.#stretches.slice(-2);
    this.#complete = false;
  }

  #stretchFor(at: EpochMs): Stretch {
    let index = this.#stretches.length - 1;
    while (index > 0 && (this.#stretches[index]?.samples[0]?.at ?? 0) > at) index--;
    const found = this.#stretches[index];
    if (found !== undefined) return found;
    const first: Stretch = { storedAs: null, samples: [], dirty: true };
    this.#stretches.push(first);
    return first;
  }

  /** One instant never lies in two stretches, so that conflicts are seen. */
  #split(stretch: Stretch): void {
    const samples = stretch.samples;
    const isTail = stretch === this.#stretches.at(-1);
    // A tail grows at its end: leave it full and go on with the newest sample alone. What is full is no tail any more.
    let at = isTail ? samples.length - 1 : samples.length >> 1;
    while (at > 0 && samples[at - 1]?.at === samples[at]?.at) at--;
    if (at === 0) return;
    const rest: Stretch = { storedAs: null, samples: samples.splice(at), dirty: true };
    this.#stretches.splice(this.#stretches.indexOf(stretch) + 1, 0, rest);
  }
}

/** The index of the first of the samples at `at` that end before `end`. */
function firstAt(samples: readonly KeptSample[], end: number, at: EpochMs): number {
  let start = end;
  while (start > 0 && samples[start - 1]?.at === at) start--;
  return start;
}

function sliceFrom(samples: readonly KeptSample[], from: EpochMs): readonly KeptSample[] {
  let index = samples.findLastIndex((sample) => sample.at <= from);
  if (index < 0) return samples;
  // All samples of that instant: a conflict is one moment.
  while (index > 0 && samples[index - 1]?.at === samples[index]?.at) index--;
  return samples.slice(index);
}
