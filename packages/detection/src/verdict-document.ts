import { elapsed, formatIsoTime, fromMilli, type EpochMs, type Milli } from "@unbroken/units";
import type { Rule, Side } from "@unbroken/model";
import { ENGINE } from "./engine.ts";
import type { IntervalAccount } from "./interval-account.ts";
import type { Finding, FoundExcursion, Verdict } from "./finding.ts";
import { findingOf } from "./rule-account.ts";
import { meanKineticTemperature, meanTemperature } from "./temperature-account.ts";
import { windowFinding } from "./window-account.ts";

/** The answer for an interval. Durations in minutes, temperatures in °C, times as RFC 3339 in UTC. */
export interface VerdictDocument {
  readonly verdict: Verdict;
  readonly rules: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    /**
     * The longest run for `consecutive`; the total for `instant` and `cumulative`; for `window` the time at whose
     * every moment the window that ends there was out.
     */
    readonly proven: number;
    /** The same if all that is unproven was out; includes `proven`. */
    readonly possible: number;
  }[];
  readonly excursions: readonly ExcursionEntry[];
  /** Of the union of the rules that decide. `in_range + proven + unproven` is the whole interval. */
  readonly exposure: {
    readonly proven: number;
    readonly possible: number;
    readonly in_range: number;
    readonly unproven: number;
  };
  /** Share of the interval that is not unproven, 0 to 1. */
  readonly coverage: number;
  /** Over all that is proven, weighted by time; null without any. */
  readonly mkt_c: number | null;
  readonly min_c: number | null;
  readonly max_c: number | null;
  readonly mean_c: number | null;
  /** The stretches without proof: silence, faults, and the time before a sensor was first heard. */
  readonly gaps: readonly {
    readonly from: string;
    readonly to: string;
    readonly minutes: number;
  }[];
  readonly engine: string;
  readonly profile_hash: string;
}

interface ExcursionEntry {
  readonly rule: string;
  readonly side: Side;
  readonly since: string;
  /** Null while it lasts at the end of the interval. */
  readonly until: string | null;
  /** The worst value; for `window` the highest mean kinetic temperature. */
  readonly peak_c: number;
  readonly minutes: number;
}

/** Writes an account down. The only place where figures are rounded; keys stand in one order. */
export function verdictDocument(account: IntervalAccount): VerdictDocument {
  const stretches = joinedStretches(account);
  const total = (...classes: readonly string[]): number =>
    stretches.filter((s) => classes.includes(s.class)).reduce((sum, s) => sum + (s.to - s.from), 0);
  const inRangeMs = total("in");
  const provenMs = total("high", "low");
  const unprovenMs = total("unproven");
  const whole = elapsed(account.from, account.to);
  // One reading is a moment; nothing in range is no evidence that the range was kept.
  const enough = account.instants > 1 && inRangeMs + provenMs > 0;
  const findings = findingsOf(account, enough);
  return {
    verdict: overall(findings),
    rules: findings.map(({ rule, verdict, provenMs: proven, possibleMs: possible }) => ({
      id: rule.id,
      verdict,
      proven: minutes(proven),
      possible: minutes(possible),
    })),
    excursions: excursionEntries(findings),
    exposure: {
      proven: minutes(provenMs),
      possible: minutes(provenMs + unprovenMs),
      in_range: minutes(inRangeMs),
      unproven: minutes(unprovenMs),
    },
    coverage: whole === 0 ? 0 : Math.round(((whole - unprovenMs) / whole) * 1e6) / 1e6,
    mkt_c: celsiusOfMean(meanKineticTemperature(account.temperatures)),
    min_c: celsius(account.lowest),
    max_c: celsius(account.highest),
    mean_c: celsiusOfMean(meanTemperature(account.temperatures)),
    gaps: stretches
      .filter((stretch) => stretch.class === "unproven")
      .map(({ from, to }) => ({
        from: formatIsoTime(from),
        to: formatIsoTime(to),
        minutes: minutes(to - from),
      })),
    engine: ENGINE,
    profile_hash: account.profile.hash,
  };
}

function findingsOf(account: IntervalAccount, enough: boolean): readonly Finding[] {
  let next = 0;
  return account.profile.rules.flatMap((rule) => {
    if (rule.mode === "window") {
      const { scope } = rule;
      return scope === null
        ? []
        : [windowFinding({ ...rule, scope }, account.heat, account, enough)];
    }
    const own = account.rules[next];
    next += 1;
    return own === undefined ? [] : [findingOf(own, account.to, enough)];
  });
}

/** Broken outweighs unproven outweighs intact; where no rule decides, nothing is proven. */
function overall(findings: readonly Finding[]): Verdict {
  const verdicts = findings
    .filter(({ rule }) => rule.severity === "break")
    .map(({ verdict }) => verdict);
  if (verdicts.includes("broken")) return "broken";
  return verdicts.length === 0 || verdicts.includes("unproven") ? "unproven" : "intact";
}

/** In the order of their beginnings; at one moment in the order of the profile's rules. */
function excursionEntries(findings: readonly Finding[]): readonly ExcursionEntry[] {
  return findings
    .flatMap(({ rule, excursions }) => excursions.map((excursion) => ({ rule, excursion })))
    .sort((a, b) => a.excursion.since - b.excursion.since)
    .map(({ rule, excursion }) => excursionEntry(rule, excursion));
}

function excursionEntry(rule: Rule, found: FoundExcursion): ExcursionEntry {
  return {
    rule: rule.id,
    side: rule.side,
    since: formatIsoTime(found.since),
    until: found.until === null ? null : formatIsoTime(found.until),
    peak_c: found.peak / 10_000,
    minutes: minutes(found.provenMs),
  };
}

interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly class: string;
}

function joinedStretches({ timeline, to }: IntervalAccount): readonly Stretch[] {
  const joined: Stretch[] = [];
  timeline.forEach((turn, i) => {
    const last = joined.at(-1);
    const end = timeline[i + 1]?.from ?? to;
    if (end <= turn.from) return;
    if (last?.class === turn.class) joined[joined.length - 1] = { ...last, to: end };
    else joined.push({ ...turn, to: end });
  });
  return joined;
}

function minutes(ms: number): number {
  // ms / 60 is thousandths of a minute.
  return Math.round(ms / 60) / 1_000;
}

function celsius(milli: Milli | null): number | null {
  return milli === null ? null : fromMilli(milli);
}

function celsiusOfMean(mean: number | null): number | null {
  return mean === null ? null : mean / 10_000;
}
