import { EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptSampleOf, timed, type KeptSample } from "./kept-sample.ts";
import { SensorHistory } from "./sensor-history.ts";
import { decodeStretch, encodeStretch } from "./stretch-codec.ts";

const seed = Number(process.env["UB_SEED"] ?? "20261124");

/** What is kept, as it would be read again from its rows. */
async function keptOf(samples: readonly KeptSample[]): Promise<readonly KeptSample[]> {
  const rows = new Map<number, Uint8Array>();
  const source = {
    older: (than: EpochMs | null, max: number) =>
      Promise.resolve(
        [...rows]
          .filter(([start]) => than === null || start < than)
          .sort(([a], [b]) => b - a)
          .slice(0, max)
          .map(([, bytes]) => bytes),
      ),
  };
  const history = new SensorHistory(source);
  let last = encodeStretch([]);
  const store = (): void => {
    const { written, removed, tail } = history.takeChanges();
    for (const start of removed) rows.delete(start);
    for (const [start, bytes] of written) rows.set(start, bytes);
    last = tail;
  };
  for (const [i, timed] of samples.entries()) {
    await history.loadBackTo(timed.at);
    history.insert(timed);
    if (i % 7 !== 0) continue;
    store();
    history.shrink();
  }
  store();
  const again = new SensorHistory(source);
  again.takeUp(last);
  await again.loadBackTo(EpochMs(-1));
  return again.from(EpochMs(-1));
}

const told: fc.Arbitrary<KeptSample> = fc
  .record({
    at: fc.integer({ min: 0, max: 40 }).map((minute) => EpochMs(minute * 60_000)),
    sample: fc.oneof(
      fc.constantFrom(4, 5).map((c) => ({ kind: "value" as const, milli: Milli(c * 1_000) })),
      fc
        .constantFrom("absent" as const, "stuck" as const)
        .map((fault) => ({ kind: "fault" as const, fault })),
    ),
    sequence: fc.option(
      fc.record(
        { boot: fc.nat({ max: 2 }), number: fc.nat({ max: 3 }) },
        { noNullPrototype: true },
      ),
    ),
    /** Some before they were measured, which no clock that is in order tells. */
    receivedAt: fc.integer({ min: 0, max: 45 }).map((minute) => EpochMs(minute * 60_000)),
    timeSource: fc.constantFrom("device" as const, "device" as const, "corrected" as const),
  })
  .map(({ at: measuredAt, sequence, ...more }) =>
    keptSampleOf({ measuredAt, ...more, ...(sequence === null ? {} : { sequence }) }),
  );

describe("the history of a sensor", () => {
  it(`is the same in whatever order it was told, and how often (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(told, { maxLength: 300, minLength: 1 }).chain((samples) =>
          fc.record({
            samples: fc.constant(samples),
            other: fc.shuffledSubarray([...samples, ...samples.slice(0, 9)], {
              minLength: samples.length + Math.min(9, samples.length),
            }),
          }),
        ),
        async ({ samples, other }) => {
          expect(await keptOf(other)).toEqual(await keptOf(samples));
        },
      ),
      { seed, numRuns: 150 },
    );
  });

  it("goes on from rows that were stored before the newest stretch stood apart", async () => {
    const minute = (n: number): EpochMs => EpochMs(n * 60_000);
    const sample = { kind: "value", milli: Milli(4_000) } as const;
    const stored = encodeStretch([
      { at: minute(1), sample },
      { at: minute(2), sample },
    ]);
    const history = new SensorHistory({
      older: (than) => Promise.resolve(than === null ? [stored] : []),
    });
    await history.loadBackTo(minute(9));
    history.insert({ at: minute(3), sample });
    const { written, removed, tail } = history.takeChanges();
    expect([written, removed]).toEqual([[], [minute(1)]]);
    expect(decodeStretch(tail).map(({ at }) => at)).toEqual([minute(1), minute(2), minute(3)]);
  });

  const at = EpochMs(0);
  const four: KeptSample = { at, sample: { kind: "value", milli: Milli(4_000) } };
  const five: KeptSample = { at, sample: { kind: "value", milli: Milli(5_000) } };
  it.each<readonly [string, readonly KeptSample[], unknown]>([
    ["the same again is a duplicate", [four, four], { kind: "duplicate", told: false }],
    [
      "the same with the device's number says more",
      [four, { ...four, sequence: { boot: 0, number: 1 } }],
      { kind: "duplicate", told: true },
    ],
    [
      "the same with a later number says nothing",
      [
        { ...four, sequence: { boot: 0, number: 1 } },
        { ...four, sequence: { boot: 0, number: 2 } },
      ],
      { kind: "duplicate", told: false },
    ],
    [
      "the same, received earlier, says that its clock was ahead",
      [timed(four, EpochMs(0)), timed(four, EpochMs(-600_000))],
      { kind: "duplicate", told: true },
    ],
    [
      "the same, received later, says nothing",
      [timed(four, EpochMs(0)), timed(four, EpochMs(600_000))],
      { kind: "duplicate", told: false },
    ],
    [
      "the same by our clock goes before the device's",
      [timed(four, EpochMs(0)), four],
      { kind: "duplicate", told: true },
    ],
    [
      "another value is a conflict, and both are kept",
      [four, five],
      { kind: "conflict", kept: [four.sample, five.sample] },
    ],
  ])("%s", async (_, samples, expected) => {
    const history = new SensorHistory({ older: () => Promise.resolve([]) });
    await history.loadBackTo(at);
    expect(samples.map((sample) => history.insert(sample)).at(-1)).toEqual(expected);
  });
});
