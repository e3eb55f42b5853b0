import type { NewRecord } from "@unbroken/event-log";
import { canonicalJson, type Judgement } from "@unbroken/model";
import { DAY, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CADENCE,
  DAY_JUDGED,
  DEVICES,
  SPACE,
  dayFacts,
  dayMessage,
  dayReadings,
  deliveredAnyhow,
  deliveredAtOnce,
  deliveredNewestFirst,
  recordsOf,
  type DayReading,
} from "../support/day.ts";
import { Pipeline, tickRecord } from "../support/pipeline.ts";

/** Each day comes in four ways, of which three are held against the first. */
const RUNS = Number(process.env["UB_ORDER_RUNS"] ?? "340");
const SEED = Number(process.env["UB_SEED"] ?? "20261124");
const START = Date.parse("2026-01-01T00:00:00Z");
const TICK = 7 * MINUTE;

let pipeline: Pipeline;
let days = 0;
let excursionsSeen = 0;
beforeAll(async () => {
  pipeline = await Pipeline.open();
});
afterAll(() => pipeline.close());

/** The days follow each other in one log, for the clock that it tells does not go back. */
function nextDay(): { readonly organisation: string; readonly start: number } {
  days += 1;
  return { organisation: `day-${days}`, start: START + days * 3 * DAY };
}

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
  excursionsSeen += standing.length;
  const timeline = await pipeline.timeline(organisation, SPACE);
  return canonicalJson({ standing, timeline });
}

describe("an amendment says what changed", () => {
  it("a tunnel is in doubt while it lasts; what comes late opens the excursion, already closed", async () => {
    const day = await beginDay();
    await day.send(40, steady(0, 4, 5));
    expect(await day.said()).toEqual(["timeline from 0: in"]);
    await day.tick(90);
    expect(await day.said()).toEqual(["gap-opened 30", "timeline from 30: unproven"]);
    await day.send(230, steady(22, 24, 5));
    expect(await day.said()).toEqual(["gap-closed 30–220", "timeline from 220: in"]);
    await day.send(231, steady(4, 22, 11));
    expect(await day.said()).toEqual([
      "opened 40–220 (revision 1)",
      "timeline from 30: in high in",
    ]);
  });

  it("a gap that is filled joins two excursions: one is amended, the other retracted in its favour", async () => {
    const day = await beginDay();
    await day.send(170, [...steady(0, 5, 11), ...steady(10, 15, 12), ...steady(15, 17, 5)]);
    expect(await day.said()).toEqual([
      "opened 0–40 (revision 1)",
      "opened 100–150 (revision 1)",
      "timeline from 0: high unproven high in",
    ]);
    await day.send(171, steady(5, 10, 9));
    expect(await day.said()).toEqual([
      "amended 0–150 (revision 2): until ended provenMs peak peakAt",
      "retracted 100–150 (revision 2), replaced by 0",
      "timeline from 40: high in",
    ]);
  });

  it("a cold reading that comes late splits an excursion: its end is amended, a second one opened", async () => {
    const day = await beginDay();
    await day.send(100, [...steady(0, 3, 11), ...steady(4, 8, 12), ...steady(8, 10, 5)]);
    expect(await day.said()).toEqual(["opened 0–80 (revision 1)", "timeline from 0: high in"]);
    await day.send(101, steady(3, 4, 5));
    expect(await day.said()).toEqual([
      "amended 0–30 (revision 2): until provenMs peak peakAt",
      "opened 40–80 (revision 1)",
      "timeline from 30: in high in",
    ]);
  });

  it("an excursion that lasts and is shown to have been short is retracted", async () => {
    const day = await beginDay();
    await day.send(40, [...steady(0, 1, 11), ...steady(2, 4, 12)]);
    expect(await day.said()).toEqual(["opened 0– (revision 1)", "timeline from 0: high"]);
    await day.send(41, steady(1, 2, 5));
    expect(await day.said()).toEqual([
      "retracted 0– (revision 2), replaced by ",
      "timeline from 10: in high",
    ]);
  });

  it("a duplicate says nothing", async () => {
    const day = await beginDay();
    await day.send(80, [...steady(0, 5, 11), ...steady(5, 8, 5)]);
    expect((await day.said()).length).toBeGreaterThan(0);
    await day.send(81, [...steady(0, 5, 11), ...steady(5, 8, 5)]);
    expect(await day.said()).toEqual([]);
  });
});

/** Readings of one sensor, `[from, to)` in samples of ten minutes. */
function steady(from: number, to: number, celsius: number): readonly DayReading[] {
  return Array.from({ length: to - from }, (_, i) => ({
    device: DEVICES[0],
    at: (from + i) * CADENCE,
    celsius,
  }));
}

/** A day with one sensor, told piece by piece; what is said of it in minutes of the day. */
async function beginDay(): Promise<{
  /** Received in this minute of the day. */
  readonly send: (minute: number, readings: readonly DayReading[]) => Promise<void>;
  readonly tick: (minute: number) => Promise<void>;
  readonly said: () => Promise<readonly string[]>;
}> {
  const { organisation, start } = nextDay();
  await pipeline.append(dayFacts(organisation, start));
  let heard = 0;
  return {
    async tick(minute) {
      await pipeline.append([tickRecord(start + minute * MINUTE)]);
      await pipeline.applied();
    },
    async send(minute, readings) {
      const receivedAt = start + minute * MINUTE;
      await pipeline.append([dayMessage(organisation, start, readings, receivedAt)]);
      await pipeline.applied();
    },
    async said() {
      const all = (await pipeline.judgements()).filter(
        (each) => each.organisation === organisation,
      );
      const fresh = all.slice(heard);
      heard = all.length;
      return fresh.map(({ judgement }) => worded(judgement, start));
    },
  };
}

function worded(judgement: Judgement, start: number): string {
  const minute = (at: number): number => (at - start) / MINUTE;
  const what = judgement.kind.replace(/^excursion-|-changed$/, "");
  switch (judgement.kind) {
    case "excursion-opened":
    case "excursion-closed":
    case "excursion-amended":
    case "excursion-retracted": {
      const { since, until, revision } = judgement.excursion;
      const span = `${minute(since)}–${until === null ? "" : minute(until)} (revision ${revision})`;
      if (judgement.kind === "excursion-amended")
        return `${what} ${span}: ${judgement.changed.join(" ")}`;
      if (judgement.kind !== "excursion-retracted") return `${what} ${span}`;
      const replacedBy = judgement.replacedBy.map((id) => minute(Number(id.split("|").at(-1))));
      return `${what} ${span}, replaced by ${replacedBy.join(" ")}`;
    }
    case "timeline-changed": {
      const classes = judgement.stretches.map((stretch) => stretch.class);
      return `${what} from ${minute(judgement.from)}: ${classes.join(" ")}`;
    }
    case "gap-opened":
      return `${what} ${minute(judgement.from)}`;
    case "gap-closed":
      return `${what} ${minute(judgement.from)}–${minute(judgement.to)}`;
    case "fault-opened":
    case "fault-closed":
    case "clock-doubt-opened":
    case "clock-doubt-closed":
    case "reading-conflict":
      return what;
  }
}

describe(`the order of arrival changes nothing once all has arrived (seed ${SEED}, ${RUNS} days)`, () => {
  it(
    "whether in order, delayed, repeated, cut into batches anywhere, or newest first",
    { timeout: 120_000 },
    async () => {
      const day = dayReadings.chain((readings) =>
        fc.record({
          readings: fc.constant(readings),
          ways: fc.tuple(deliveredAnyhow(readings), deliveredAnyhow(readings)),
        }),
      );
      await fc.assert(
        fc.asyncProperty(day, async ({ readings, ways }) => {
          const { organisation, start } = nextDay();
          const deliveries = [
            deliveredAtOnce(readings),
            deliveredNewestFirst(readings),
            ...ways,
          ].map((way, i) => ({ organisation: `${organisation}-${i}`, way }));
          const facts = deliveries.flatMap((each) => dayFacts(each.organisation, start));
          const messages = deliveries.flatMap((each) =>
            recordsOf(each.organisation, start, each.way),
          );
          await pipeline.append(facts);
          await pipeline.append(inOrder(messages, start));
          await pipeline.applied();
          const [expected, ...others] = await Promise.all(
            deliveries.map((each) => outcome(each.organisation)),
          );
          for (const other of others) expect(other).toBe(expected);
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: false },
      );
      expect(excursionsSeen).toBeGreaterThan(RUNS);
    },
  );
});
