import { FaultKind } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeptSample } from "./kept-sample.ts";
import { decodeStretch, encodeStretch } from "./stretch-codec.ts";

const seed = Number(process.env["UB_SEED"] ?? "20261124");

const count = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.maxSafeNat());
const timed: fc.Arbitrary<KeptSample> = fc.record(
  {
    at: fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }).map(EpochMs),
    sample: fc.oneof(
      fc
        .integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })
        .map((milli) => ({ kind: "value" as const, milli: Milli(milli) })),
      fc.constantFrom(...FaultKind.options).map((fault) => ({ kind: "fault" as const, fault })),
    ),
    sequence: fc.record({ boot: count, number: count }, { noNullPrototype: true }),
    clock: fc.constant("doubtful" as const),
    receivedAt: fc.integer({ min: 0, max: 253_402_300_799_999 }).map(EpochMs),
  },
  { requiredKeys: ["at", "sample"], noNullPrototype: true },
);

describe("a stretch of samples in bytes", () => {
  it(`gives back what was written, whatever it is (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 12 }), (samples) => {
        const sorted = samples.toSorted((a, b) => a.at - b.at);
        expect(decodeStretch(encodeStretch(sorted))).toEqual(sorted);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  it("takes next to no room for numbers that follow each other, and little for when it was received", () => {
    const start = Date.parse("2026-05-05T00:00:00Z");
    const samples = (isNumbered: boolean): readonly KeptSample[] =>
      Array.from({ length: 64 }, (_, i) => ({
        at: EpochMs(start + i * 60_000),
        sample: { kind: "value", milli: Milli(4_000 + i) },
        ...(isNumbered ? { sequence: { boot: 3, number: 1_000_000 + i } } : {}),
      }));
    const plain = encodeStretch(samples(false)).length;
    const numbered = encodeStretch(samples(true)).length;
    expect(plain).toBeLessThan(64 * 5);
    expect(numbered - plain).toBeLessThan(8);
    const received = samples(true).map((each, i) => ({
      ...each,
      receivedAt: EpochMs(each.at + 400 + ((i * 37) % 60)),
    }));
    expect(encodeStretch(received).length - numbered).toBeLessThan(64 * 1.2);
  });

  it("reads rows that were written before they had a version", () => {
    // Written by the first codec: 4.2 °C, 4.3 °C a minute later, an open circuit another minute later.
    const row = Buffer.from(ROW_WITHOUT_VERSION, "hex");
    expect(decodeStretch(row)).toEqual([
      { at: 1_777_971_600_000, sample: { kind: "value", milli: 4_200 } },
      { at: 1_777_971_660_000, sample: { kind: "value", milli: 4_300 } },
      { at: 1_777_971_720_000, sample: { kind: "fault", fault: "open-circuit" } },
    ]);
  });

  it.each([
    ["a version that is not known", "03"],
    ["a row cut short", "0280"],
    ["a fault that is not known", "0201017f"],
    ["a next number with none before", "02010402"],
  ])("refuses %s", (_, hex) => {
    expect(() => decodeStretch(Buffer.from(hex, "hex"))).toThrow(RangeError);
  });
});

const ROW_WITHOUT_VERSION = "80d4d9ebfdce01d04180d30ec80181d30e01";
