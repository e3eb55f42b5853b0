import type { NewRecord } from "@unbroken/event-log";
import { ALWAYS, type Fact, type ProfileDocument, type Statement } from "@unbroken/model";
import { EpochMs, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import type { z } from "zod";
import { factRecord, messageRecord } from "./pipeline.ts";

// A made-up day of one space with two sensors, and the ways in which its readings can come in.

export const SPACE = "room";
export const DEVICES = ["a", "b"] as const;
export const CADENCE = 10 * MINUTE;
/** So many samples of each sensor, some of them missing. */
const SAMPLES = 72;
export const DAY_LASTS = SAMPLES * CADENCE;
/** By then everything has come in. */
export const DAY_JUDGED = 2 * DAY_LASTS;

export const PROFILE: z.input<typeof ProfileDocument> = {
  id: "made-up",
  cadence: "PT10M",
  gap: "PT25M",
  rules: [
    { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT30M" },
    { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT20M" },
    { id: "hot", cmp: "ge", limit: 15, mode: "instant" },
  ],
};

export interface DayReading {
  readonly device: string;
  /** Since the day began, in ms. */
  readonly at: number;
  /** Null for a fault; nothing for a device that measures no temperature. */
  readonly celsius?: number | null;
  /** Further fields of the message. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** Readings that one message carries, and how long after the last of them it is received, in ms. */
export interface Delivery {
  readonly readings: readonly DayReading[];
  readonly after: number;
}

/** What is stated before the day begins. */
export function dayFacts(organisation: string, start: number): readonly NewRecord[] {
  const hash = "1".repeat(64);
  const statements: readonly Statement[] = [
    {
      kind: "profile-stated",
      profile: "made-up",
      hash,
      document: structuredClone(PROFILE) as Extract<
        Statement,
        { kind: "profile-stated" }
      >["document"],
    },
    { kind: "space-declared", space: SPACE, name: "Room" },
    { kind: "profile-assigned", space: SPACE, hash },
    ...DEVICES.map((device): Statement => ({ kind: "sensor-placed", device, space: SPACE })),
  ];
  return statements.map((statement, i) => {
    const fact: Fact = {
      id: `${organisation}-${i}`,
      organisation,
      effectiveFrom: ALWAYS,
      statedAt: EpochMs(start),
      statedBy: "test",
      statement,
    };
    return factRecord(fact);
  });
}

export function dayMessage(
  organisation: string,
  start: number,
  readings: readonly DayReading[],
  receivedAt: number,
): NewRecord {
  const batch = readings.map(({ at, celsius, beside }) => ({
    measured_at: start + at,
    ...(celsius === undefined ? {} : { temperature_c: celsius }),
    ...beside,
  }));
  const payload = batch.length === 1 ? batch[0] : { readings: batch };
  return messageRecord(organisation, readings[0]?.device ?? "", receivedAt, payload);
}

/** Long stays in range and out of it with sudden changes, so that runs of every length come up; faults and silences. */
const stretch = fc.record({
  lasts: fc.integer({ min: 1, max: 12 }),
  said: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<number | null>(5, 8, 8.001, 9.5, 12) },
    { weight: 2, arbitrary: fc.constantFrom<number | null>(1.999, 2, -3, 15, 16.2) },
    { weight: 1, arbitrary: fc.constant<number | null>(null) },
    { weight: 1, arbitrary: fc.constant<"silence">("silence") },
  ),
  /** Said of its first instant beside the rest: a conflict. */
  saidToo: fc.option(fc.constantFrom(4, 9.5, 16), { freq: 7 }),
});

function samplesOf(device: string, offset: number): fc.Arbitrary<readonly DayReading[]> {
  return fc.array(stretch, { minLength: 4, maxLength: 24 }).map((stretches) =>
    stretches
      .flatMap(({ lasts, said, saidToo }) =>
        Array.from({ length: lasts }, (_, i) => (i === 0 ? [said, saidToo ?? said] : [said])),
      )
      .slice(0, SAMPLES)
      .flatMap((all, i) =>
        [...new Set(all)].flatMap((said) =>
          said === "silence" ? [] : [{ device, at: offset + i * CADENCE, celsius: said }],
        ),
      ),
  );
}

/** All readings of a day by the time at which they were measured. */
export const dayReadings: fc.Arbitrary<readonly DayReading[]> = fc
  .tuple(samplesOf(DEVICES[0], 0), samplesOf(DEVICES[1], 3 * MINUTE))
  .map((sensors) => sensors.flat().sort((a, b) => a.at - b.at));

/** Each reading in a message of its own, at once. */
export function deliveredAtOnce(readings: readonly DayReading[]): readonly Delivery[] {
  return readings.map((reading) => ({ readings: [reading], after: 1_000 }));
}

/** Nothing until the day is over, then the newest first. */
export function deliveredNewestFirst(readings: readonly DayReading[]): readonly Delivery[] {
  return readings
    .toReversed()
    .map((reading, i) => ({ readings: [reading], after: DAY_LASTS - reading.at + i * 1_000 }));
}

/** Whatever a bad link does: batches cut anywhere and shuffled within, any delay, some of it twice. */
export function deliveredAnyhow(
  readings: readonly DayReading[],
): fc.Arbitrary<readonly Delivery[]> {
  const delay = fc.oneof(
    { weight: 3, arbitrary: fc.constant(1_000) },
    { weight: 2, arbitrary: fc.integer({ min: 1_000, max: 60 * MINUTE }) },
    { weight: 1, arbitrary: fc.integer({ min: 1_000, max: DAY_LASTS - 1_000 }) },
  );
  const cut = fc.record({
    size: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 })),
    isNewestFirst: fc.boolean(),
    delays: fc.array(delay, { minLength: 1, maxLength: 3 }),
  });
  const devices = [...new Set(readings.map(({ device }) => device))].sort();
  return fc.array(cut, { minLength: readings.length, maxLength: readings.length }).map((cuts) =>
    devices.flatMap((device) =>
      cutUp(
        readings.filter((reading) => reading.device === device),
        cuts,
      ),
    ),
  );
}

function cutUp(
  readings: readonly DayReading[],
  cuts: readonly {
    readonly size: number;
    readonly isNewestFirst: boolean;
    readonly delays: readonly number[];
  }[],
): readonly Delivery[] {
  const deliveries: Delivery[] = [];
  let next = 0;
  for (const { size, isNewestFirst, delays } of cuts) {
    const batch = readings.slice(next, next + size);
    if (batch.length === 0) break;
    next += size;
    for (const after of delays)
      deliveries.push({ readings: isNewestFirst ? batch.toReversed() : batch, after });
  }
  return deliveries;
}

export function recordsOf(
  organisation: string,
  start: number,
  deliveries: readonly Delivery[],
): readonly NewRecord[] {
  return deliveries.map(({ readings, after }) => {
    const latest = readings.reduce((max, { at }) => Math.max(max, at), 0);
    return dayMessage(organisation, start, readings, start + latest + after);
  });
}
