import type { EpochMs, Milli } from "@unbroken/units";
import { AccountBuilder, HIGH, IN, LOW, OFF, UNPROVEN } from "./account-builder.ts";
import type { AccountLaw } from "./account-law.ts";
import { checkedSpan, type Span, type StretchFold } from "./fold-columns.ts";
import type { History } from "./history.ts";
import { ProvenRuns } from "./proven-runs.ts";
import {
  emptyAccount,
  type AccountClass,
  type Extreme,
  type StretchAccount,
} from "./stretch-account.ts";

/** What the sensors of a subject show together. */
export interface Shown {
  readonly class: AccountClass;
  /** The warmest and the coldest value of all, since when each counts, and whose it is. */
  readonly highest: Extreme | null;
  readonly lowest: Extreme | null;
}

/** From `from` on until the next turn, a timeline shows this. */
export interface TimelineTurn extends Shown {
  readonly from: EpochMs;
  /** What is shown at the very moment, where it is not what holds from it on: a reading, and then silence. */
  readonly moment?: Shown;
  /** The values that are proven, one of each sensor: means are weighted by the time of each. */
  readonly values: readonly Milli[];
  /** How many sensors measured a value just then. */
  readonly readings: number;
}

/**
 * The account of `[from, to)` of a timeline; what is before its first turn is unproven.
 * @param turns in the order of time.
 * @throws RangeError if the stretch ends before it begins.
 */
export function foldTimeline(
  turns: readonly TimelineTurn[],
  law: AccountLaw,
  span: Pick<Span, "from" | "to">,
): StretchFold {
  const { from, to } = checkedSpan(span);
  const runs = new ProvenRuns();
  const account = foldTurns(turns, law, from, to, runs);
  return { account, runs: runs.finish(to) };
}

export function timelineHistory(
  law: AccountLaw,
): History<readonly TimelineTurn[], readonly TimelineTurn[]> {
  return {
    read: (turns) =>
      mergeTurns(
        [],
        [...turns].sort((a, b) => a.from - b.from),
      ),
    sizeOf: (turns) => turns.length,
    momentOf: (turns, index) => turns[index]?.from ?? Number.POSITIVE_INFINITY,
    countBefore: turnsBefore,
    slice: (turns, begin, end) => turns.slice(begin, end),
    merge: mergeTurns,
    fold: (turns, from, to) => foldTurns(turns, law, from, to, null),
  };
}

function foldTurns(
  turns: readonly TimelineTurn[],
  law: AccountLaw,
  from: number,
  to: number,
  runs: ProvenRuns | null,
): StretchAccount {
  if (to <= from) return emptyAccount;
  const builder = new AccountBuilder(law, from, runs);
  const begin = turnsBefore(turns, from + 1) - 1;
  const end = turnsBefore(turns, to);
  if (begin < 0) {
    builder.turn(from, UNPROVEN);
    builder.last(Math.min(turns[0]?.from ?? to, to) - from);
  }
  for (let i = Math.max(begin, 0); i < end; i += 1) {
    const turn = turns[i];
    if (turn === undefined) break;
    const since = Math.max(turn.from, from);
    const ms = Math.min(turns[i + 1]?.from ?? to, to) - since;
    if (turn.from >= from) {
      if (turn.moment !== undefined) show(builder, turn.moment, since, 0);
      builder.count(turn.readings);
    }
    show(builder, turn, since, ms);
    for (const value of turn.values) builder.heat(value, ms);
  }
  return builder.finish(to);
}

const CODES = { in: IN, unproven: UNPROVEN, low: LOW, high: HIGH, off: OFF } as const;

function show(builder: AccountBuilder, shown: Shown, since: number, ms: number): void {
  builder.turn(since, CODES[shown.class]);
  builder.last(ms);
  const highest = clipped(shown.highest, since);
  const lowest = clipped(shown.lowest, since);
  builder.seeExtreme(highest, lowest);
  const out = shown.class === "high" ? highest : shown.class === "low" ? lowest : null;
  if (out === null) return;
  builder.reach(out);
  builder.exceed(out.value, ms);
}

/** What counted before the stretch counts in it from its beginning on. */
function clipped(extreme: Extreme | null, since: number): Extreme | null {
  return extreme === null || extreme.at >= since ? extreme : { ...extreme, at: since as EpochMs };
}

/** Of two turns at one moment the one that is told later. */
function mergeTurns(
  a: readonly TimelineTurn[],
  b: readonly TimelineTurn[],
): readonly TimelineTurn[] {
  const byMoment = new Map<EpochMs, TimelineTurn>();
  for (const turn of [...a, ...b]) byMoment.set(turn.from, turn);
  return [...byMoment.values()].sort((x, y) => x.from - y.from);
}

function turnsBefore(turns: readonly TimelineTurn[], moment: number): number {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((turns[middle]?.from ?? moment) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
