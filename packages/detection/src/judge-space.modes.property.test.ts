import { parseProfile, type Profile, type Quantity, type Sample } from "@unbroken/model";
import { DurationMs, EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noFacts, type Assignment, type SpaceFacts, type Stay } from "./index.ts";
import { DrivenSpace, type Heard } from "./testing/driven-space.ts";

// More with UB_CASES=100000.
const CASES = Number(process.env["UB_CASES"] ?? 80);
const MINUTE = 60_000;
const START = 20_000 * 1_440 * MINUTE;

const RULES = {
  joined: { cmp: "gt", limit: 8, mode: "consecutive", hold: "PT3M", hysteresis: 1, clear: "PT2M" },
  sum: { cmp: "ge", limit: 8, mode: "cumulative", hold: "PT5M", hysteresis: 1 },
  spike: { cmp: "gt", limit: 11, mode: "instant", debounce: "PT2M" },
  handling: { cmp: "gt", limit: 8, mode: "exposure", hold: "PT4M", severity: "excursion" },
  allowed: {
    cmp: "gt",
    limit: 7.9,
    mode: "consecutive",
    hold: "PT2M",
    allowances: [{ phase: "load", by: 2, for: "PT3M", every: "PT10M" }],
  },
  stored: { cmp: "lt", limit: 2, mode: "consecutive", hold: "PT2M", phases: ["store", "defrost"] },
  hours: {
    cmp: "lt",
    limit: 3,
    mode: "cumulative",
    hold: "PT4M",
    schedule: { offset: "+08:00", from: "08:10", to: "08:30" },
  },
  wet: { quantity: "humidity", cmp: "gt", limit: 80, mode: "consecutive", hold: "PT3M" },
  ajar: { quantity: "door", cmp: "ge", limit: 1, mode: "consecutive", hold: "PT3M" },
  lost: { quantity: "link", cmp: "lt", limit: 1, mode: "consecutive", hold: "PT5M" },
  kinetic: { quantity: "mkt", cmp: "gt", limit: 7, mode: "window", scope: "PT8M" },
  mean: { quantity: "air", cmp: "lt", limit: 4, mode: "window", scope: "PT6M" },
  climb: { quantity: "air", cmp: "gt", limit: 3, mode: "rise", scope: "PT9M" },
  fall: { quantity: "air", cmp: "le", limit: -4, mode: "rise", debounce: "PT1M" },
  core: { quantity: "product", cmp: "gt", limit: 7, mode: "consecutive", hold: "PT2M" },
  warmed: { quantity: "product", cmp: "gt", limit: 2, mode: "rise" },
  life: { quantity: "budget", cmp: "ge", limit: 0.5, mode: "instant" },
} as const;
type RuleName = keyof typeof RULES;
const NAMES = Object.keys(RULES) as RuleName[];

const FAULTS = {
  sentinels: [-10],
  step: { by: 4, within: "PT3M" },
  stuck: { for: "PT6M", while: 2 },
};

function profileOf(id: string, names: readonly RuleName[], fields: object): Profile {
  const document = {
    id,
    cadence: "PT1M",
    gap: "PT3M",
    product: {
      lag: "PT5M",
      spoilage: { model: "q10", q10: 3, reference_c: 0, life: "P1D", valid_c: [-5, 30] },
    },
    ...fields,
    rules: names.map((name) => ({ id: name, ...RULES[name] })),
  };
  const parsed = parseProfile(document, id);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.profile;
}

const profile = (id: string) =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(
        {},
        {},
        { accuracy: 0.5 },
        { faults: FAULTS },
        { faults: FAULTS, gap: "PT5M" },
      ),
    )
    .map(([names, fields]) => profileOf(id, names, fields));

const minute = fc.integer({ min: 0, max: 45 }).map((m) => EpochMs(START + m * MINUTE));
const at = fc.oneof(
  { weight: 9, arbitrary: minute },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 45 * MINUTE }).map((t) => EpochMs(START + t)) },
);
const VALUES: Partial<Record<Quantity, readonly number[]>> = {
  temperature: [-10_000, 1_000, 2_500, 5_000, 7_400, 8_000, 8_001, 9_500, 12_000, 16_000],
  relative_humidity: [50_000, 80_001],
  door_open: [0, 1_000],
  defrost: [0, 1_000],
};
const heard = fc
  .record({
    sensor: fc.constantFrom("a", "a", "b"),
    quantity: fc.constantFrom<Quantity>(
      ...(["temperature", "temperature", "temperature", "temperature"] as const),
      ...(["relative_humidity", "door_open", "door_open", "defrost"] as const),
    ),
    at,
    pick: fc.nat(),
    isFault: fc.integer({ min: 0, max: 11 }).map((n) => n === 0),
    isDoubtful: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    number: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined, freq: 2 }),
  })
  .map(({ sensor, quantity, at, pick, isFault, isDoubtful, number }): Heard => {
    const values = VALUES[quantity] ?? [0];
    const sample: Sample = isFault
      ? { kind: "fault", fault: "absent" }
      : { kind: "value", milli: Milli(values[pick % values.length] ?? 0) };
    return {
      sensor,
      quantity,
      at,
      sample,
      ...(number === undefined ? {} : { sequence: { boot: 1, number } }),
      ...(isDoubtful ? { clock: "doubtful" as const } : {}),
    };
  });

/** A sensor's minutes one after the other: a value that lasts, a fault, or silence; numbered as it says them. */
const series = (sensor: string, quantity: Quantity): fc.Arbitrary<readonly Heard[]> =>
  fc
    .tuple(
      fc.array(
        fc.record({
          length: fc.integer({ min: 1, max: 9 }),
          what: fc.constantFrom("value", "value", "value", "value", "value", "fault", "silence"),
          pick: fc.nat(),
        }),
        { minLength: 3, maxLength: 10 },
      ),
      fc.boolean(),
    )
    .map(([blocks, isNumbered]) => {
      const values = VALUES[quantity] ?? [0];
      const all: Heard[] = [];
      let number = 0;
      let column = 0;
      for (const { length, what, pick } of blocks)
        for (let i = 0; i < length; i += 1, column += 1) {
          number += what === "silence" && i > 0 ? 0 : 1;
          if (what === "silence") continue;
          const milli = Milli(values[pick % values.length] ?? 0);
          all.push({
            sensor,
            quantity,
            at: EpochMs(START + column * MINUTE),
            sample:
              what === "fault" ? { kind: "fault", fault: "absent" } : { kind: "value", milli },
            ...(isNumbered ? { sequence: { boot: 1, number } } : {}),
          });
        }
      return all;
    });

const readings = fc
  .tuple(
    series("a", "temperature"),
    fc.oneof(fc.constant([]), series("b", "temperature")),
    fc.oneof(fc.constant([]), series("a", "door_open")),
    fc.oneof(fc.constant([]), series("b", "relative_humidity")),
    fc.array(heard, { maxLength: 8 }),
  )
  .map((all) => all.flat());

const stretch = fc
  .tuple(minute, fc.option(fc.integer({ min: 1, max: 20 })))
  .map(([from, length]) => ({
    from,
    to: length === null ? null : EpochMs(from + length * MINUTE),
  }));
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<T[]>([]) },
    fc.array(arbitrary, { minLength: 1, maxLength: 2 }),
  );
const byTime = <T extends { readonly from: EpochMs }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => a.from - b.from);

const facts: fc.Arbitrary<SpaceFacts> = fc
  .record({
    thermals: sometimes(
      fc.record({
        from: minute,
        timeConstant: fc.constantFrom(5, 60).map((m) => DurationMs(m * MINUTE)),
        ambient: fc.constantFrom(9_000, 25_000).map(Milli),
        coldest: fc.constantFrom(null, 1_500).map((c) => (c === null ? null : Milli(c))),
      }),
    ),
    outOfService: sometimes(stretch),
    phases: sometimes(fc.tuple(stretch, fc.constantFrom("store", "load", "defrost"))),
    sensors: sometimes(
      fc.record({
        from: minute,
        accuracy: fc.constantFrom(null, 300).map((a) => (a === null ? null : Milli(a))),
        due: fc.option(minute),
      }),
    ),
  })
  .map(({ thermals, outOfService, phases, sensors }) => ({
    thermals: byTime(thermals),
    outOfService: byTime(outOfService),
    phases: byTime(phases.map(([when, phase]) => ({ ...when, phase }))),
    sensors: new Map([
      [
        "a",
        byTime(sensors).map(({ from, accuracy, due }) => ({
          probe: null,
          from,
          accuracy,
          driftPerYear: Milli(0),
          calibratedAt: null,
          calibrationDue: due,
        })),
      ],
    ]),
  }));

const world = fc
  .record({
    profiles: fc.tuple(profile("p"), profile("q")),
    change: fc.option(minute),
    stays: fc.constantFrom<readonly Stay[]>(
      ["a", "b"].map((sensor) => ({ sensor, from: EpochMs(0), to: null })),
      [
        { sensor: "a", from: EpochMs(START + 5 * MINUTE), to: EpochMs(START + 30 * MINUTE) },
        { sensor: "b", from: EpochMs(0), to: null },
      ],
    ),
    readings,
    facts,
    endOfTime: fc.constantFrom(46, 60).map((m) => START + m * MINUTE),
  })
  .map(({ profiles: [p, q], change, ...rest }) => {
    const assignments: readonly Assignment[] =
      change === null
        ? [{ profile: p, from: EpochMs(0), to: null }]
        : [
            { profile: p, from: EpochMs(0), to: change },
            { profile: q, from: change, to: null },
          ];
    return { ...rest, assignments };
  });

interface Delivery {
  readonly batch: readonly Heard[];
  readonly asOf: number;
}

const deliveries = (readings: readonly Heard[], end: number) =>
  fc
    .tuple(
      fc.shuffledSubarray([...readings], { minLength: readings.length }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: START - MINUTE, max: end }), { minLength: 1, maxLength: 20 }),
      fc.nat(),
    )
    .map(([shuffled, isNearlyInOrder, sizes, times, when]) => {
      const all = isNearlyInOrder
        ? shuffled
            .map((one, i) => ({ one, key: one.at + (i % 5 === 0 ? 6 * MINUTE : 0) }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
        : shuffled;
      const out: Delivery[] = [];
      for (let i = 0, n = 0; i < all.length; n += 1) {
        const batch = all.slice(i, i + (sizes[n % sizes.length] ?? 1));
        out.push({ batch, asOf: Math.min(times[n % times.length] ?? end, end) });
        i += batch.length;
      }
      return { all: [...out, { batch: [], asOf: end }], learnAfter: when % (out.length + 1) };
    });

describe("whatever the order of readings and facts, a space is judged the same", () => {
  it("by every mode and quantity, with silences, doubts, phases and time out of service", () => {
    fc.assert(
      fc.property(
        world.chain((w) => fc.tuple(fc.constant(w), deliveries(w.readings, w.endOfTime))),
        ([{ assignments, stays, readings, facts: known, endOfTime }, { all, learnAfter }]) => {
          const cold = new DrivenSpace(assignments, stays, known);
          cold.feed(readings, endOfTime);
          cold.tick(endOfTime);
          const space = new DrivenSpace(assignments, stays, noFacts);
          all.forEach(({ batch, asOf }, i) => {
            // Nothing holds before START: from then on all may be other.
            if (i === learnAfter) space.learn(known, EpochMs(START - 1_440 * MINUTE), asOf);
            space.feed(batch, asOf);
          });
          expect(space.outcome()).toEqual(cold.outcome());
          const inOrder = new DrivenSpace(assignments, stays, known);
          for (const reading of readings.toSorted((a, b) => a.at - b.at))
            inOrder.feed([reading], Math.min(reading.at, endOfTime));
          inOrder.tick(endOfTime);
          expect(inOrder.outcome()).toEqual(cold.outcome());
        },
      ),
      { numRuns: CASES },
    );
  });
});
