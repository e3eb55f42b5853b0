import { elapsed, formatIsoTime, fromMilli, type EpochMs, type Milli } from "@unbroken/units";
import type { Side } from "@unbroken/model";
import { ENGINE } from "./engine.ts";
import type { IntervalAccount } from "./interval-account.ts";
import {
  countedOf,
  openExcursionOf,
  verdictOf,
  type RuleAccount,
  type Verdict,
} from "./rule-account.ts";
import { meanKineticTemperature, meanTemperature } from "./temperature-account.ts";
import type { Run } from "./step.ts";

/** The answer for an interval. Durations in minutes, temperatures in °C, times as RFC 3339 in UTC. */
export interface VerdictDocument {
  readonly verdict: Verdict;
  readonly rules: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    /** The longest run for `consecutive`, the total for the other modes. */
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
  return {
    verdict: overall(account, enough),
    rules: account.rules.map((rule) => ruleEntry(rule, verdictOf(rule, enough))),
    excursions: excursionEntries(account),
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

/** Broken outweighs unproven outweighs intact; where no rule decides, nothing is proven. */
function overall({ rules }: IntervalAccount, enough: boolean): Verdict {
  const verdicts = rules
    .filter(({ rule }) => rule.severity === "break")
    .map((rule) => verdictOf(rule, enough));
  if (verdicts.includes("broken")) return "broken";
  return verdicts.length === 0 || verdicts.includes("unproven") ? "unproven" : "intact";
}

function ruleEntry(account: RuleAccount, verdict: Verdict): VerdictDocument["rules"][number] {
  const { provenMs, possibleMs } = countedOf(account);
  return {
    id: account.rule.id,
    verdict,
    proven: minutes(provenMs),
    possible: minutes(possibleMs),
  };
}

/** In the order of their beginnings; at one moment in the order of the profile's rules. */
function excursionEntries({ rules, to }: IntervalAccount): readonly ExcursionEntry[] {
  return rules
    .flatMap((account) => {
      const open = openExcursionOf(account, to);
      const ended = account.excursions.map((run) =>
        excursionEntry(account, run, run.until, run.until),
      );
      return open === null ? ended : [...ended, excursionEntry(account, open, null, to)];
    })
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

function excursionEntry(
  { rule }: RuleAccount,
  run: Run,
  until: EpochMs | null,
  provenTo: EpochMs,
): ExcursionEntry {
  return {
    rule: rule.id,
    side: rule.side,
    since: formatIsoTime(run.since),
    until: until === null ? null : formatIsoTime(until),
    peak_c: fromMilli(run.peak),
    minutes: minutes(elapsed(run.since, provenTo)),
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
