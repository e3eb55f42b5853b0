import type { EvidenceClass } from "@unbroken/model";
import { DurationMs, EpochMs } from "@unbroken/units";
import type { RuleState } from "./episode.ts";
import type { CoreSpans } from "./goods.ts";
import type { Handling } from "./handling.ts";
import type { StoredProduct } from "./product/stored-product.ts";
import type { RiseState } from "./rise.ts";
import type { SameValues } from "./signal/stuck.ts";
import type { TimedSample } from "./track.ts";
import type { WindowState } from "./window-grid.ts";

/**
 * All that a space's judgement up to `at` (and not at it) leaves behind for what comes: folding may go on from here
 * as if it had begun at the beginning. Plain JSON. What a profile does not ask for is not there.
 */
export interface Checkpoint {
  readonly at: EpochMs;
  /** What is learnt of a moment can change what was before it by so much: it stands for changes that begin later. */
  readonly reach: DurationMs;
  /** The profile that rules just before `at`, by hash. */
  readonly profileHash: string | null;
  /** What the rules have seen, by rule, where they have seen anything. */
  readonly rules: Readonly<Record<string, RuleState>>;
  /** The class of the timeline just before `at`; null before the first sample. */
  readonly class: EvidenceClass | null;
  readonly handling?: Handling;
  readonly windows?: Readonly<Record<string, WindowState>>;
  readonly rises?: Readonly<Record<string, RiseState>>;
  readonly cores?: Readonly<Record<string, CoreSpans>>;
  /** By sensor. */
  readonly goods?: Readonly<Record<string, StoredProduct>>;
  readonly same?: SameValues;
  /** By sensor: from when on what it said last is none because it is stuck. */
  readonly stuck?: Readonly<Record<string, EpochMs>>;
  /** By sensor: what was said at the last instants before `at`, latest first; at the most two. */
  readonly before?: Readonly<Record<string, readonly (readonly TimedSample[])[]>>;
}

export const BEGINNING: Checkpoint = {
  at: EpochMs(0),
  reach: DurationMs(0),
  profileHash: null,
  rules: {},
  class: null,
};

/** Whether a change from `from` on leaves a checkpoint as it is. */
export function stands({ at, reach }: Checkpoint, from: EpochMs): boolean {
  return at + reach <= from;
}
