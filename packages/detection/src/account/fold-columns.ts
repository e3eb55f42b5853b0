import type { EpochMs, Milli } from "@unbroken/units";
import { AccountBuilder, HIGH, IN, LOW, UNPROVEN, type ClassCode } from "./account-builder.ts";
import type { AccountLaw } from "./account-law.ts";
import type { History } from "./history.ts";
import { ProvenRuns, type ProvenRun } from "./proven-runs.ts";
import {
  FAULT,
  instantsBefore,
  instantsOf,
  mergeInstants,
  sliceInstants,
  type Instants,
  type SensorColumns,
} from "./sensor-columns.ts";
import { emptyAccount, type Extreme, type StretchAccount } from "./stretch-account.ts";

/** Which time is accounted, and as of when. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /**
   * What is measured from then on is not known yet, and a silence lasts until then; `to` unless stated. Accounts of
   * stretches that are to be joined are made as of one moment.
   */
  readonly asOf?: EpochMs;
}

export interface StretchFold {
  readonly account: StretchAccount;
  /** In the order of time; what of them touches an edge is in the account. */
  readonly runs: readonly ProvenRun[];
}

/**
 * The account of `[from, to)` from the readings of one sensor, by the law that judges live data: a value holds until
 * the next instant, for `gap` at the most; a longer silence is unproven from the last instant on, though that instant
 * itself is proven; a fault proves nothing, and a value out of range at the same instant counts.
 * @throws RangeError if the stretch ends before it begins or is not over `asOf`.
 */
export function foldColumns(columns: SensorColumns, law: AccountLaw, span: Span): StretchFold {
  const { from, to, asOf } = checkedSpan(span);
  const instants = instantsOf(columns);
  const next = instants.at[instantsBefore(instants, to)] ?? Number.POSITIVE_INFINITY;
  const runs = new ProvenRuns();
  const account = foldInstants(instants, law, from, to, Math.min(next, asOf), runs);
  return { account, runs: runs.finish(to) };
}

export function checkedSpan({ from, to, asOf = to }: Span): Required<Span> {
  if (to < from) throw new RangeError("the stretch ends before it begins");
  if (asOf < to) throw new RangeError("the stretch is not over yet");
  return { from, to, asOf };
}

/**
 * The account of `[from, to)`.
 * @param until the first instant at or after `to`, or the moment up to which there is known to be none.
 */
function foldInstants(
  instants: Instants,
  law: AccountLaw,
  from: number,
  to: number,
  until: number,
  runs: ProvenRuns | null = null,
): StretchAccount {
  if (to <= from) return emptyAccount;
  const { at } = instants;
  const builder = new AccountBuilder(law, from, runs);
  const begin = instantsBefore(instants, from + 1) - 1;
  const end = instantsBefore(instants, to);
  if (begin < 0) {
    builder.turn(from, UNPROVEN);
    builder.last(Math.min(at[0] ?? to, to) - from);
  }
  const folding = { instants, law, builder, from };
  for (let i = Math.max(begin, 0); i < end; i += 1) {
    const next = i + 1 < end ? (at[i + 1] ?? until) : until;
    foldInstant(folding, i, Math.min(next, to), next);
  }
  return builder.finish(to);
}

interface Folding {
  readonly instants: Instants;
  readonly law: AccountLaw;
  readonly builder: AccountBuilder;
  readonly from: number;
}

/** One instant and what follows from it up to `to`; nothing else is heard before `until`. */
function foldInstant(folding: Folding, i: number, to: number, until: number): void {
  const { instants, law, builder, from } = folding;
  const at = instants.at[i] ?? from;
  const highest = instants.highest[i] ?? FAULT;
  const lowest = instants.lowest[i] ?? FAULT;
  const measured = highest !== FAULT;
  const doubted = instants.doubted?.[i] === 1;
  const holds = until - at <= law.gap;
  const begin = Math.max(at, from);
  const ms = to - begin;
  const now = classAt(law, instants, i);
  if (measured && (holds || at >= from)) {
    builder.turn(begin, now);
    builder.see(highest, lowest, begin, instants.sensor);
    if (now === HIGH || now === LOW)
      builder.reach(extremeOf(now === LOW ? lowest : highest, begin, instants.sensor));
    if (at >= from) builder.count(1);
  }
  if (!measured || !holds) builder.turn(begin, UNPROVEN);
  builder.last(ms);
  if (!measured || !holds) return;
  if (now === HIGH || now === LOW) builder.exceed(now === LOW ? lowest : highest, ms);
  // Of two values for one instant the warmer counts.
  if (!doubted) builder.heat(highest, ms);
}

function extremeOf(value: number, at: number, sensor: string): Extreme {
  return { value: value as Milli, at: at as EpochMs, sensor };
}

/** What the values of one instant are to the law. */
export function classAt(law: AccountLaw, instants: Instants, i: number): ClassCode {
  const highest = instants.highest[i] ?? FAULT;
  const lowest = instants.lowest[i] ?? FAULT;
  if (highest === FAULT) return UNPROVEN;
  if (highest >= law.highFrom) return HIGH;
  if (lowest <= law.lowTo) return LOW;
  const possible = highest >= law.highPossibleFrom || lowest <= law.lowPossibleTo;
  return possible || instants.doubted?.[i] === 1 ? UNPROVEN : IN;
}

/** The history of one sensor. */
export function columnsHistory(law: AccountLaw): History<SensorColumns, Instants> {
  return {
    // The caller may go on writing into its columns.
    read: ({ sensor, at, milli }) => instantsOf({ sensor, at: at.slice(), milli: milli.slice() }),
    sizeOf: ({ at }) => at.length,
    momentOf: ({ at }, index) => at[index] ?? Number.POSITIVE_INFINITY,
    countBefore: instantsBefore,
    slice: sliceInstants,
    merge: mergeInstants,
    fold: (instants, from, to, until) => foldInstants(instants, law, from, to, until),
  };
}
