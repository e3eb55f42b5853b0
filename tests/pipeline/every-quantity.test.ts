import type { NewRecord } from "@unbroken/event-log";
import { canonicalJson } from "@unbroken/model";
import { DAY, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DAY_JUDGED,
  DAY_LASTS,
  SPACE,
  deliveredAnyhow,
  deliveredAtOnce,
  deliveredNewestFirst,
  recordsOf,
} from "../support/day.ts";
import { Pipeline, tickRecord } from "../support/pipeline.ts";
import { dayStatings, factRecords, richDayReadings } from "../support/rich-day.ts";

const RUNS = Number(process.env["UB_RICH_RUNS"] ?? "40");
const SEED = Number(process.env["UB_SEED"] ?? "20261124");
const START = Date.parse("2026-01-01T00:00:00Z");
const TICK = 7 * MINUTE;

let pipeline: Pipeline;
let days = 0;
const rulesBroken = new Set<string>();
beforeAll(async () => {
  pipeline = await Pipeline.open();
});
afterAll(() => pipeline.close());

function inOrder(records: readonly NewRecord[], start: number): readonly NewRecord[] {
  const ticks: NewRecord[] = [];
  for (let at = TICK; at < DAY_JUDGED; at += TICK) ticks.push(tickRecord(start + at));
  const sorted = [...records, ...ticks].sort((a, b) => a.receivedAt - b.receivedAt);
  return [...sorted, tickRecord(start + DAY_JUDGED)];
}

/** What stands in the end, without how often it was said anew. */
async function outcome(organisation: string): Promise<string> {
  const excursions = await pipeline.excursions(organisation);
  const standing = excursions
    .filter(({ retracted }) => !retracted)
    .map((excursion) => ({ ...excursion, revision: null }));
  for (const { rule } of standing) rulesBroken.add(rule);
  const timeline = await pipeline.timeline(organisation, SPACE);
  return canonicalJson({ standing, timeline });
}

/** When each of a day's facts is stated: before anything is measured, or any time. */
const whenStated = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 * DAY_LASTS - MINUTE })),
  { minLength: 20, maxLength: 20 },
);

const day = fc.record({ readings: richDayReadings, statings: dayStatings }).chain((of) =>
  fc.record({
    readings: fc.constant(of.readings),
    statings: fc.constant(of.statings),
    ways: fc.tuple(deliveredAnyhow(of.readings), deliveredAnyhow(of.readings)),
    when: fc.tuple(whenStated, whenStated, whenStated),
  }),
);

describe(`doors, humidity, numbers and facts: no order changes anything (seed ${SEED}, ${RUNS} days)`, () => {
  it(
    "whether facts are stated before the day, in it or after it, and readings come in anyhow",
    { timeout: 240_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(day, async ({ readings, statings, ways, when }) => {
          days += 1;
          // The days follow each other in one log, for the clock that it tells does not go back.
          const start = START + days * 3 * DAY;
          const told = [
            { way: deliveredAtOnce(readings), stated: [] },
            { way: deliveredNewestFirst(readings), stated: when[0] },
            { way: ways[0], stated: when[1] },
            { way: ways[1], stated: when[2] },
          ].map((each, i) => ({ ...each, organisation: `rich-${days}-${i}` }));
          const records = told.flatMap(({ organisation, way, stated }) => [
            ...factRecords(organisation, start, statings, stated),
            ...recordsOf(organisation, start, way),
          ]);
          await pipeline.append(inOrder(records, start));
          await pipeline.applied();
          const [expected, ...others] = await Promise.all(
            told.map(({ organisation }) => outcome(organisation)),
          );
          for (const other of others) expect(other).toBe(expected);
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
      expect(rulesBroken.size).toBeGreaterThan(3);
    },
  );
});
