import { isOut, type Judged } from "./classes.ts";
import { milliOf, minutesOf, type RuleText } from "./history.ts";
import { saidAt, tracksOf, valueOf, type Known, type Track } from "./known.ts";
import { lengthOf, type Slot } from "./slots.ts";

// The mean over a window that ends at each moment (docs/rules.md, mode `window`), in plain floating point: the sum of
// what held in each of its minutes. Of one sensor.

/** ΔH/R of USP ⟨1160⟩ in K. */
const ACTIVATION = 10_000;
/** A mean kinetic temperature on the limit is on it, whatever the last bits of its exponentials are. */
const RELATIVE = 1e-12;

/** A mean over a window. Where a part is not known, a rate of ageing is at least 0 there; of a value nothing is told. */
interface Mean {
  readonly value: number | null;
  readonly complete: boolean;
}

/**
 * The moments from the first full window on, up to the end, and what lies between them. There the mean moves evenly
 * (that of the rates, where it is the kinetic one), so the two ends tell at which share of the minute it crosses.
 */
export function windowClasses(
  known: Known,
  rule: RuleText,
  slots: readonly Slot[],
): readonly Judged[] {
  const scope = minutesOf(rule.scope ?? "PT0S");
  const minutes = slots.filter((slot) => lengthOf(slot) > 0);
  if (known.to - known.from < scope)
    return minutes.map((slot) => ({ slot, is: "unproven", worst: [] }));
  const [track] = tracksOf(known, quantityOf(rule));
  const held = new Map(
    minutes.map((slot) => [
      slot.from,
      track === undefined ? null : heldIn(known, track, rule, slot),
    ]),
  );
  const meanAt = (end: number): Mean => {
    const inside = minutes.filter(({ from }) => from >= end - scope && from < end);
    const values = inside.map(({ from }) => held.get(from) ?? null);
    const proven = values.flatMap((value) => (value === null ? [] : [weightOf(rule, value)]));
    const complete = proven.length === values.length;
    const told = complete || rule.quantity === "mkt";
    return { value: told ? proven.reduce((sum, each) => sum + each, 0) / scope : null, complete };
  };
  return [
    ...minutes
      .filter(({ from }) => from >= known.from + scope)
      .flatMap((slot) =>
        betweenMoments(rule, slot, meanAt(slot.from), meanAt(slot.to), held.get(slot.from) ?? null),
      ),
    judgedMean(rule, { from: known.to, to: known.to }, meanAt(known.to)),
  ];
}

/** A window says nothing of a moment, only whether there was anything to average. */
export function windowMoments(
  known: Known,
  rule: RuleText,
  slots: readonly Slot[],
): readonly Judged[] {
  const tracks = tracksOf(known, quantityOf(rule));
  return slots.map((slot) => ({
    slot,
    is: tracks.some((track) => heldIn(known, track, rule, slot) !== null) ? "in" : "unproven",
    worst: [],
  }));
}

function betweenMoments(
  rule: RuleText,
  slot: Slot,
  first: Mean,
  last: Mean,
  held: number | null,
): readonly Judged[] {
  const moment = judgedMean(rule, { from: slot.from, to: slot.from }, first);
  const complete = first.complete && last.complete && held !== null;
  const [a, b] = [first.value, last.value];
  if (a === null || b === null) return [moment, judgedMean(rule, slot, { value: null, complete })];
  const limit = weightOf(rule, milliOf(rule.limit));
  const cross = slot.from + ((limit - a) / (b - a)) * lengthOf(slot);
  if (!(cross > slot.from && cross < slot.to)) {
    const inside = judgedMean(rule, slot, { value: (a + b) / 2, complete });
    return [moment, { ...inside, worst: inside.is === "out" ? meansOf(rule, [a, b]) : [] }];
  }
  return [
    moment,
    judgedMean(rule, { from: slot.from, to: cross }, { value: a, complete }),
    judgedMean(rule, { from: cross, to: slot.to }, { value: b, complete }),
  ];
}

function judgedMean(rule: RuleText, slot: Slot, { value, complete }: Mean): Judged {
  if (value === null) return { slot, is: "unproven", worst: [] };
  const limit = weightOf(rule, milliOf(rule.limit));
  const above = Math.abs(value - limit) <= RELATIVE * Math.abs(limit) ? 0 : value - limit;
  if (isOut(rule.cmp, 0, above, 0, true)) return { slot, is: "out", worst: meansOf(rule, [value]) };
  return { slot, is: complete ? "in" : "unproven", worst: [] };
}

function quantityOf({ quantity }: RuleText): "temperature" | "relative_humidity" {
  return quantity === "humidity" ? "relative_humidity" : "temperature";
}

/** What is averaged: the value, or how fast it ages at it. */
function weightOf({ quantity }: RuleText, milli: number): number {
  return quantity === "mkt" ? Math.exp(-ACTIVATION / (milli / 1_000 + 273.15)) : milli;
}

/** In thousandths again. */
function meansOf({ quantity }: RuleText, means: readonly number[]): readonly number[] {
  return means.map((mean) =>
    quantity === "mkt" ? (-ACTIVATION / Math.log(mean) - 273.15) * 1_000 : mean,
  );
}

/** Of two values for one instant the worse for this rule. */
function heldIn(known: Known, track: Track, rule: RuleText, slot: Slot): number | null {
  const said = saidAt(known, track, slot);
  if (said === null || said.silent || said.missing) return null;
  const values = said.rows.map((row) => valueOf(known, track, row, slot));
  const sure = values.filter((value) => value !== null);
  if (sure.length < values.length) return null;
  return rule.cmp === "gt" || rule.cmp === "ge" ? Math.max(...sure) : Math.min(...sure);
}
