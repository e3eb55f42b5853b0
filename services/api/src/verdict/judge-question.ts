import {
  backtest,
  judgeInterval,
  type BacktestDocument,
  type IntervalReading,
  type VerdictDocument,
} from "@unbroken/detection";
import { parseProfile, type Profile, type Sequence } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";
import type {
  BacktestOf,
  ReadingColumns,
  SequenceColumns,
  VerdictQuestion,
} from "./verdict-question.ts";

/** @throws RangeError if the profile is none or the interval ends before it begins */
export function judgeQuestion(question: VerdictQuestion): VerdictDocument {
  const { profile, from, to, facts, stays, readings } = question;
  return judgeInterval({
    profile: readyOf(profile),
    readings: readings.flatMap(rowsOf),
    from: EpochMs(from),
    to: EpochMs(to),
    facts,
    stays,
  });
}

/** The same readings under today's rules and under changed ones. @throws RangeError as above */
export function backtestQuestion(
  { profile, from, to, facts, stays, readings }: VerdictQuestion,
  { changed, night }: BacktestOf,
): BacktestDocument {
  return backtest({
    today: readyOf(profile),
    changed: readyOf(changed),
    readings: readings.flatMap(rowsOf),
    from: EpochMs(from),
    to: EpochMs(to),
    facts,
    stays,
    night,
  });
}

function readyOf({ document, hash }: VerdictQuestion["profile"]): Profile {
  const parsed = parseProfile(document, hash);
  if (!parsed.ok) throw new RangeError("the profile does not follow the rule language");
  return parsed.profile;
}

function rowsOf({
  sensor,
  quantity,
  at,
  milli,
  faults,
  numbers,
  doubtful,
}: ReadingColumns): readonly IntervalReading[] {
  return Array.from(at, (time, i): IntervalReading => {
    const fault = faults.get(i);
    const sequence = sequenceAt(numbers, i);
    return {
      sensor,
      quantity,
      at: EpochMs(time),
      sample:
        fault === undefined
          ? { kind: "value", milli: Milli(milli[i] ?? Number.NaN) }
          : { kind: "fault", fault },
      ...(sequence === null ? {} : { sequence }),
      ...(doubtful?.[i] === 1 ? { clock: "doubtful" } : {}),
    };
  });
}

function sequenceAt(numbers: SequenceColumns | null, i: number): Sequence | null {
  const boot = numbers?.boot[i] ?? Number.NaN;
  return Number.isNaN(boot) ? null : { boot, number: numbers?.number[i] ?? Number.NaN };
}
