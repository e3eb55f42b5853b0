import type { Rule } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";
import type { Limit } from "./evidence.ts";

/** What of a rule says which episodes out of range are excursions. */
export type Tolerance = Limit & Pick<Rule, "mode" | "hold" | "clear">;

/**
 * Out of range, so far: runs that hysteresis and `clear` join into one. Plain JSON. Its
 * minutes are those out of range, never those between.
 */
export interface Episode {
  readonly since: EpochMs;
  /** Since when it is out without interruption; null while it is back. */
  readonly outSince: EpochMs | null;
  /** Out of range before `outSince`. */
  readonly outMs: number;
  /** Since when it is back by more than the hysteresis; null while it is not. */
  readonly backSince: EpochMs | null;
  /** For a cumulative rule since when it is out with all time out adding up to the hold; else null. */
  readonly heldSince: EpochMs | null;
  /** `outMs` as it was then. */
  readonly outBeforeMs: number;
  /** The worst value, since when it counted, and the sensor that measured it. */
  readonly peak: Milli;
  readonly peakAt: EpochMs;
  readonly peakSensor: string;
}

/** An episode ends in range or where nothing is proven, which is also where its rule falls silent. */
export type Ending = "in-range" | "unproven";

/** An episode that is over and was an excursion: `[since, until)`. */
export interface EndedEpisode extends Episode {
  readonly until: EpochMs;
  readonly ended: Ending;
  /** Out of range in it, as far as it counts: for a cumulative rule after the hold was reached. */
  readonly provenMs: number;
}

/** All that a rule has seen so far. Plain JSON. */
export interface RuleState {
  readonly episode: Episode | null;
  /** Time out of range before the present episode: of all that is judged (cumulative) or the handling (exposure). */
  readonly totalMs: number;
}

export const UNTOUCHED: RuleState = { episode: null, totalMs: 0 };

/** Time out of range in the episode up to `at`. */
export function outOf(episode: Episode, at: EpochMs): number {
  return episode.outSince === null ? episode.outMs : episode.outMs + (at - episode.outSince);
}

/** What is compared with the rule's hold: all time out for a cumulative rule, that of the handling for an exposure. */
export function heldMs({ episode, totalMs }: RuleState, at: EpochMs): number {
  return episode === null ? totalMs : totalMs + outOf(episode, at);
}

/** Whether a rule does not bear what it has seen up to `at`: out for exactly the hold is too long. */
export function isHeld({ hold }: Tolerance, state: RuleState, at: EpochMs): boolean {
  return heldMs(state, at) >= hold;
}

/** Whether the present episode is an excursion; a rule without hold allows nothing, so that one moment is enough. */
export function isExcursion(rule: Tolerance, state: RuleState, at: EpochMs): boolean {
  if (state.episode === null) return false;
  return rule.mode === "cumulative" ? state.episode.heldSince !== null : isHeld(rule, state, at);
}

/** What identifies an excursion: when the range was left, or when the time out added up to a cumulative hold. */
export function excursionSince({ since, heldSince }: Episode): EpochMs {
  return heldSince ?? since;
}

/** Time out of range in the excursion. */
export function provenMsOf(episode: Episode, at: EpochMs): number {
  return outOf(episode, at) - episode.outBeforeMs;
}
