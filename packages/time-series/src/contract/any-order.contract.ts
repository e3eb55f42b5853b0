import { EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Point } from "../port.ts";
import { ROOM, START, at, everything, expectedEnvelope, expectedPoints } from "./points.ts";
import { withStore, type OpenStore } from "./with-store.ts";

const SPAN = 4_000_000;

const sample = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ milli: fc.integer({ min: -4, max: 4 }), fault: fc.constant(null) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      milli: fc.integer({ min: -1e12, max: 1e12 }),
      fault: fc.constant(null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      milli: fc.constant(null),
      fault: fc.constantFrom("absent" as const, "device-reported" as const),
    }),
  },
);

const point: fc.Arbitrary<Point> = fc
  .record({
    // Coarse times collide, fine ones do not: both happen.
    after: fc.oneof(
      fc.integer({ min: 0, max: 60 }).map((minute) => minute * 60_000),
      fc.integer({ min: 0, max: SPAN - 1 }),
    ),
    delay: fc.integer({ min: -1000, max: 1_000_000 }),
    timeSource: fc.constantFrom("device" as const, "received" as const, "corrected" as const),
    sample,
    sequence: fc.option(
      fc.record({
        boot: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER),
        number: fc.oneof(fc.nat(20), fc.constantFrom(2 ** 40, Number.MAX_SAFE_INTEGER)),
      }),
      { nil: undefined },
    ),
  })
  .map(({ after, delay, timeSource, sequence, sample: { milli, fault } }) => ({
    measuredAt: EpochMs(START + after),
    receivedAt: EpochMs(START + after + delay),
    timeSource,
    milli: milli === null ? null : Milli(milli),
    fault,
    ...(sequence === undefined ? {} : { sequence }),
  }));

const history = fc.array(fc.array(point, { maxLength: 40 }), { maxLength: 12 });

const question = fc.record({
  from: fc.integer({ min: -1000, max: SPAN }),
  length: fc.integer({ min: 1, max: SPAN + 2000 }),
  buckets: fc.oneof(fc.constantFrom(1, 2, 500), fc.integer({ min: 1, max: 5000 })),
});

export function anyOrder(open: OpenStore): void {
  describe("whatever comes in whatever order", () => {
    it("holds every point once, in order, and its envelope loses no minimum and no maximum", () =>
      fc.assert(
        fc.asyncProperty(
          history,
          fc.array(question, { minLength: 1, maxLength: 4 }),
          (writes, questions) =>
            withStore(open, async ({ store, alsoReopened }) => {
              for (const points of writes) await store.write(at(ROOM, points), null);
              const expected = expectedPoints(writes.flat());
              await alsoReopened(async (current) => {
                expect(await everything(current, ROOM)).toEqual(expected);
                expect(await current.last(ROOM)).toEqual(expected.at(-1) ?? null);
                for (const { from, length, buckets } of questions) {
                  const begin = EpochMs(START + from);
                  const end = EpochMs(begin + length);
                  expect(await current.envelope(ROOM, begin, end, buckets)).toEqual(
                    expectedEnvelope(expected, begin, end, buckets),
                  );
                  expect(await current.range(ROOM, begin, end, 7)).toEqual(
                    expected.filter((p) => p.measuredAt >= begin && p.measuredAt < end).slice(0, 7),
                  );
                }
              });
            }),
        ),
        { numRuns: 60 },
      ));
  });
}
