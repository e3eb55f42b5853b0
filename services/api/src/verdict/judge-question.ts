import { judgeInterval, type IntervalReading, type VerdictDocument } from "@unbroken/detection";
import { parseProfile } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";
import type { ReadingColumns, VerdictQuestion } from "./verdict-question.ts";

/** @throws RangeError if the profile is none or the interval ends before it begins */
export function judgeQuestion(question: VerdictQuestion): VerdictDocument {
  const { profile, from, to, facts, stays, readings } = question;
  const parsed = parseProfile(profile.document, profile.hash);
  if (!parsed.ok) throw new RangeError("the profile does not follow the rule language");
  return judgeInterval({
    profile: parsed.profile,
    readings: readings.flatMap(rowsOf),
    from: EpochMs(from),
    to: EpochMs(to),
    facts,
    stays,
  });
}

function rowsOf({
  sensor,
  quantity,
  at,
  milli,
  faults,
}: ReadingColumns): readonly IntervalReading[] {
  return Array.from(at, (time, i): IntervalReading => {
    const fault = faults.get(i);
    return {
      sensor,
      quantity,
      at: EpochMs(time),
      sample:
        fault === undefined
          ? { kind: "value", milli: Milli(milli[i] ?? Number.NaN) }
          : { kind: "fault", fault },
    };
  });
}
