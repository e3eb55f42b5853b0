import type { Excursion, Judgement, Quantity } from "@unbroken/model";
import { EpochMs, type DurationMs } from "@unbroken/units";
import type { Assignment } from "./assignment.ts";
import { BEGINNING, stands, type Checkpoint } from "./checkpoint.ts";
import type { Turn } from "./folding.ts";
import type { SpaceFacts } from "./space-facts.ts";
import type { TimedSample } from "./track.ts";

/** A sensor while it is in a space: `[from, to)`, `to` null while it lasts. */
export interface Stay {
  readonly sensor: string;
  readonly from: EpochMs;
  readonly to: EpochMs | null;
}

/** What a space is judged by. */
export interface SpaceContext {
  readonly space: string;
  readonly assignments: readonly Assignment[];
  readonly stays: readonly Stay[];
  readonly facts: SpaceFacts;
  /**
   * All samples of a quantity of a sensor from the last at or before `from` on (all of that instant), wherever it was, sorted by
   * time, each once. Must be able to reach back to `lookbackOf`.
   */
  readonly history: (sensor: string, from: EpochMs, quantity: Quantity) => readonly TimedSample[];
  /** Every excursion of the space, retracted ones too, that is open or ended at or after `lookbackOf`. */
  readonly known: readonly Excursion[];
}

/** How a sensor of the space was last heard. */
export interface Heard {
  readonly sensor: string;
  readonly at: EpochMs;
  /** Whether a gap that begins at `at` was said and not yet ended. */
  readonly silent: boolean;
}

/** What a space's judge keeps between calls. Plain JSON; `snapshots` is the same array until one is added or dropped. */
export interface SpaceState {
  readonly live: {
    /** What no reading measured from `settled.at` on can change. */
    readonly settled: Checkpoint;
    /** The timeline that was said for the time from `settled.at` on. */
    readonly turns: readonly Turn[];
    /** Open excursions as they stand: their proven time and peak grow without a new revision. */
    readonly open: readonly Excursion[];
    readonly heard: readonly Heard[];
    /** The latest moment as of which the space was judged. */
    readonly asOf: EpochMs;
    /** A tick changes nothing until asOf is past this moment; null if no tick can. */
    readonly deadline: EpochMs | null;
  };
  /** Where a late reading can start to fold again, earliest first. */
  readonly snapshots: readonly Checkpoint[];
}

/** What is new: the earliest measuredAt of new samples (or from when new facts hold); null for a tick alone. */
export interface Change {
  readonly from: EpochMs;
}

export type Judged = readonly [SpaceState, readonly Judgement[]];

export const initialSpaceState: SpaceState = {
  live: {
    settled: BEGINNING,
    turns: [],
    open: [],
    heard: [],
    asOf: EpochMs(0),
    deadline: null,
  },
  snapshots: [],
};

/** Excursions that are open now, with what is proven so far. */
export function openExcursions(state: SpaceState): readonly Excursion[] {
  return state.live.open;
}

/** How far back history and known excursions must reach to judge a change from `changedFrom` on; 0: all. */
export function lookbackOf(state: SpaceState, changedFrom: EpochMs | null): EpochMs {
  const { at, rules } = checkpointBefore(state, changedFrom);
  let earliest = at;
  // A return that has not lasted yet ended an episode before the checkpoint, or will not have: the excursion that was
  // made of it must be known.
  for (const { episode } of Object.values(rules)) {
    const backSince = episode?.backSince ?? null;
    if (backSince !== null && backSince < earliest) earliest = backSince;
  }
  return earliest;
}

/** The latest checkpoint that a change from `changedFrom` on leaves as it is. */
export function checkpointBefore(state: SpaceState, changedFrom: EpochMs | null): Checkpoint {
  const { settled } = state.live;
  if (changedFrom === null || stands(settled, changedFrom)) return settled;
  return state.snapshots.findLast((snapshot) => stands(snapshot, changedFrom)) ?? BEGINNING;
}

/**
 * Whether a sample measured at `at` can matter to a stay: one just before or after it can, for a value holds until
 * the next, wherever that is measured.
 */
export function touchesStay(stay: Stay, at: EpochMs, longestGap: DurationMs): boolean {
  return stay.from - at <= longestGap && (stay.to === null || at - stay.to <= longestGap);
}
