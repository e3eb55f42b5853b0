import type { NewRecord } from "@unbroken/event-log";
import { ProfileDocument, entityOf, keyOf, type Fact, type Statement } from "@unbroken/model";
import { EpochMs, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import type { z } from "zod";
import { CADENCE, DAY_LASTS, SPACE, dayReadings, type DayReading } from "./day.ts";

// A made-up day with everything that a rule can look at: two probes with humidity and numbered readings, a contact that
// tells door, supply and defrost, and facts of every kind that are stated when it suits whoever states them.

type Rules = z.input<typeof ProfileDocument>["rules"];

const airRules: Rules = [
  {
    id: "high",
    cmp: "gt",
    limit: 8,
    mode: "consecutive",
    hold: "PT30M",
    hysteresis: 0.5,
    allowances: [
      { phase: "load", by: 2, for: "PT20M", every: "PT2H" },
      { phase: "defrost", by: 5, for: "PT30M" },
    ],
  },
  { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT20M", warn: { hold: "PT10M" } },
  { id: "budget", cmp: "gt", limit: 8, mode: "cumulative", hold: "PT2H" },
  { id: "mean", quantity: "mkt", cmp: "gt", limit: 8, mode: "window", scope: "PT2H" },
  { id: "handling", cmp: "gt", limit: 8, mode: "exposure", hold: "PT30M" },
];

const otherRules: Rules = [
  { id: "damp", quantity: "humidity", cmp: "gt", limit: 75, mode: "consecutive", hold: "PT30M" },
  { id: "door", quantity: "door", cmp: "ge", limit: 1, mode: "consecutive", hold: "PT20M" },
  { id: "dark", quantity: "power", cmp: "lt", limit: 1, mode: "instant" },
  {
    id: "unheard",
    quantity: "link",
    cmp: "lt",
    limit: 1,
    mode: "consecutive",
    hold: "PT1H",
    severity: "excursion",
  },
  { id: "core", quantity: "product", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT30M" },
];

const profiles: readonly z.input<typeof ProfileDocument>[] = [
  {
    id: "rich",
    cadence: "PT10M",
    gap: "PT25M",
    faults: {
      sentinels: [16.2],
      step: { by: 10, within: "PT20M" },
      stuck: { for: "PT1H", while: 5 },
    },
    product: { lag: "PT40M" },
    rules: [...airRules, ...otherRules],
  },
  {
    id: "rich",
    cadence: "PT10M",
    gap: "PT45M",
    accuracy: 0.3,
    product: { lag: "PT90M" },
    rules: airRules,
  },
];

const HASHES = ["2".repeat(64), "3".repeat(64)] as const;
const CONTACT = "c";

/** A fact, and when it is stated, in ms of the day. */
export interface Stating {
  readonly effectiveFrom: number;
  readonly statement: Statement;
}

function stated(hash: string, document: unknown): Statement {
  // A profile that is none proves nothing, and nothing would be compared.
  ProfileDocument.parse(document);
  return {
    kind: "profile-stated",
    profile: "rich",
    hash,
    document: structuredClone(document) as Extract<
      Statement,
      { kind: "profile-stated" }
    >["document"],
  };
}

const STANDING: readonly Stating[] = [
  ...HASHES.map((hash, i) => ({ effectiveFrom: 0, statement: stated(hash, profiles[i]) })),
  { effectiveFrom: 0, statement: { kind: "profile-assigned", space: SPACE, hash: HASHES[0] } },
  ...["a", "b", CONTACT].map((device): Stating => ({
    effectiveFrom: 0,
    statement: { kind: "sensor-placed", device, space: SPACE },
  })),
];

const minuteOfDay = fc.integer({ min: 1, max: DAY_LASTS / MINUTE - 1 });

/** No two facts of one kind hold from the same moment: of those, whichever is stated later wins. */
export const dayStatings: fc.Arbitrary<readonly Stating[]> = fc
  .record({
    moments: fc.uniqueArray(minuteOfDay, { minLength: 9, maxLength: 9 }),
    kept: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
    ambient: fc.constantFrom(12_000, 30_000),
  })
  .map(({ moments, kept, ambient }) => {
    const at = (i: number): number => (moments[i] ?? 0) * MINUTE;
    const thermal = { kind: "thermal-stated", space: SPACE, ambientMilli: ambient } as const;
    const all: readonly Statement[] = [
      { ...thermal, timeConstantMs: 600 * MINUTE, coldestMilli: -5_000 },
      { ...thermal, timeConstantMs: 60 * MINUTE },
      { kind: "sensor-described", device: "a", accuracyMilli: 500, driftMilliPerYear: 100 },
      { kind: "sensor-described", device: "b", probe: "main", accuracyMilli: 1_200 },
      { kind: "phase-stated", space: SPACE, phase: "load" },
      { kind: "phase-stated", space: SPACE, phase: "store" },
      { kind: "out-of-service-stated", space: SPACE, reason: "cleaning", empty: true },
      { kind: "returned-to-service", space: SPACE },
      { kind: "profile-assigned", space: SPACE, hash: HASHES[1] },
    ];
    return [
      ...STANDING,
      ...all.flatMap((statement, i) =>
        kept[i] === true ? [{ effectiveFrom: at(i), statement }] : [],
      ),
    ];
  });

export function factRecords(
  organisation: string,
  start: number,
  statings: readonly Stating[],
  /** When each is stated, in ms of the day. */
  when: readonly number[],
): readonly NewRecord[] {
  return statings.map(({ effectiveFrom, statement }, i) => {
    const receivedAt = EpochMs(start + (when[i] ?? 0));
    const fact: Fact = {
      id: `${organisation}-${i}`,
      organisation,
      // What holds from the day's beginning held before it.
      effectiveFrom: EpochMs(effectiveFrom === 0 ? 0 : start + effectiveFrom),
      statedAt: receivedAt,
      statedBy: "test",
      statement,
    };
    return {
      topic: "facts",
      organisation,
      key: keyOf(organisation, entityOf(statement)),
      receivedAt,
      clock: "steady",
      body: Buffer.from(JSON.stringify(fact)),
    };
  });
}

const humidity = fc.array(fc.constantFrom<number | null>(60, 75, 75.001, 90, 90, null), {
  minLength: 12,
  maxLength: 12,
});

/** Numbers count the samples that were due: one that never was read leaves a known gap. */
const probeReadings = fc
  .record({ readings: dayReadings, humidity, numbered: fc.boolean() })
  .map(({ readings, humidity: values, numbered }) =>
    readings.map((reading): DayReading => {
      const due = Math.floor(reading.at / CADENCE);
      const damp = reading.device === "a" ? values[Math.floor(due / 6)] : undefined;
      return {
        ...reading,
        beside: {
          ...(damp === undefined ? {} : { relative_humidity_pct: damp }),
          ...(numbered ? { seq: due % 40, boot: Math.floor(due / 40) } : {}),
        },
      };
    }),
  );

const contactReadings = fc
  .array(
    fc.record({
      lasts: fc.integer({ min: 1, max: 6 }),
      door: fc.constantFrom<boolean | null>(true, false, false, null),
      power: fc.constantFrom<boolean | null>(true, true, true, false, null),
      defrost: fc.constantFrom<boolean | null>(false, false, true),
      isSilent: fc.constantFrom(false, false, false, false, true),
    }),
    { minLength: 4, maxLength: 20 },
  )
  .map((stretches) =>
    stretches
      .flatMap(({ lasts, ...said }) => Array.from({ length: lasts }, () => said))
      .slice(0, DAY_LASTS / CADENCE)
      .flatMap(({ door, power, defrost, isSilent }, i): readonly DayReading[] =>
        isSilent
          ? []
          : [
              {
                device: CONTACT,
                at: i * CADENCE + 5 * MINUTE,
                beside: { door_open: door, power_ok: power, defrost },
              },
            ],
      ),
  );

/** All that is measured in a day, by the time at which it was. */
export const richDayReadings: fc.Arbitrary<readonly DayReading[]> = fc
  .tuple(probeReadings, contactReadings)
  .map((sensors) => sensors.flat().sort((a, b) => a.at - b.at));
