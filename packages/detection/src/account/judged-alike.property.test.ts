import type { Rule } from "@unbroken/model";
import { EpochMs, formatIsoTime, fromMilli, type Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeInterval, type IntervalReading } from "../judge-interval.ts";
import { intervalProfileWith, minute, MINUTE } from "../testing/minutes.ts";
import type { TimedSample } from "../track.ts";
import { findingOfStretch, meanKineticOf, meanOf } from "./account-figures.ts";
import { accountLaw, type AccountLaw } from "./account-law.ts";
import { AccountIndex } from "./account-index.ts";
import { combinedTurns } from "./combined-turns.ts";
import { sensorColumns } from "./sensor-columns.ts";
import type { StretchAccount } from "./stretch-account.ts";
import { foldTimeline, type TimelineTurn } from "./timeline-turn.ts";

// More with UB_CASES=100000.
const numRuns = Number(process.env["UB_CASES"] ?? 1_000);

const profile = intervalProfileWith([
  { id: "hot", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT3M" },
  { id: "cold", cmp: "le", limit: 2, mode: "consecutive", hold: "PT2M" },
  { id: "spike", cmp: "ge", limit: 12, mode: "instant" },
  { id: "sum", cmp: "ge", limit: 8, mode: "cumulative", hold: "PT5M" },
]);

const sample = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .constantFrom(1_000, 2_000, 5_000, 5_100, 8_000, 8_001, 9_000, 12_000)
      .map((milli): TimedSample["sample"] => ({ kind: "value", milli: milli as Milli })),
  },
  {
    weight: 1,
    arbitrary: fc.constant<TimedSample["sample"]>({ kind: "fault", fault: "absent" }),
  },
);
const at = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map(minute) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * MINUTE }).map((ms) => after(ms)) },
);
const sensor = fc.constantFrom("a", "b", "c");
const history = fc.array(fc.record({ sensor, at, sample }), { maxLength: 60 });
const edge = fc.integer({ min: -5, max: 50 }).map(minute);

function after(ms: number): EpochMs {
  return EpochMs(minute(0) + ms);
}

/** As a verdict shows it: minutes to three places. */
const minutes = (ms: number): number => Math.round(ms / 60) / 1_000;

const celsius = (tenths: number | null): number | null =>
  tenths === null ? null : tenths / 10_000;

const enough = (samples: readonly TimedSample[], to: EpochMs, { ms }: StretchAccount): boolean =>
  new Set(samples.filter((s) => s.at < to && s.sample.kind === "value").map((s) => s.at)).size >
    1 && ms.in + ms.high + ms.low > 0;

/** The timeline of all sensors that were heard before `asOf`. */
function turnsOf(
  samples: readonly IntervalReading[],
  law: AccountLaw,
  asOf: EpochMs,
): readonly TimelineTurn[] {
  const known = samples.filter((one) => one.at < asOf);
  const sensors = [...new Set(known.map((one) => one.sensor))];
  const columns = sensors.map((name) =>
    sensorColumns(
      name,
      known.filter((one) => one.sensor === name),
    ),
  );
  return combinedTurns(columns, law, asOf);
}

const lawOf = (rules: readonly Rule[]) => accountLaw({ limits: rules, gap: profile.gap });

describe("the account of an interval", () => {
  it("says what the verdict on it says, made at once or from stretches", () => {
    fc.assert(
      fc.property(history, edge, edge, (samples, a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const verdict = judgeInterval({ profile, readings: samples, from, to });
        const law = lawOf(profile.rules);
        const turns = turnsOf(samples, law, to);
        const { account } = foldTimeline(turns, law, { from, to });
        expect(AccountIndex.ofTimeline(turns, law).query({ from, to })).toEqual(account);

        expect({
          proven: minutes(account.ms.high + account.ms.low),
          in_range: minutes(account.ms.in),
          unproven: minutes(account.ms.unproven),
        }).toEqual({
          proven: verdict.exposure.proven,
          in_range: verdict.exposure.in_range,
          unproven: verdict.exposure.unproven,
        });
        expect(celsius(meanOf(account))).toBe(verdict.mean_c);
        expect(celsius(meanKineticOf(account))).toBe(verdict.mkt_c);
        expect(account.highest === null ? null : fromMilli(account.highest.value)).toBe(
          verdict.max_c,
        );
        expect(account.lowest === null ? null : fromMilli(account.lowest.value)).toBe(
          verdict.min_c,
        );

        profile.rules.forEach((rule, i) => {
          if (rule.mode !== "consecutive" && rule.mode !== "cumulative" && rule.mode !== "instant")
            throw new Error(`not a rule on runs: ${rule.mode}`);
          const own = foldTimeline(turnsOf(samples, lawOf([rule]), to), lawOf([rule]), {
            from,
            to,
          });
          const found = findingOfStretch(
            { mode: rule.mode, hold: rule.hold },
            own.account,
            enough(samples, to, own.account),
          );
          expect({
            id: rule.id,
            verdict: found.verdict,
            proven: minutes(found.provenMs),
            possible: minutes(found.possibleMs),
          }).toEqual(verdict.rules[i]);
          if (rule.mode === "cumulative") return;
          const excursions = own.runs
            .filter(({ since, until }) => until - since >= rule.hold)
            .map(({ since, until, peak }) => ({
              since: formatIsoTime(since),
              until: since === own.account.proven.tailSince ? null : formatIsoTime(until),
              peak_c: peak === null ? null : fromMilli(peak.value),
            }));
          expect(excursions).toEqual(
            verdict.excursions
              .filter((excursion) => excursion.rule === rule.id)
              .map(({ since, until, peak_c }) => ({ since, until, peak_c })),
          );
        });
      }),
      { numRuns },
    );
  });
});
