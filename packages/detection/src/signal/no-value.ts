import type { FaultKind, FaultRules, Sample } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";

/** An instant of a sensor beside the one in question. Both null: a fault, or a time in doubt. */
export interface Neighbour {
  readonly at: EpochMs;
  readonly lowest: Milli | null;
  readonly highest: Milli | null;
}

/**
 * Why a sample is no value: its own fault, or what the profile's fault rules find; null if it is one. A function of
 * the sample and the sensor's neighbouring instants, so the order of arrival does not show; a neighbour that is not
 * there yet leaves a value as it is.
 * @param before and `after`: the nearest instants either side; null where there is none.
 */
export function noValueOf(
  { sentinels, step }: FaultRules,
  before: Neighbour | null,
  { at, sample }: { readonly at: EpochMs; readonly sample: Sample },
  after: Neighbour | null,
): FaultKind | null {
  if (sample.kind === "fault") return sample.fault;
  if (sentinels.length > 0 && sentinels.includes(sample.milli)) return "sentinel";
  if (step === null || before === null || after === null) return null;
  if (at - before.at > step.within || after.at - at > step.within) return null;
  const direction = stepFrom(before, sample.milli, sentinels, step.by);
  return direction !== 0 && direction === stepFrom(after, sample.milli, sentinels, step.by)
    ? "impossible-step"
    : null;
}

/** 1 if `value` is further than `by` above all that `neighbour` said, −1 if below, else 0. */
function stepFrom(
  { lowest, highest }: Neighbour,
  value: Milli,
  sentinels: readonly Milli[],
  by: Milli,
): -1 | 0 | 1 {
  // A sentinel is no temperature to measure a step from.
  if (lowest === null || highest === null) return 0;
  if (sentinels.includes(lowest) || sentinels.includes(highest)) return 0;
  if (value - highest > by) return 1;
  return lowest - value > by ? -1 : 0;
}
