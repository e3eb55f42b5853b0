import { judgeInterval, type IntervalReading, type VerdictDocument } from "@unbroken/detection";
import { parseProfile, type Profile } from "@unbroken/model";
import { DurationMs, EpochMs, Milli } from "@unbroken/units";
import { MINUTE, START, type History, type Row } from "./history.ts";

/** Puts a history before the judge that is on trial, in its own terms. */
export function engineAnswer(history: History): VerdictDocument {
  return judgeInterval({
    profile: profileOf(history),
    readings: history.rows.map(readingOf),
    facts: factsOf(history),
    ...(history.from === undefined ? {} : { from: momentOf(history.from) }),
    ...(history.to === undefined ? {} : { to: momentOf(history.to) }),
  });
}

export function profileOf(history: History): Profile {
  const parsed = parseProfile(history.profile, "made");
  if (!parsed.ok) throw new Error(`a profile that is none: ${JSON.stringify(parsed.problems)}`);
  return parsed.profile;
}

export function momentOf(minute: number): EpochMs {
  return EpochMs(START + minute * MINUTE);
}

export function readingOf({
  sensor,
  quantity,
  minute,
  value,
  sequence,
  doubtfulClock,
}: Row): IntervalReading {
  return {
    sensor,
    quantity,
    at: momentOf(minute),
    sample:
      value === null ? { kind: "fault", fault: "absent" } : { kind: "value", milli: Milli(value) },
    ...(sequence === undefined ? {} : { sequence }),
    ...(doubtfulClock === undefined ? {} : { clock: "doubtful" }),
  };
}

export function factsOf({ facts }: History) {
  const between = ({ from, to }: { from: number; to: number | null }) => ({
    from: momentOf(from),
    to: to === null ? null : momentOf(to),
  });
  return {
    thermals: facts.thermals.map(({ from, timeConstant, ambient, coldest }) => ({
      from: momentOf(from),
      timeConstant: DurationMs(timeConstant * MINUTE),
      ambient: Milli(ambient),
      coldest: coldest === null ? null : Milli(coldest),
    })),
    outOfService: facts.outOfService.map(between),
    phases: facts.phases.map((each) => ({ ...between(each), phase: each.phase })),
    sensors: new Map(
      Object.entries(facts.sensors).map(([sensor, list]) => [
        sensor,
        list.map(({ from, accuracy, due }) => ({
          probe: null,
          from: momentOf(from),
          accuracy: accuracy === null ? null : Milli(accuracy),
          driftPerYear: Milli(0),
          calibratedAt: null,
          calibrationDue: due === null ? null : momentOf(due),
        })),
      ]),
    ),
  };
}
