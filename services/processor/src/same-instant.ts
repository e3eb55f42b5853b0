import { FaultKind, type Sample, type Sequence } from "@unbroken/model";
import { timed, type KeptSample } from "./kept-sample.ts";

// What is kept of several messages about one instant of one sensor. The set of them decides, never their order.

export function isSameValue(a: Sample, b: Sample): boolean {
  if (a.kind === "value") return b.kind === "value" && a.milli === b.milli;
  return b.kind === "fault" && a.fault === b.fault;
}

/**
 * The same value of the same instant, told twice: the lowest number of the device's, and when it was first received; a
 * time that is ours goes before the device's. @returns `known` itself where `told` adds nothing.
 */
export function mergedSamples(known: KeptSample, told: KeptSample): KeptSample {
  const isNumbered = comesFirst(told.sequence, known.sequence);
  const isEarlier =
    known.receivedAt !== undefined &&
    (told.receivedAt === undefined || told.receivedAt < known.receivedAt);
  if (!isNumbered && !isEarlier) return known;
  const sequence = isNumbered ? told.sequence : known.sequence;
  const receivedAt = isEarlier ? told.receivedAt : known.receivedAt;
  const { at, sample } = known;
  const merged = sequence === undefined ? { at, sample } : { at, sample, sequence };
  return receivedAt === undefined ? merged : timed(merged, receivedAt);
}

/** Values before faults, each from the lowest up: differing samples of one instant stand in one order. */
export function compareAtOneInstant({ sample: a }: KeptSample, { sample: b }: KeptSample): number {
  if (a.kind === "value") return b.kind === "value" ? a.milli - b.milli : -1;
  if (b.kind === "value") return 1;
  return FaultKind.options.indexOf(a.fault) - FaultKind.options.indexOf(b.fault);
}

function comesFirst(a: Sequence | undefined, b: Sequence | undefined): boolean {
  if (a === undefined) return false;
  if (b === undefined) return true;
  return a.boot === b.boot ? a.number < b.number : a.boot < b.boot;
}
