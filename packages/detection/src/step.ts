import type { EpochMs } from "@unbroken/units";
import {
  excursionSince,
  heldMs,
  isExcursion,
  isHeld,
  outOf,
  provenMsOf,
  UNTOUCHED,
  type EndedEpisode,
  type Ending,
  type Episode,
  type RuleState,
  type Tolerance,
} from "./episode.ts";
import { isWorse, OFF, type Evidence, type Out } from "./evidence.ts";

/** From `at` on, the evidence is this. Inputs come in the order of time; two may share one instant. */
export interface Input {
  readonly at: EpochMs;
  readonly evidence: Evidence;
}

export type Stepped = readonly [RuleState, readonly EndedEpisode[]];

/**
 * The law of a rule, for live data and for history alike. Pure and total: the same inputs give the same episodes for
 * ever, and the same evidence said twice changes nothing. Only episodes that are excursions are worth an event. When
 * the time out reaches the hold of a cumulative rule, an input is due: its excursion begins with it.
 */
export function step(rule: Tolerance, state: RuleState, { at, evidence }: Input): Stepped {
  const { episode } = state;
  if (episode === null) return withoutEpisode(rule, state, at, evidence);
  if (episode.backSince !== null && at - episode.backSince >= rule.clear) {
    const [cleared, ended] = over(rule, state, episode.backSince, "in-range");
    const [next] = withoutEpisode(rule, cleared, at, evidence);
    return [next, ended];
  }
  switch (evidence.class) {
    case "out":
      return [grown(rule, state, episode, at, evidence), NONE];
    case "near":
      return [paused(state, episode, at, null), NONE];
    case "in":
      return rule.clear > 0
        ? [paused(state, episode, at, episode.backSince ?? at), NONE]
        : over(rule, state, at, "in-range");
    case "unproven":
      return over(rule, state, at, "unproven");
    case "off": {
      const [rest, ended] = over(rule, state, at, "unproven");
      return [silenced(rule, rest), ended];
    }
  }
}

const NONE: readonly EndedEpisode[] = [];

/** The end of a rule's time at `at`: its episode does not outlive it. */
export function finish(rule: Tolerance, state: RuleState, at: EpochMs): readonly EndedEpisode[] {
  return step(rule, state, { at, evidence: OFF })[1];
}

function withoutEpisode(
  rule: Tolerance,
  state: RuleState,
  at: EpochMs,
  evidence: Evidence,
): Stepped {
  if (evidence.class === "out") return [begun(rule, state, at, evidence), NONE];
  return [evidence.class === "off" ? silenced(rule, state) : state, NONE];
}

/** A handling ends where the rule does not apply; what adds up over all that is judged stays. */
function silenced(rule: Tolerance, state: RuleState): RuleState {
  return rule.mode === "exposure" && state !== UNTOUCHED ? UNTOUCHED : state;
}

function begun(rule: Tolerance, { totalMs }: RuleState, at: EpochMs, out: Out): RuleState {
  return {
    episode: {
      since: at,
      outSince: at,
      outMs: 0,
      backSince: null,
      heldSince: rule.mode === "cumulative" && totalMs >= rule.hold ? at : null,
      outBeforeMs: 0,
      peak: out.value,
      // A value that was out before this rule held counts from the moment it does.
      peakAt: out.at > at ? out.at : at,
      peakSensor: out.sensor,
    },
    totalMs,
  };
}

function grown(
  rule: Tolerance,
  state: RuleState,
  episode: Episode,
  at: EpochMs,
  out: Out,
): RuleState {
  if (rule.mode === "cumulative" && episode.heldSince === null && isHeld(rule, state, at))
    return { ...state, episode: heldFrom(episode, at, out) };
  const from = excursionSince(episode);
  const peakAt = out.at > from ? out.at : from;
  const isPeak = isWorse(
    rule,
    { value: out.value, at: peakAt, sensor: out.sensor },
    { value: episode.peak, at: episode.peakAt, sensor: episode.peakSensor },
  );
  if (episode.outSince !== null && !isPeak) return state;
  const again = { ...episode, outSince: episode.outSince ?? at, backSince: null };
  return {
    ...state,
    episode: isPeak ? { ...again, peak: out.value, peakAt, peakSensor: out.sensor } : again,
  };
}

/** From here on it is an excursion of a cumulative rule: what was before was borne. */
function heldFrom(episode: Episode, at: EpochMs, out: Out): Episode {
  return {
    ...episode,
    outSince: at,
    outMs: outOf(episode, at),
    backSince: null,
    heldSince: at,
    outBeforeMs: outOf(episode, at),
    peak: out.value,
    peakAt: out.at > at ? out.at : at,
    peakSensor: out.sensor,
  };
}

/** The run is over and the episode is not: near the limit, or back for less than `clear`. */
function paused(
  state: RuleState,
  episode: Episode,
  at: EpochMs,
  backSince: EpochMs | null,
): RuleState {
  if (episode.outSince === null && episode.backSince === backSince) return state;
  return {
    ...state,
    episode: { ...episode, outSince: null, outMs: outOf(episode, at), backSince },
  };
}

/** The episode is over at `until`, which may lie before now. */
function over(rule: Tolerance, state: RuleState, until: EpochMs, ended: Ending): Stepped {
  const { episode } = state;
  if (episode === null) return [state, NONE];
  const addsUp = rule.mode === "cumulative" || rule.mode === "exposure";
  const rest = addsUp ? { episode: null, totalMs: heldMs(state, until) } : UNTOUCHED;
  if (!isExcursion(rule, state, until)) return [rest, NONE];
  const since = excursionSince(episode);
  return [rest, [{ ...episode, since, until, ended, provenMs: provenMsOf(episode, until) }]];
}
