import { ProductDocument, productOf, type Product } from "@unbroken/model";
import { DAY, DurationMs, HOUR, Milli, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Limit } from "../evidence.ts";
import { ONE } from "../fixed-point.ts";
import { measuredAir, unmeasuredAir, type AirSpan } from "./air-span.ts";
import { percentOf, shareUsed } from "./life-use.ts";
import {
  advanceProduct,
  productEvidence,
  spoilageOfProduct,
  untouchedProduct,
  type ProductState,
} from "./product-state.ts";
import { remainingLife } from "./remaining-life.ts";
import { productOfStored, storedProduct } from "./stored-product.ts";

const CASES = Number(process.env["UB_CASES"] ?? 200);

const product = (document: unknown): Product => productOf(ProductDocument.parse(document));
const arrhenius = { model: "arrhenius", activation_kj: 80, reference_c: 5, life: "P21D" };
const air = (celsius: number): AirSpan => measuredAir(Milli(Math.round(celsius * 1_000)));

type Part = readonly [AirSpan, number];

function after(goods: Product, ...parts: readonly Part[]): ProductState {
  return parts.reduce<ProductState>(
    (state, [span, ms]) => advanceProduct(goods, state, span, DurationMs(ms)),
    untouchedProduct,
  );
}

function usedOf(goods: Product, state: ProductState) {
  const spoilage = spoilageOfProduct(goods);
  if (spoilage === null) throw new Error("no spoilage model");
  const { low, likely, high } = shareUsed(spoilage, state.life);
  return {
    low: percentOf(low),
    likely: percentOf(likely),
    high: high === null ? null : percentOf(high),
  };
}

function left(goods: Product, state: ProductState, celsius: number) {
  const spoilage = spoilageOfProduct(goods);
  if (spoilage === null) throw new Error("no spoilage model");
  return remainingLife(spoilage, state.life, Milli(celsius * 1_000));
}

describe("life that is used up", () => {
  it("a week at the reference temperature is a third of 21 days", () => {
    const goods = product({ spoilage: arrhenius });
    const state = after(goods, [air(5), 7 * DAY]);
    expect(usedOf(goods, state)).toEqual({ low: 33_333, likely: 33_333, high: 33_333 });
    expect(left(goods, state, 5)).toMatchObject({ kind: "remaining", likely: 14 * DAY });
  });

  it("fresh fish: 21 d at 5 °C, of which two are spent at 15, leave what the square root says", () => {
    const goods = product({
      spoilage: { model: "square-root", minimum_c: -10, reference_c: 5, life: "P21D" },
    });
    // RRS(15) = (25/15)² = 2.778: two days are 5.556.
    const state = after(goods, [air(15), 2 * DAY]);
    expect(usedOf(goods, state).likely).toBe(Math.floor((2 / 7.56) * 100_000));
    expect(left(goods, state, 0)).toMatchObject({ likely: Math.floor((47.25 - 12.5) * DAY) });
  });

  it("two days at 37 °C, in readings of ten minutes, are 113.78 % of a VVM2", () => {
    const goods = product({ spoilage: { model: "vvm", type: "VVM2" } });
    const state = after(goods, ...Array.from({ length: 288 }, (): Part => [air(37), 10 * MINUTE]));
    expect(usedOf(goods, state).likely).toBe(113_781);
    expect(left(goods, state, 5)).toMatchObject({ low: 0, likely: 0, high: 0 });
  });

  it("the error of the life stands on both sides of what is used and of what remains", () => {
    const goods = product({ spoilage: { ...arrhenius, life_error: 0.2 } });
    const state = after(goods, [air(5), 7 * DAY]);
    expect(usedOf(goods, state)).toEqual({ low: 27_777, likely: 33_333, high: 41_666 });
    // A life of 16.8 to 25.2 days, of which 7 have passed.
    const remaining = left(goods, state, 5);
    if (remaining.kind !== "remaining") throw new Error("nothing remains");
    const { low, likely, high } = remaining;
    expect([low, likely, high].map((ms) => Math.round((ms / DAY) * 10) / 10)).toEqual([
      9.8, 14, 18.2,
    ]);
  });

  it("unproven time widens it between the coldest and the hottest air that are stated", () => {
    const goods = product({ spoilage: arrhenius });
    const state = after(goods, [air(5), DAY], [unmeasuredAir(Milli(2_000), Milli(25_000)), DAY]);
    const cold = after(goods, [air(5), DAY], [air(2), DAY]);
    const hot = after(goods, [air(5), DAY], [air(25), DAY]);
    expect(state.life.low).toBe(cold.life.low);
    expect(state.life.high).toBe(hot.life.high);
    expect(state.life.likely).toBe(after(goods, [air(5), 2 * DAY]).life.likely);
    const lives = [hot, cold].map((s) => left(goods, s, 5));
    expect(left(goods, state, 5)).toMatchObject({
      low: lives[0]?.kind === "remaining" ? lives[0].likely : null,
      likely: 19 * DAY,
      high: lives[1]?.kind === "remaining" ? lives[1].likely : null,
    });
  });

  it("with nothing stated an hour of silence may have used up all of it, and proves nothing used", () => {
    const goods = product({ spoilage: arrhenius });
    const used = usedOf(goods, after(goods, [air(5), DAY], [unmeasuredAir(), HOUR]));
    expect(used.low).toBe(4_761);
    expect(used.high).toBeGreaterThan(100_000);
  });

  it("a core that lags is spared by a short opening of the door", () => {
    const parts: readonly Part[] = [
      [air(5), HOUR],
      [air(25), 5 * MINUTE],
      [air(5), 4 * HOUR],
    ];
    const bare = product({ spoilage: arrhenius });
    const packed = product({ spoilage: arrhenius, lag: "PT60M" });
    const beyond5 = (goods: Product): number => {
      const used = after(goods, ...parts).life.likely;
      return Number(used - after(goods, [air(5), 5 * HOUR + 5 * MINUTE]).life.likely);
    };
    // The area under the curve is the same 100 K·min, but 1.6 K age goods by 1.2 times and not by 10.
    expect(beyond5(packed) / beyond5(bare)).toBeGreaterThan(0.2);
    expect(beyond5(packed) / beyond5(bare)).toBeLessThan(0.35);
  });

  it.each([
    ["a step of 30 K up", 0, 30, "PT1H", 80, 3e-5],
    ["a step of 30 K down", 30, 0, "PT1H", 80, 3e-5],
    ["a long lag, steep", 0, 40, "P7D", 120, 1e-4],
    ["a lag of a second", 0, 30, "PT1S", 80, 3e-5],
  ])(
    "%s: the sum along the core's curve agrees with a fine one in floating point",
    (_, from, to, lag, kj, off) => {
      const goods = product({
        lag,
        initial_c: from,
        spoilage: { ...arrhenius, activation_kj: kj },
      });
      const state = after(goods, [air(to), 5 * HOUR]);
      const constant = Number(goods.lag);
      const steps = 200_000;
      let sum = 0;
      for (let i = 0; i < steps; i += 1) {
        const t = ((i + 0.5) / steps) * 5 * HOUR;
        const kelvin = to + (from - to) * Math.exp(-t / constant) + 273.15;
        sum += Math.exp(((kj * 1e3) / 8.314462618) * (1 / 278.15 - 1 / kelvin));
      }
      const expected = (sum * 5 * HOUR) / steps / (21 * DAY);
      expect(Math.abs(Number(state.life.likely) / Number(ONE) / expected - 1)).toBeLessThan(off);
    },
  );
});

describe("outside the temperatures of the model", () => {
  const goods = product({ spoilage: { ...arrhenius, valid_c: [0, 25] } });

  it("time is counted and no figure given: there is no upper bound any more", () => {
    const state = after(goods, [air(5), DAY], [air(30), HOUR], [air(5), DAY]);
    expect(state.life.outside).toEqual({ proven: HOUR, possible: HOUR });
    expect(usedOf(goods, state)).toEqual({ low: 9_523, likely: 9_523, high: null });
    expect(left(goods, state, 5)).toMatchObject({ kind: "remaining", low: 0, likely: 19 * DAY });
    expect(left(goods, state, -1)).toEqual({ kind: "none" });
  });

  it("both ends belong to it", () => {
    const state = after(goods, [air(0), HOUR], [air(25), HOUR]);
    expect(state.life.outside).toEqual({ proven: 0, possible: 0 });
  });

  it("silence may have been outside, and with a lag only once it can have got there", () => {
    expect(after(goods, [air(5), HOUR], [unmeasuredAir(), HOUR]).life.outside).toEqual({
      proven: 0,
      possible: HOUR,
    });
    const packed = product({ lag: "PT60M", spoilage: { ...arrhenius, valid_c: [0, 25] } });
    const hot = unmeasuredAir(Milli(5_000), Milli(45_000));
    const { outside } = after(packed, [air(5), HOUR], [hot, HOUR]).life;
    // 5 → 25 °C in air of 45 °C: one half-life, 60 · ln 2 min.
    expect(outside.proven).toBe(0);
    expect(outside.possible).toBe(HOUR - Math.floor(HOUR * Math.log(2)) - 1);
  });
});

describe("freezing", () => {
  const goods = product({ freezes_c: -0.5, spoilage: arrhenius });

  it("at the freezing point counts, just above it does not, and no warmth makes up for it", () => {
    const state = after(goods, [air(-0.5), HOUR], [air(-0.499), HOUR], [air(20), DAY]);
    expect(state.freezing).toEqual({ proven: HOUR, possible: HOUR });
  });

  it("silence may have frozen them, which is possible and not proven", () => {
    const state = after(goods, [air(-1), HOUR], [unmeasuredAir(), HOUR]);
    expect(state.freezing).toEqual({ proven: HOUR, possible: 2 * HOUR });
  });

  it("waits for the core", () => {
    const packed = product({ freezes_c: -0.5, lag: "PT60M" });
    const state = after(packed, [air(3.5), HOUR], [air(-4.5), HOUR]);
    // 3.5 → −0.5 °C in air of −4.5 °C: one half-life.
    const frozen = HOUR - Math.ceil(HOUR * Math.log(2));
    expect(state.freezing).toEqual({ proven: frozen, possible: frozen });
  });
});

describe("a budget as a rule", () => {
  const goods = product({ spoilage: { ...arrhenius, life_error: 0.5 } });
  const spent: Limit = { comparison: "ge", limit: Milli(100_000), side: "high" };

  it("may be spent after half of the stated life and is surely after one and a half, ± 50 %", () => {
    expect(
      productEvidence(goods, untouchedProduct, air(5), DurationMs(40 * DAY), "budget", spent),
    ).toEqual(
      [
        { from: 0, class: "in" },
        { from: 10.5 * DAY, class: "unproven" },
        { from: 31.5 * DAY, class: "out" },
      ].map(({ from, class: found }) => ({
        from: expect.closeTo(from, -1) as number,
        class: found,
      })),
    );
  });

  it("is unproven without a model", () => {
    expect(productEvidence(product({}), untouchedProduct, air(5), HOUR, "budget", spent)).toEqual([
      { from: 0, class: "unproven" },
    ]);
  });

  it("beside it, the temperature of goods without a lag is that of the air", () => {
    const above8: Limit = { comparison: "gt", limit: Milli(8_000), side: "high" };
    const of = (span: AirSpan) =>
      productEvidence(goods, untouchedProduct, span, HOUR, "product", above8);
    expect(of(air(8))).toEqual([{ from: 0, class: "in" }]);
    expect(of(air(8.001))).toEqual([{ from: 0, class: "out" }]);
    expect(of(unmeasuredAir())).toEqual([{ from: 0, class: "unproven" }]);
    expect(of(measuredAir(Milli(8_000), Milli(500)))).toEqual([{ from: 0, class: "unproven" }]);
    expect(
      productEvidence(goods, untouchedProduct, air(9), DurationMs(0), "product", above8),
    ).toEqual([]);
  });
});

const anyProduct = fc.constantFrom(
  product({ lag: "PT45M", freezes_c: -1, spoilage: { ...arrhenius, valid_c: [-2, 30] } }),
  product({ freezes_c: 0, spoilage: { model: "q10", q10: 2.5, reference_c: 5, life: "P5D" } }),
  product({ lag: "PT7M", initial_c: 12, spoilage: { model: "vvm", type: "VVM7" } }),
  product({
    lag: "PT3H",
    spoilage: {
      model: "square-root",
      minimum_c: -8,
      reference_c: 0,
      life: "P14D",
      life_error: 0.3,
    },
  }),
);
const milli = fc.integer({ min: -20_000, max: 40_000 }).map((n) => Milli(n));
const ms = fc.integer({ min: 1, max: 3 * HOUR });
const heard = fc.boolean();
const history = fc.array(fc.record({ milli, ms, heard }), { minLength: 1, maxLength: 12 });
const coldest = Milli(-20_000);
const hottest = Milli(40_000);

describe("for any goods and any history", () => {
  it("cut anywhere and stored in between, the state is the same to the bit", () => {
    fc.assert(
      fc.property(anyProduct, history, fc.infiniteStream(fc.nat()), (goods, parts, cuts) => {
        let whole = untouchedProduct;
        let cut = untouchedProduct;
        for (const part of parts) {
          const span = part.heard ? measuredAir(part.milli) : unmeasuredAir(coldest, hottest);
          whole = advanceProduct(goods, whole, span, DurationMs(part.ms));
          const first = (cuts.next().value ?? 0) % (part.ms + 1);
          cut = advanceProduct(goods, cut, span, DurationMs(first));
          cut = productOfStored(
            JSON.parse(JSON.stringify(storedProduct(cut))) as ReturnType<typeof storedProduct>,
          );
          cut = advanceProduct(goods, cut, span, DurationMs(part.ms - first));
          expect(cut).toEqual(whole);
        }
      }),
      { numRuns: CASES },
    );
  });

  it("life only gets less, and possible is never less than proven", () => {
    fc.assert(
      fc.property(anyProduct, history, (goods, parts) => {
        let state = untouchedProduct;
        for (const part of parts) {
          const before = state;
          const span = part.heard ? measuredAir(part.milli) : unmeasuredAir(coldest, hottest);
          state = advanceProduct(goods, state, span, DurationMs(part.ms));
          expect(state.life.low >= before.life.low).toBe(true);
          expect(state.life.high >= before.life.high).toBe(true);
          if (state.life.outside.possible === 0)
            expect(
              state.life.low <= state.life.likely && state.life.likely <= state.life.high,
            ).toBe(true);
          expect(state.freezing.proven).toBeLessThanOrEqual(state.freezing.possible);
          expect(state.life.outside.proven).toBeLessThanOrEqual(state.life.outside.possible);
        }
      }),
      { numRuns: CASES },
    );
  });

  it("silence that passes the temperature at which nothing grows takes nothing back", () => {
    const goods = product({
      lag: "PT3H",
      spoilage: { model: "square-root", minimum_c: -8, reference_c: 0, life: "P14D" },
    });
    let state = after(goods, [air(-7.999), HOUR]);
    for (let i = 0; i < 2_000; i += 1) {
      const before = state.life.low;
      state = advanceProduct(goods, state, unmeasuredAir(coldest, hottest), DurationMs(1));
      expect(state.life.low >= before).toBe(true);
    }
  });

  it("what is used and frozen in truth lies between the bounds, whatever was not heard", () => {
    fc.assert(
      fc.property(anyProduct, history, (goods, parts) => {
        const first = parts[0];
        if (first === undefined) return;
        const seen = parts.map((part, i): Part => [
          part.heard || i === 0 ? measuredAir(part.milli) : unmeasuredAir(coldest, hottest),
          part.ms,
        ]);
        const truth = after(
          goods,
          ...parts.map((part): Part => [measuredAir(part.milli), part.ms]),
        );
        const known = after(goods, ...seen);
        // Rounding moves the turns by milliseconds, and each rate by less than a billionth.
        const slack = (truth.life.likely + 1_000n) / 1_000_000n;
        expect(known.freezing.proven).toBeLessThanOrEqual(truth.freezing.proven + parts.length);
        expect(known.freezing.possible).toBeGreaterThanOrEqual(
          truth.freezing.possible - parts.length,
        );
        if (known.life.outside.possible > 0) return;
        expect(known.life.low <= truth.life.likely + slack).toBe(true);
        expect(known.life.high >= truth.life.likely - slack).toBe(true);
      }),
      { numRuns: CASES },
    );
  });

  it("goods that were warmer throughout have lived no less of their life", () => {
    fc.assert(
      fc.property(anyProduct, history, fc.nat(5_000), (goods, parts, more) => {
        const at = (add: number): ProductState =>
          after(
            { ...goods, spoilage: unbounded(goods) },
            ...parts.map((part): Part => [measuredAir(Milli(part.milli + add)), part.ms]),
          );
        expect(at(more).life.likely >= at(0).life.likely).toBe(true);
      }),
      { numRuns: CASES },
    );
  });
});

/** The same model with nothing outside of it. */
function unbounded({ spoilage }: Product): Product["spoilage"] {
  if (spoilage === null || spoilage.model === "vvm") return spoilage;
  const everywhere = { ...spoilage };
  delete everywhere.valid_c;
  return everywhere;
}
