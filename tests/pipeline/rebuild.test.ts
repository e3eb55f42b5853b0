import { generate, scenarioNamed } from "@unbroken/fleet";
import type { NewRecord } from "@unbroken/event-log";
import type { JudgementRecord } from "@unbroken/model";
import { DAY, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DAY_JUDGED,
  DEVICES,
  dayFacts,
  dayMessage,
  dayReadings,
  deliveredAnyhow,
  recordsOf,
  type DayReading,
} from "../support/day.ts";
import { dayStatings, factRecords, richDayReadings } from "../support/rich-day.ts";
import { Pipeline, factRecord, messageRecord, tickRecord } from "../support/pipeline.ts";

const SEED = Number(process.env["UB_SEED"] ?? "20261124");
const START = Date.parse("2026-05-05T00:00:00+08:00");
const RESTARTS = 25;
const BAD_LINKS = 40;
const RICH_DAYS = 8;

/** What one log led to: everything that was said, in order, and everything that is stored. */
interface Derived {
  readonly judgements: readonly JudgementRecord[];
  readonly excursions: unknown;
  readonly timelines: unknown;
  readonly points: unknown;
}

let records: readonly NewRecord[];
let organisations: readonly string[];
let inOneGo: Derived;
let pipeline: Pipeline;
beforeAll(async () => {
  ({ records, organisations } = everythingAtOnce());
  pipeline = await Pipeline.open();
  await pipeline.append(records);
  await pipeline.applied();
  inOneGo = await derived(pipeline);
}, 120_000);
afterAll(() => pipeline.close());

describe(`one log leads to one result (seed ${SEED})`, { timeout: 120_000 }, () => {
  it("with something of every kind in it", () => {
    const kinds = new Set(inOneGo.judgements.map(({ judgement }) => judgement.kind));
    expect([...kinds].sort()).toEqual([
      "clock-doubt-closed",
      "clock-doubt-opened",
      "excursion-amended",
      "excursion-closed",
      "excursion-opened",
      "excursion-retracted",
      "fault-closed",
      "fault-opened",
      "gap-closed",
      "gap-opened",
      "reading-conflict",
      "timeline-changed",
    ]);
    // Many, so that what depends on chance shows.
    expect(inOneGo.judgements.length).toBeGreaterThan(1_000);
  });

  it("after everything derived was deleted, in batches of another size", async () => {
    await pipeline.rebuild(37);
    expectSame(await derived(pipeline), inOneGo);
  });

  it("after the time series alone was deleted", async () => {
    await pipeline.loseSeries();
    await pipeline.applied();
    expectSame(await derived(pipeline), inOneGo);
  });

  it(`when it is stopped and started ${RESTARTS} times anywhere on the way`, async () => {
    const restarted = await Pipeline.open();
    try {
      const cuts = fc.sample(
        fc.record({
          at: fc.integer({ min: 0, max: records.length }),
          batchMax: fc.constantFrom(3, 64, 512),
          isApplied: fc.boolean(),
        }),
        { seed: SEED, numRuns: RESTARTS },
      );
      let appended = 0;
      for (const { at, batchMax, isApplied } of [...cuts].sort((a, b) => a.at - b.at)) {
        await restarted.append(records.slice(appended, at));
        appended = at;
        if (isApplied) await restarted.applied();
        await restarted.restart(batchMax);
      }
      await restarted.append(records.slice(appended));
      await restarted.applied();
      expectSame(await derived(restarted), inOneGo);
    } finally {
      await restarted.close();
    }
  });
});

describe("a probe that leaves its range thousands of times in one message", () => {
  it("is told late data of each of them once, in whatever batches it is judged", async () => {
    const [organisation, readings] = ["flapping", 9_000];
    const told = (
      minutes: readonly number[],
      celsius: (i: number) => number,
    ): readonly DayReading[] =>
      minutes.map((minute, i) => ({ device: "a", at: minute * MINUTE, celsius: celsius(i) }));
    const end = START + readings * MINUTE;
    const flapping = await Pipeline.open();
    try {
      await flapping.append([
        ...dayFacts(organisation, START),
        dayMessage(
          organisation,
          START,
          told([...Array(readings).keys()], (i) => (i % 2 === 0 ? 20 : 5)),
          end,
        ),
        // Each cuts the excursion that it falls into short, and no other.
        ...[0.5, 4_000.5, 2.5, 8_000.5].map((minute, i) =>
          dayMessage(
            organisation,
            START,
            told([minute], () => 5),
            end + i * MINUTE,
          ),
        ),
      ]);
      await flapping.applied();
      const once = await flapping.judgements();
      const counted = (kind: string): number =>
        once.filter(({ judgement }) => judgement.kind === kind).length;
      expect(counted("excursion-opened")).toBe(readings / 2);
      expect(counted("excursion-amended")).toBe(4);
      await flapping.rebuild(1);
      expect(await flapping.judgements()).toEqual(once);
    } finally {
      await flapping.close();
    }
  });
});

/**
 * Trucks in tunnels, flapping probes, rooms behind bad links, and rooms with doors and facts that are stated late, all at
 * the same time, in one organisation and many.
 */
function everythingAtOnce(): {
  readonly records: readonly NewRecord[];
  readonly organisations: readonly string[];
} {
  const stated: NewRecord[] = [];
  const told: NewRecord[] = [];
  const names: string[] = [];
  for (const name of ["truck-tunnel", "flapping-probe"]) {
    const scenario = scenarioNamed(name);
    if (scenario === null) throw new Error(`no scenario ${name}`);
    const { facts, messages } = generate(scenario, { seed: SEED, start: START });
    if (!names.includes(scenario.organisation)) names.push(scenario.organisation);
    stated.push(...facts.map((fact) => factRecord(fact)));
    for (const { topic, payload, received_at } of messages) {
      const device = topic.split("/")[3] ?? "";
      told.push(messageRecord(scenario.organisation, device, Date.parse(received_at), payload));
    }
  }
  const days = fc.sample(
    dayReadings.chain((readings) => deliveredAnyhow(readings)),
    { seed: SEED, numRuns: BAD_LINKS },
  );
  for (const [i, deliveries] of days.entries()) {
    const organisation = `link-${i}`;
    names.push(organisation);
    const facts = dayFacts(organisation, START);
    // The profile of some is assigned when half the day is over.
    if (i % 4 !== 0) stated.push(...facts);
    else told.push(...facts.map((fact) => ({ ...fact, receivedAt: START + DAY / 4 }) as NewRecord));
    told.push(...recordsOf(organisation, START, deliveries));
  }
  told.push(...unsetClock(), ...dayFacts("clock", START));
  names.push("clock");
  const rich = fc.sample(
    fc.record({
      statings: dayStatings,
      deliveries: richDayReadings.chain((readings) => deliveredAnyhow(readings)),
    }),
    { seed: SEED, numRuns: RICH_DAYS },
  );
  for (const [i, { statings, deliveries }] of rich.entries()) {
    const organisation = `rich-${i}`;
    names.push(organisation);
    // One fact an hour, some of them long after what they are about.
    const when = statings.map((_, k) => (i % 2 === 0 ? 0 : k * 60 * MINUTE));
    told.push(...factRecords(organisation, START, statings, when));
    told.push(...recordsOf(organisation, START, deliveries));
  }
  for (let at = 0; at <= Math.max(DAY_JUDGED, DAY + 2 * 3_600_000); at += 2 * MINUTE)
    told.push(tickRecord(START + at));
  told.sort((a, b) => a.receivedAt - b.receivedAt);
  return { records: [...stated, ...told], organisations: names };
}

/** A logger whose clock loses three hours, is put right, and then shows local time. */
function unsetClock(): readonly NewRecord[] {
  return Array.from({ length: 90 }, (_, i) => {
    const receivedAt = START + i * 5 * MINUTE;
    const ahead = i < 20 || i >= 60 ? 0 : i < 40 ? -185 * MINUTE : -480 * MINUTE;
    const shown = receivedAt + ahead;
    const payload = { measured_at: shown - 1_000, sent_at: shown, temperature_c: 4 + (i % 7) };
    return messageRecord("clock", DEVICES[0], receivedAt, payload);
  });
}

async function derived(from: Pipeline): Promise<Derived> {
  const judgements = await from.judgements();
  const spaces = new Map<string, readonly [organisation: string, space: string]>();
  for (const { organisation, judgement } of judgements)
    if (judgement.kind === "timeline-changed")
      spaces.set(`${organisation}/${judgement.space}`, [organisation, judgement.space]);
  const timelines: unknown[] = [];
  for (const [organisation, space] of spaces.values())
    timelines.push([organisation, space, await from.timeline(organisation, space)]);
  const excursions: unknown[] = [];
  const points: unknown[] = [];
  for (const organisation of organisations) {
    excursions.push(await from.excursions(organisation));
    for (const key of await from.series(organisation)) points.push([key, await from.points(key)]);
  }
  return { judgements, excursions, timelines, points };
}

/** Byte for byte; the first difference is said before the rest. */
function expectSame(actual: Derived, expected: Derived): void {
  const lines = (of: Derived): readonly string[] =>
    of.judgements.map((each) => JSON.stringify(each));
  const ours = lines(actual);
  const theirs = lines(expected);
  const at = theirs.findIndex((line, i) => line !== ours[i]);
  if (at >= 0) expect({ at, said: ours[at] }).toEqual({ at, said: theirs[at] });
  expect(ours.length).toBe(theirs.length);
  for (const part of ["excursions", "timelines", "points"] as const)
    expect(JSON.stringify(actual[part])).toBe(JSON.stringify(expected[part]));
}
