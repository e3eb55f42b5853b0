import type { EvidenceClass } from "@unbroken/model";
import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import { concatRuns, noRuns, type RunsAccount } from "./runs-account.ts";

/** What a moment is to a rule; `off`: out of service, so that nothing is asked of it. */
export type AccountClass = EvidenceClass | "off";

/** The warmest or coldest value, since when it counted in the stretch, and the sensor that measured it. */
export interface Extreme {
  readonly value: Milli;
  readonly at: EpochMs;
  readonly sensor: string;
}

/**
 * The account of one stretch of time, `[from, to)`, against one rule or the union of several. Accounts of stretches
 * that follow each other are joined by `concat`, exactly and in any grouping: all sums are whole numbers.
 *
 * The runs of a union are out of range on either side; rules with a hold of their own have accounts of their own.
 */
export interface StretchAccount {
  /** Null in the account of no time at all. */
  readonly stretch: { readonly from: EpochMs; readonly to: EpochMs } | null;
  /** The time of each class; together they are the whole stretch. */
  readonly ms: Readonly<Record<AccountClass, DurationMs>>;
  /** Runs that are proven out of range. */
  readonly proven: RunsAccount;
  /** Runs that are out of range if all that is unproven was. */
  readonly possible: RunsAccount;
  /** By how much above the limit, in m°C·ms. */
  readonly aboveMilliMs: bigint;
  /** By how much below the limit, in m°C·ms. */
  readonly belowMilliMs: bigint;
  /** How long a value was proven; less than the covered time where a probe both measured and failed. */
  readonly valueMs: DurationMs;
  /** The sum of value × time, in m°C·ms. */
  readonly valueMilliMs: bigint;
  /** The sum of rate × time, in ms of ageing at the reference temperature (`reference-rate.ts`), in its fixed point. */
  readonly agedMs: bigint;
  /** ΔH/R in mK that `agedMs` was summed with; null while there is none. */
  readonly activation: bigint | null;
  readonly highest: Extreme | null;
  readonly lowest: Extreme | null;
  /** At how many instants a value was measured. */
  readonly readings: number;
}

/** The account of no time: joined to another it changes nothing. */
export const emptyAccount: StretchAccount = {
  stretch: null,
  ms: msByClass(0, 0, 0, 0, 0),
  proven: noRuns,
  possible: noRuns,
  aboveMilliMs: 0n,
  belowMilliMs: 0n,
  valueMs: 0 as DurationMs,
  valueMilliMs: 0n,
  agedMs: 0n,
  activation: null,
  highest: null,
  lowest: null,
  readings: 0,
};

/**
 * Joins the accounts of two stretches, `b` after `a`. Associative to the bit, with `emptyAccount` as its identity.
 * Time between them that neither tells of is unproven.
 * @throws RangeError if they overlap, or were summed with different activation energies.
 */
export function concat(a: StretchAccount, b: StretchAccount): StretchAccount {
  if (a.stretch === null) return b;
  if (b.stretch === null) return a;
  const silence = b.stretch.from - a.stretch.to;
  if (silence < 0) throw new RangeError("the stretches overlap");
  if (silence > 0) return concat(concat(a, silentAccount(a.stretch.to, b.stretch.from)), b);
  return {
    stretch: { from: a.stretch.from, to: b.stretch.to },
    ms: msByClass(
      a.ms.in + b.ms.in,
      a.ms.high + b.ms.high,
      a.ms.low + b.ms.low,
      a.ms.unproven + b.ms.unproven,
      a.ms.off + b.ms.off,
    ),
    proven: concatRuns(a.proven, b.proven),
    possible: concatRuns(a.possible, b.possible),
    aboveMilliMs: a.aboveMilliMs + b.aboveMilliMs,
    belowMilliMs: a.belowMilliMs + b.belowMilliMs,
    valueMs: (a.valueMs + b.valueMs) as DurationMs,
    valueMilliMs: a.valueMilliMs + b.valueMilliMs,
    agedMs: a.agedMs + b.agedMs,
    activation: oneActivation(a.activation, b.activation),
    highest: furtherOut(a.highest, b.highest, 1),
    lowest: furtherOut(a.lowest, b.lowest, -1),
    readings: a.readings + b.readings,
  };
}

/** The account of `[from, to)` when nobody was heard: all of it unproven. */
export function silentAccount(from: EpochMs, to: EpochMs): StretchAccount {
  if (to <= from) return emptyAccount;
  return {
    ...emptyAccount,
    stretch: { from, to },
    ms: msByClass(0, 0, 0, to - from, 0),
    possible: {
      whole: true,
      leadUntil: to,
      tailSince: from,
      longest: { since: from, until: to },
      count: 1,
    },
  };
}

/** The further out, then the earlier, then by name, so that no order of sensors shows. */
export function furtherOut(a: Extreme | null, b: Extreme | null, side: 1 | -1): Extreme | null {
  if (a === null) return b;
  if (b === null) return a;
  if (a.value !== b.value) return (a.value - b.value) * side > 0 ? a : b;
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return a.sensor <= b.sensor ? a : b;
}

export function msByClass(
  inRange: number,
  high: number,
  low: number,
  unproven: number,
  off: number,
): StretchAccount["ms"] {
  return {
    in: inRange as DurationMs,
    high: high as DurationMs,
    low: low as DurationMs,
    unproven: unproven as DurationMs,
    off: off as DurationMs,
  };
}

function oneActivation(a: bigint | null, b: bigint | null): bigint | null {
  if (a !== null && b !== null && a !== b)
    throw new RangeError("the accounts were summed with different activation energies");
  return a ?? b;
}
