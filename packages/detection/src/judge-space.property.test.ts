import { profileOf, ProfileDocument, type Sample } from "@unbroken/model";
import { DurationMs, EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DrivenSpace, type Heard } from "./testing/driven-space.ts";
import type { Assignment, Stay } from "./index.ts";

// More with UB_CASES=100000.
const CASES = Number(process.env["UB_CASES"] ?? 2_000);
const MINUTE = 60_000;
// Not at 1970, so that the beginning is not the first sample.
const START = 1_000 * MINUTE;

const profile = (id: string, gap: number, limit: number) =>
  profileOf(
    ProfileDocument.parse({
      id,
      cadence: "PT1M",
      gap: `PT${gap}M`,
      rules: [
        { id: "hot", cmp: "gt", limit, mode: "consecutive", hold: "PT3M" },
        { id: "cold", cmp: "le", limit: 2, mode: "consecutive", hold: "PT2M" },
        { id: "spike", cmp: "ge", limit: 12, mode: "instant" },
        { id: "warm", cmp: "gt", limit: 7, mode: "consecutive", hold: "PT5M", severity: "warn" },
      ],
    }),
    id,
  );

const minute = fc.integer({ min: 0, max: 40 });
const at = fc.oneof(
  { weight: 9, arbitrary: minute.map((m) => START + m * MINUTE) },
  { weight: 1, arbitrary: fc.integer({ min: START, max: START + 40 * MINUTE }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 3).map((d) => START + d * 86_400_000) },
);
const sample = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(1_000, 2_000, 5_000, 8_000, 8_001, 9_000, 12_000, 14_000),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);
const heard = fc
  .record({ sensor: fc.constantFrom("a", "a", "b", "c"), at, sample })
  .map(({ sensor, at, sample }): Heard => ({
    sensor,
    at: EpochMs(at),
    sample: sampleOf(sample),
  }));

function sampleOf(milli: number | null): Sample {
  return milli === null
    ? { kind: "fault", fault: "absent" }
    : { kind: "value", milli: Milli(milli) };
}

const edge = fc.integer({ min: -5, max: 45 }).map((m) => EpochMs(START + m * MINUTE));
const stay = (sensor: string) =>
  fc.oneof(
    fc.constant<Stay[]>([{ sensor, from: EpochMs(0), to: null }]),
    fc.uniqueArray(edge, { minLength: 1, maxLength: 4 }).map((edges): Stay[] => {
      const sorted = edges.sort((a, b) => a - b);
      return sorted
        .map((from, i) => ({ sensor, from, to: sorted[i + 1] ?? null }))
        .filter((_, i) => i % 2 === 0);
    }),
  );
const assignments = fc.oneof(
  fc.constant<Assignment[]>([{ profile: profile("p", 3, 8), from: EpochMs(0), to: null }]),
  fc.tuple(edge, edge).map(([a, b]): Assignment[] => [
    { profile: profile("p", 3, 8), from: EpochMs(0), to: a < b ? a : b },
    { profile: profile("q", 6, 8.5), from: a < b ? b : a, to: null },
  ]),
);

interface World {
  readonly assignments: readonly Assignment[];
  readonly stays: readonly Stay[];
  readonly readings: readonly Heard[];
  readonly endOfTime: number;
}

const minutesLong: fc.Arbitrary<World> = fc.record({
  assignments,
  stays: fc.tuple(stay("a"), stay("b"), stay("c")).map((stays) => stays.flat()),
  readings: fc.array(heard, { maxLength: 60 }),
  endOfTime: fc.constantFrom(0, 41, 44, 60).map((m) => START + m * MINUTE),
});

/** A column is a minute, or so long that a history goes over several days and leaves snapshots. */
const world = fc
  .tuple(minutesLong, fc.constantFrom(1, 120))
  .map(([world, factor]) => stretched(world, factor));

function stretched({ assignments, stays, readings, endOfTime }: World, factor: number): World {
  const time = (t: number): EpochMs => EpochMs(t === 0 ? 0 : START + (t - START) * factor);
  const between = <T extends { readonly from: EpochMs; readonly to: EpochMs | null }>(
    it: T,
  ): T => ({
    ...it,
    from: time(it.from),
    to: it.to === null ? null : time(it.to),
  });
  const length = (ms: DurationMs): DurationMs => DurationMs(ms * factor);
  return {
    assignments: assignments.map(between).map(({ profile, ...rest }) => ({
      ...rest,
      profile: {
        ...profile,
        gap: length(profile.gap),
        rules: profile.rules.map((rule) => ({ ...rule, hold: length(rule.hold) })),
      },
    })),
    stays: stays.map(between),
    readings: readings.map((reading) => ({ ...reading, at: time(reading.at) })),
    endOfTime: time(endOfTime),
  };
}

interface Delivery {
  readonly batch: readonly Heard[];
  readonly asOf: number;
}

/** The same readings in any order, some twice, in batches, with ticks between them. */
const deliveries = (readings: readonly Heard[], end: number): fc.Arbitrary<readonly Delivery[]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...readings], { minLength: readings.length }),
      fc.shuffledSubarray([...readings]),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: START - MINUTE, max: Math.max(end, START) }), {
        minLength: 1,
        maxLength: 20,
      }),
    )
    .map(([shuffled, again, sizes, times]) => {
      const all = [...shuffled, ...again];
      const out: Delivery[] = [];
      for (let i = 0, n = 0; i < all.length; n += 1) {
        const size = sizes[n % sizes.length] ?? 1;
        const asOf = Math.min(times[n % times.length] ?? end, end);
        out.push({ batch: all.slice(i, i + size), asOf }, { batch: [], asOf });
        i += size;
      }
      return [...out, { batch: [], asOf: end }];
    });

function deliver(space: DrivenSpace, all: readonly Delivery[]): DrivenSpace {
  for (const { batch, asOf } of all) space.feed(batch, asOf);
  return space;
}

describe("whatever the order, duplicates, batches and ticks, a space is judged the same", () => {
  it("as by one cold fold of all that was heard, and as in the order of time", () => {
    fc.assert(
      fc.property(
        world.chain((w) => fc.tuple(fc.constant(w), deliveries(w.readings, w.endOfTime))),
        ([{ assignments, stays, readings, endOfTime }, all]) => {
          const fresh = () => new DrivenSpace(assignments, stays);
          const cold = fresh();
          cold.feed(readings, endOfTime);
          cold.tick(endOfTime);
          const inOrder = deliver(fresh(), [
            ...[...readings]
              .sort((a, b) => a.at - b.at)
              .map((reading) => ({ batch: [reading], asOf: Math.min(reading.at, endOfTime) })),
            { batch: [], asOf: endOfTime },
          ]);
          expect(inOrder.outcome()).toEqual(cold.outcome());
          expect(deliver(fresh(), all).outcome()).toEqual(cold.outcome());
        },
      ),
      { numRuns: CASES },
    );
  });
});
