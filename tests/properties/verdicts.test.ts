import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineAnswer } from "../oracle/ask-engine.ts";
import { features, type Feature } from "../oracle/features.ts";
import { historyOf } from "../oracle/generate.ts";
import type { History, Row } from "../oracle/history.ts";
import { Random } from "../oracle/random.ts";
import { settings } from "./cases.ts";
import { moreTrueReadings } from "./more-readings.ts";
import { told } from "./told.ts";

// Laws of a verdict on an interval, over histories of all that the rule language has.

/** A history is named by the seed that makes it. */
const seed = fc.integer({ min: 0, max: 0x7fff_ffff });
const all = new Set(features);

describe("a verdict on an interval", () => {
  it("is the same to the byte in whatever order its rows come, and however often", () => {
    fc.assert(
      fc.property(seed, seed, (made, arrival) => {
        const history = historyOf(made, all);
        const rows = arrived(history.rows, new Random(arrival));
        told([history], () => {
          expect(bytesOf({ ...history, rows })).toBe(bytesOf(history));
        });
      }),
      settings(200),
    );
  });

  it("proves no more than is possible, and its minutes add up", () => {
    fc.assert(
      fc.property(seed, (made) => {
        const history = historyOf(made, all);
        const { rules, exposure, coverage } = engineAnswer(history);
        told([history], () => {
          for (const { proven, possible } of rules) expect(proven).toBeLessThanOrEqual(possible);
        });
        expect(exposure.possible).toBeCloseTo(exposure.proven + exposure.unproven, 3);
        expect(coverage).toBeGreaterThanOrEqual(0);
        expect(coverage).toBeLessThanOrEqual(1);
      }),
      settings(200),
    );
  });

  it("is as a whole that of the worst rule that decides", () => {
    fc.assert(
      fc.property(seed, (made) => {
        const { profile, ...rest } = historyOf(made, all);
        const { verdict, rules } = engineAnswer({ profile, ...rest });
        const deciding = profile.rules.flatMap(({ id, severity }) =>
          (severity ?? "break") === "break" ? [id] : [],
        );
        const verdicts = rules
          .filter(({ id }) => deciding.includes(id))
          .map((rule) => rule.verdict);
        const worst = (["broken", "unproven", "intact"] as const).find((each) =>
          verdicts.includes(each),
        );
        expect(verdict).toBe(worst);
      }),
      settings(200),
    );
  });
});

describe("more true readings", () => {
  // Of what can be added without contradicting what holds: values, of sensors that were heard before.
  const wanted: readonly Feature[] = [
    ...(["sides", "modes", "debounce", "severity", "humidity", "door", "power"] as const),
    ...(["phases", "allowances", "schedule", "validity", "service"] as const),
  ];

  it.each([
    ["where silence is unknown", [...wanted, "hysteresis", "clear"]],
    ["where physics bounds it", [...wanted, "physics"]],
  ] as const)("never widen the doubt, and never take back what was said: %s", (_, features) => {
    let added = 0;
    fc.assert(
      fc.property(seed, seed, (made, more) => {
        const few = historyOf(made, new Set(features));
        const many = moreTrueReadings(few, more);
        added += many.rows.length - few.rows.length;
        const before = engineAnswer(few);
        const after = engineAnswer(many);
        // A crossing is rounded to the millisecond, away from proof; so may the one that a new reading leads to be.
        const slack = few.facts.thermals.length === 0 ? 0 : 0.01;
        told([few, many], () => {
          for (const [i, { proven, possible, verdict }] of before.rules.entries()) {
            const now = after.rules[i];
            expect(now?.proven).toBeGreaterThanOrEqual(proven);
            expect(now?.possible).toBeLessThanOrEqual(possible + slack);
            if (verdict !== "unproven") expect(now?.verdict).toBe(verdict);
          }
          expect(after.exposure.unproven).toBeLessThanOrEqual(before.exposure.unproven + slack);
        });
      }),
      settings(200),
    );
    expect(added).toBeGreaterThan(settings(200).numRuns);
  });
});

/** Every row at least once, in any order. */
function arrived(rows: readonly Row[], random: Random): readonly Row[] {
  const all = [...rows, ...random.some(rows, 0.3)].map((row) => ({ row, place: random.next() }));
  return all.sort((a, b) => a.place - b.place).map(({ row }) => row);
}

function bytesOf(history: History): string {
  return JSON.stringify(engineAnswer(history));
}
