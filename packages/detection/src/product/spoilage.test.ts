import { SpoilageDocument } from "@unbroken/model";
import { DAY, Milli, milliOf } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ONE } from "../fixed-point.ts";
import { rateAt, rateOf, spoilageOf } from "./spoilage.ts";

const CASES = Number(process.env["UB_CASES"] ?? 1_000);

/** Life in days at a temperature. */
function lifeAt(document: unknown, celsius: number): number {
  const rate = rateOf(spoilageOf(SpoilageDocument.parse(document)), Milli(celsius * 1_000));
  return Number(ONE) / Number(rate) / DAY;
}

const fish = { model: "square-root", minimum_c: -10, reference_c: 5, life: "P21D" };
const arrhenius = (kj: number, reference: number, life: string) => ({
  model: "arrhenius",
  activation_kj: kj,
  reference_c: reference,
  life,
});
const q10 = (times: number, reference: number, life: string) => ({
  model: "q10",
  q10: times,
  reference_c: reference,
  life,
});

describe("shelf life at another temperature, as published", () => {
  it.each<[string, unknown, number, string]>([
    ["relative rate of spoilage, fresh fish: 21 d at 5 °C are 47.25 d at 0 °C", fish, 0, "47.25"],
    ["the same at 15 °C", fish, 15, "7.56"],
    ["Ea 100 kJ/mol: 21 d at 5 °C are 46.34 d at 0 °C", arrhenius(100, 5, "P21D"), 0, "46.34"],
    ["Q10 = 2: a year at 22 °C is half a year at 32 °C", q10(2, 22, "P360D"), 32, "180.00"],
    ["and two years at 12 °C", q10(2, 22, "P360D"), 12, "720.00"],
  ])("%s", (_, document, celsius, days) => {
    expect(lifeAt(document, celsius).toFixed(2)).toBe(days);
  });

  it.each([
    [2, "44.6"],
    [2.5, "58.9"],
    [3, "70.6"],
    [4, "89.1"],
  ])("Q10 of %d over 0–10 °C is an activation energy of %s kJ/mol", (times, kj) => {
    const byQ10 = lifeAt(q10(times, 0, "P100D"), 10);
    const byArrhenius = lifeAt(arrhenius(Number(kj), 0, "P100D"), 10);
    expect(Math.abs(byArrhenius / byQ10 - 1)).toBeLessThan(0.001);
  });

  it.each([
    [6, 8, 12],
    [20, 2, 3],
  ])(
    "mushrooms, Ea 67 kJ/mol: 14 to 20 d at 1 °C are about 10 d at 6, 2 to 3 d at 20: %d °C",
    (celsius, low, high) => {
      expect(lifeAt(arrhenius(67, 1, "P14D"), celsius)).toBeGreaterThan(low);
      expect(lifeAt(arrhenius(67, 1, "P20D"), celsius)).toBeLessThan(high);
      expect(lifeAt(arrhenius(67, 1, "P17D"), celsius)).toBeGreaterThan(low);
    },
  );

  it("fresh produce lives 100, 33, 13, 7 and 4 at 0, 10, 20, 30 and 40 °C with Q10 of 3, 2.5, 2 and 1.5", () => {
    const lives = [100];
    [3, 2.5, 2, 1.5].forEach((times, decade) => {
      const part = lifeAt(q10(times, 10 * decade, "P100D"), 10 * decade + 10) / 100;
      lives.push((lives.at(-1) ?? NaN) * part);
    });
    expect(lives.map(Math.round)).toEqual([100, 33, 13, 7, 4]);
  });

  it.each([
    ["cold-smoked salmon, a = 0.089", 0.089, 10, 2.435],
    ["brined MAP shrimp, a = 0.15", 0.15, 10, 4.482],
  ])("%s: spoils e^(10·a) times as fast at 10 K more", (_, per_k, kelvin, times) => {
    const document = { model: "exponential", per_k, reference_c: 0, life: "P30D" };
    expect(30 / lifeAt(document, kelvin)).toBeCloseTo(times, 3);
  });
});

describe("vaccine vial monitors", () => {
  // Goldwood and Diesburg 2018, k per day at 37 °C.
  it.each([
    ["VVM2", 0.5689053],
    ["VVM7", 0.1646515],
    ["VVM14", 0.08232575],
    ["VVM30", 0.03847373],
  ])("%s loses %d of its life in a day at 37 °C", (type, k) => {
    expect(Math.abs(1 / lifeAt({ model: "vvm", type }, 37) / k - 1)).toBeLessThan(1e-5);
  });

  it.each([
    ["VVM30", 30, 193],
    ["VVM14", 14, 90],
    ["VVM7", 7, 45],
  ])("%s: %d d at 37 °C and %d d at 25 °C are one Ea of 119 kJ/mol", (_, hot, cool) => {
    expect(Math.abs(lifeAt(arrhenius(119, 37, `P${hot}D`), 25) / cool - 1)).toBeLessThan(0.01);
  });
});

const celsiusOf = fc.integer({ min: -80_000, max: 80_000 });
const life = fc.integer({ min: 1, max: 3_660 }).map((days) => `P${days}D`);
const anyModel = fc.oneof(
  fc.record({
    model: fc.constant("arrhenius"),
    activation_kj: fc.integer({ min: 1_000, max: 500_000 }).map((j) => j / 1_000),
    reference_c: fc.integer({ min: -80, max: 60 }),
    life,
  }),
  fc.record({
    model: fc.constant("q10"),
    q10: fc.integer({ min: 100, max: 2_000 }).map((n) => n / 100),
    reference_c: fc.integer({ min: -80, max: 60 }),
    life,
  }),
  fc.record({
    model: fc.constant("square-root"),
    minimum_c: fc.integer({ min: -30, max: -1 }),
    reference_c: fc.integer({ min: 0, max: 60 }),
    life,
  }),
  fc.record({
    model: fc.constant("exponential"),
    per_k: fc.integer({ min: 1, max: 1_000 }).map((n) => n / 1_000),
    reference_c: fc.integer({ min: -80, max: 60 }),
    life,
  }),
  fc.record({ model: fc.constant("vvm"), type: fc.constantFrom("VVM2", "VVM7", "VVM14", "VVM30") }),
);

describe("of any model", () => {
  it("nothing lives longer for being warmer, between thousandths of a degree too", () => {
    fc.assert(
      fc.property(anyModel, celsiusOf, fc.nat(3_000_000), (document, milli, more) => {
        const spoilage = spoilageOf(SpoilageDocument.parse(document));
        const cold = rateAt(spoilage, milli * 1_000_000);
        expect(rateAt(spoilage, milli * 1_000_000 + more) >= cold).toBe(true);
        expect(cold >= 0n).toBe(true);
      }),
      { numRuns: CASES },
    );
  });

  it("the life at the reference temperature is the one that was stated", () => {
    fc.assert(
      fc.property(anyModel, (document) => {
        if (document.model === "vvm" || !("reference_c" in document)) return;
        const days = lifeAt(document, document.reference_c);
        expect(days).toBeCloseTo(Number(document.life.slice(1, -1)), 6);
      }),
      { numRuns: CASES },
    );
  });

  it("agrees with the formula in floating point", () => {
    fc.assert(
      fc.property(anyModel, celsiusOf, (document, milli) => {
        const expected = floatingRate(SpoilageDocument.parse(document), milli / 1_000);
        // Slower than a life in 10¹² years is not told from nothing, faster than in a ms not from a ms.
        if (expected < 1e-20 || expected > 1) return;
        const rate = Number(rateOf(spoilageOf(SpoilageDocument.parse(document)), Milli(milli)));
        expect(Math.abs(rate / Number(ONE) / expected - 1)).toBeLessThan(1e-7);
      }),
      { numRuns: CASES },
    );
  });
});

it("refuses a reference at which there is no life to refer to", () => {
  expect(() => spoilageOf(SpoilageDocument.parse({ ...fish, reference_c: -10 }))).toThrow(
    /minimum_c/,
  );
  expect(() => spoilageOf(SpoilageDocument.parse(arrhenius(80, -273.15, "P1D")))).toThrow(
    /absolute zero/,
  );
});

it("takes one life in a millisecond at the most", () => {
  const spoilage = spoilageOf(SpoilageDocument.parse(arrhenius(500, -80, "P1D")));
  expect(rateOf(spoilage, milliOf(190) ?? Milli(0))).toBe(ONE);
});

/** The formulas as they are printed, in doubles; share of the life per ms. */
function floatingRate(document: SpoilageDocument, celsius: number): number {
  if (document.model === "vvm") {
    const [a, b] = {
      VVM2: [1.4422e17, 12_429],
      VVM7: [2.1532e18, 13_652],
      VVM14: [1.0766e18, 13_652],
      VVM30: [5.1131e17, 13_657],
    }[document.type] as [number, number];
    return (a * Math.exp(-b / (celsius + 273.15))) / DAY;
  }
  const life = Number(document.life.slice(1, -1)) * DAY;
  const over = celsius - document.reference_c;
  switch (document.model) {
    case "arrhenius": {
      const per = (document.activation_kj * 1_000) / 8.314462618;
      return Math.exp(-per * (1 / (celsius + 273.15) - 1 / (document.reference_c + 273.15))) / life;
    }
    case "q10":
      return document.q10 ** (over / 10) / life;
    case "exponential":
      return Math.exp(document.per_k * over) / life;
    case "square-root": {
      const part = (celsius - document.minimum_c) / (document.reference_c - document.minimum_c);
      return part <= 0 ? 0 : part ** 2 / life;
    }
  }
}
