import { formatIsoTime, fromMilli, type EpochMs, type Milli } from "@unbroken/units";
import { ruleQuantities, type Rule, type Side } from "@unbroken/model";
import { ENGINE } from "./engine.ts";
import type { IntervalAccount } from "./interval-account.ts";
import type { Finding, FoundExcursion, Verdict } from "./finding.ts";
import { findingOf } from "./rule-account.ts";
import { isWindowRule, trackedQuantity } from "./folding.ts";
import { productEntry, type ProductEntry } from "./product-entry.ts";
import {
  ACTIVATION_USP,
  activationOf,
  meanKineticTemperature,
  meanTemperature,
} from "./temperature-account.ts";
import { notesOf, reasonsOf, type Reason } from "./verdict-reasons.ts";
import { windowFinding } from "./window-account.ts";

/** The answer for an interval. Durations in minutes, temperatures in °C, times as RFC 3339 in UTC. */
export interface VerdictDocument {
  readonly verdict: Verdict;
  readonly rules: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    /**
     * The longest episode for `consecutive`, the most in one handling for `exposure`; the total for `instant`, `rise`
     * and `cumulative`; for `window` the time at whose every moment the window that ends there was out.
     */
    readonly proven: number;
    /** The same if all that is unproven was out; includes `proven`. */
    readonly possible: number;
  }[];
  readonly excursions: readonly ExcursionEntry[];
  /**
   * Of the union of the rules that decide. `in_range + proven + unproven` is the whole interval but for the time in
   * which nothing is judged: out of service, or no rule that decides applies.
   */
  readonly exposure: {
    readonly proven: number;
    readonly possible: number;
    readonly in_range: number;
    readonly unproven: number;
  };
  /** Share of that time that is not unproven, 0 to 1. */
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
  /** Where the profile states what the goods are. */
  readonly product?: ProductEntry;
  /** Why a rule is not intact. */
  readonly reasons: readonly Reason[];
  /** What the judgement rests on: `accuracy-unknown`, `template-profile`. */
  readonly notes: readonly string[];
  readonly engine: string;
  readonly profile_hash: string;
}

interface ExcursionEntry {
  readonly rule: string;
  readonly side: Side;
  readonly since: string;
  /** Null while it lasts at the end of the interval. */
  readonly until: string | null;
  /** The worst value; for `window` the furthest mean. Null for what is no temperature. */
  readonly peak_c: number | null;
  /** For what is no temperature: the worst value in `unit`. */
  readonly peak?: number;
  readonly unit?: string;
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
  const counted = inRangeMs + provenMs + unprovenMs;
  const findings = findingsOf(account);
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
    coverage: counted === 0 ? 0 : Math.round(((counted - unprovenMs) / counted) * 1e6) / 1e6,
    mkt_c: celsiusOfMean(meanKineticTemperature(account.temperatures, activationFor(account))),
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
    ...(account.goods === null ? {} : { product: productEntry(account.goods) }),
    reasons: reasonsOf(account, findings),
    notes: notesOf(account),
    engine: ENGINE,
    profile_hash: account.profile.hash,
  };
}

/** The profile's, where one of its rules states another than USP's. */
function activationFor({ profile }: IntervalAccount): bigint {
  const rule = profile.rules.find(({ quantity }) => quantity === "mkt");
  return rule === undefined ? ACTIVATION_USP : activationOf(rule);
}

function findingsOf(account: IntervalAccount): readonly Finding[] {
  return account.rules.map((own, i) => {
    const { rule, heat } = own;
    // One reading is a moment, and nothing proven of an interval is no evidence that the range was kept.
    const enough = account.measuredOften.has(trackedQuantity(rule)) && own.knownMs > 0;
    return isWindowRule(rule)
      ? windowFinding(rule, heat, account, enough)
      : findingOf(own, account.excursions[i] ?? [], enough);
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
  const { unit } = ruleQuantities[rule.quantity];
  const isTemperature = unit === "Cel";
  return {
    rule: rule.id,
    side: rule.side,
    since: formatIsoTime(found.since),
    until: found.until === null ? null : formatIsoTime(found.until),
    peak_c: isTemperature ? found.peak / 10_000 : null,
    ...(isTemperature ? {} : { peak: found.peak / 10_000, unit }),
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
