import type { TimedSample } from "@unbroken/detection";
import { FaultKind, type Sample, type Sequence } from "@unbroken/model";

// What is kept of several messages about one instant of one sensor. The set of them decides, never their order.

export function isSameValue(a: Sample, b: Sample): boolean {
  if (a.kind === "value") return b.kind === "value" && a.milli === b.milli;
  return b.kind === "fault" && a.fault === b.fault;
}

/**
 * The same value of the same instant, told twice: the lowest number of the device's, and a time that is in order if any
 * message told it in order. @returns `known` itself where `told` adds nothing.
 */
export function mergedSamples(known: TimedSample, told: TimedSample): TimedSample {
  const isTrusted = known.clock === "doubtful" && told.clock === undefined;
  const isNumbered = comesFirst(told.sequence, known.sequence);
  if (!isTrusted && !isNumbered) return known;
  const sequence = isNumbered ? told.sequence : known.sequence;
  const { at, sample } = known;
  return {
    at,
    sample,
    ...(sequence === undefined ? {} : { sequence }),
    ...(isTrusted || known.clock === undefined ? {} : { clock: known.clock }),
  };
}

/** Values before faults, each from the lowest up: differing samples of one instant stand in one order. */
export function compareAtOneInstant(
  { sample: a }: TimedSample,
  { sample: b }: TimedSample,
): number {
  if (a.kind === "value") return b.kind === "value" ? a.milli - b.milli : -1;
  if (b.kind === "value") return 1;
  return FaultKind.options.indexOf(a.fault) - FaultKind.options.indexOf(b.fault);
}

function comesFirst(a: Sequence | undefined, b: Sequence | undefined): boolean {
  if (a === undefined) return false;
  if (b === undefined) return true;
  return a.boot === b.boot ? a.number < b.number : a.boot < b.boot;
}
