import type { Profile, Severity, Side } from "@unbroken/model";
import { DAY, elapsed, formatIsoTime, type DurationMs, type EpochMs } from "@unbroken/units";
import { ENGINE } from "../engine.ts";
import { judgeInterval, type IntervalReading } from "../judge-interval.ts";
import { noFacts, type SpaceFacts } from "../space-facts.ts";
import type { Stay } from "../space-state.ts";
import type { Verdict } from "../finding.ts";
import { drive, type Fired } from "./drive.ts";

/** What is night: local hours with a fixed offset, `from` to `to` since midnight, over midnight if `to` is before `from`. */
export interface Night {
  readonly offset: DurationMs;
  readonly from: DurationMs;
  readonly to: DurationMs;
}

export interface BacktestQuestion {
  /** The rules as they are today. */
  readonly today: Profile;
  /** The rules as they would be. */
  readonly changed: Profile;
  /** In any order; the same row twice is one row. */
  readonly readings: readonly IntervalReading[];
  readonly facts?: SpaceFacts;
  /** When each sensor counts; always unless stated. */
  readonly stays?: readonly Stay[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly night: Night;
}

/** Two profiles over the same recorded time. Times as RFC 3339 in UTC, values in the unit of the rule's quantity. */
export interface BacktestDocument {
  readonly from: string;
  readonly to: string;
  readonly engine: string;
  readonly today: BacktestSide;
  readonly changed: BacktestSide;
  /** All that would have fired, in the order of its beginning. */
  readonly firings: readonly Firing[];
}

export interface BacktestSide {
  readonly profile: string;
  readonly profile_hash: string;
  readonly verdict: Verdict;
  readonly fired: number;
  readonly fired_by_severity: Readonly<Record<Severity, number>>;
  readonly fired_at_night: number;
  readonly fired_per_day: number;
  /** What the other profile would have said and this one not. */
  readonly missed: number;
}

export interface Firing {
  readonly by: "today" | "changed";
  readonly rule: string;
  readonly side: Side;
  readonly severity: Severity;
  readonly since: string;
  readonly until: string | null;
  /** When somebody would have been told. */
  readonly fired_at: string;
  readonly at_night: boolean;
  readonly minutes: number;
  readonly peak: number;
  readonly limit: number;
  readonly quantity: string;
  /** Whether the other profile fires for the same: on the same side, at a time that overlaps. */
  readonly also_by_other: boolean;
}

/**
 * What would have fired, and when, had other rules been in force: readings are judged as live ones would have been, each
 * at its time.
 * @throws RangeError if the interval ends before it begins.
 */
export function backtest(question: BacktestQuestion): BacktestDocument {
  const { today, changed, from, to, night } = question;
  if (to < from) throw new RangeError("the interval ends before it begins");
  const ofToday = firedBy(question, today);
  const ofChanged = firedBy(question, changed);
  const firings = [
    ...ofToday.map((one) => firingOf("today", one, ofChanged, night)),
    ...ofChanged.map((one) => firingOf("changed", one, ofToday, night)),
  ].sort((a, b) => (a.since < b.since ? -1 : Number(a.since > b.since)));
  return {
    from: formatIsoTime(from),
    to: formatIsoTime(to),
    engine: ENGINE,
    today: sideOf(question, "today", firings),
    changed: sideOf(question, "changed", firings),
    firings,
  };
}

function firedBy(question: BacktestQuestion, profile: Profile): readonly Fired[] {
  const { from, to } = question;
  const facts = question.facts ?? noFacts;
  const readings = inOrder(question.readings, to);
  return drive(profile, readings, { facts, stays: question.stays ?? null }, to).filter(
    ({ excursion: { until } }) => until === null || until >= from,
  );
}

/** What is measured before the interval holds into it; what is measured after it is not known yet. */
function inOrder(readings: readonly IntervalReading[], to: EpochMs): readonly IntervalReading[] {
  const seen = new Set<string>();
  return readings
    .filter((reading) => {
      const key = JSON.stringify([reading.sensor, reading.at, reading.quantity, reading.sample]);
      if (reading.at >= to || seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => a.at - b.at);
}

function firingOf(
  by: Firing["by"],
  { excursion, firedAt }: Fired,
  others: readonly Fired[],
  night: Night,
): Firing {
  return {
    by,
    rule: excursion.rule,
    side: excursion.side,
    severity: excursion.severity,
    since: formatIsoTime(excursion.since as EpochMs),
    until: excursion.until === null ? null : formatIsoTime(excursion.until as EpochMs),
    fired_at: formatIsoTime(firedAt),
    at_night: isNight(night, firedAt),
    minutes: Math.round(excursion.provenMs / 60) / 1_000,
    peak: excursion.peak / 1_000,
    limit: excursion.limit / 1_000,
    quantity: excursion.quantity,
    also_by_other: others.some((other) => isSame(excursion, other.excursion)),
  };
}

function isSame(a: Fired["excursion"], b: Fired["excursion"]): boolean {
  if (a.side !== b.side) return false;
  return (b.until === null || a.since <= b.until) && (a.until === null || b.since <= a.until);
}

function isNight({ offset, from, to }: Night, at: EpochMs): boolean {
  const time = (((at + offset) % DAY) + DAY) % DAY;
  return from <= to ? time >= from && time < to : time >= from || time < to;
}

function sideOf(
  { today, changed, readings, facts, stays, from, to }: BacktestQuestion,
  by: Firing["by"],
  all: readonly Firing[],
): BacktestSide {
  const profile = by === "today" ? today : changed;
  const firings = all.filter((firing) => firing.by === by);
  const count = (severity: Severity): number =>
    firings.filter((firing) => firing.severity === severity).length;
  const days = elapsed(from, to) / DAY;
  return {
    profile: profile.id,
    profile_hash: profile.hash,
    verdict: judgeInterval({
      profile,
      readings,
      from,
      to,
      ...(facts === undefined ? {} : { facts }),
      ...(stays === undefined ? {} : { stays }),
    }).verdict,
    fired: firings.length,
    fired_by_severity: {
      break: count("break"),
      excursion: count("excursion"),
      warn: count("warn"),
    },
    fired_at_night: firings.filter(({ at_night }) => at_night).length,
    fired_per_day: days === 0 ? 0 : Math.round((firings.length / days) * 100) / 100,
    missed: all.filter((firing) => firing.by !== by && !firing.also_by_other).length,
  };
}
