import type { Rule } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";
import { isWorse, type Evidence, type Limit } from "./evidence.ts";

/** What of a rule says which runs out of range are excursions. */
export type Tolerance = Limit & Pick<Rule, "hold">;

/** Out of range without interruption, so far. */
export interface Run {
  readonly since: EpochMs;
  /** The worst value, since when it counted, and the sensor that measured it. */
  readonly peak: Milli;
  readonly peakAt: EpochMs;
  readonly peakSensor: string;
}

/** A run that is over and lasted for the rule's allowance: `[since, until)`. */
export interface EndedRun extends Run {
  readonly until: EpochMs;
  readonly ended: "in-range" | "unproven";
}

/** From `at` on, the evidence is this. Inputs come in the order of time; two may share one instant. */
export interface Input {
  readonly at: EpochMs;
  readonly evidence: Evidence;
}

/**
 * The law of a rule, for live data and for history alike. Pure and total: the same inputs give the same runs for ever.
 * A run is ended by a moment in range or without proof, and only one that lasted for `hold` is worth an event.
 */
export function step(
  rule: Tolerance,
  run: Run | null,
  input: Input,
): readonly [Run | null, readonly EndedRun[]] {
  const { at, evidence } = input;
  if (evidence.class === "out")
    return [run === null ? begun(at, evidence) : grown(rule, run, evidence), NONE];
  if (run === null) return [null, NONE];
  return [null, endedRun(rule, run, at, evidence.class === "in" ? "in-range" : "unproven")];
}

const NONE: readonly EndedRun[] = [];

type Out = Extract<Evidence, { class: "out" }>;

function begun(at: EpochMs, out: Out): Run {
  // A value that was out before this rule held counts from the moment it does.
  const peakAt = out.at > at ? out.at : at;
  return { since: at, peak: out.value, peakAt, peakSensor: out.sensor };
}

function grown(rule: Tolerance, run: Run, out: Out): Run {
  const at = out.at > run.since ? out.at : run.since;
  const peak = { value: run.peak, at: run.peakAt, sensor: run.peakSensor };
  if (!isWorse(rule, { value: out.value, at, sensor: out.sensor }, peak)) return run;
  return { since: run.since, peak: out.value, peakAt: at, peakSensor: out.sensor };
}

/** The end of a run at `until`, if it was an excursion. */
export function endedRun(
  rule: Tolerance,
  run: Run,
  until: EpochMs,
  ended: EndedRun["ended"],
): readonly EndedRun[] {
  return isExcursion(rule, run, until) ? [{ ...run, until, ended }] : NONE;
}

/** Out for exactly the allowance is an excursion; an instant rule allows nothing, so that one moment is enough. */
export function isExcursion(rule: Tolerance, run: Run, until: EpochMs): boolean {
  return until - run.since >= rule.hold;
}
