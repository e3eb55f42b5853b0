import { DurationMs, HOUR, Milli, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measuredAir, unmeasuredAir, type AirSpan } from "./air-span.ts";
import {
  advanceCore,
  boundAt,
  coreAt,
  isCertain,
  shownCore,
  startCore,
  type Core,
} from "./core-temperature.ts";

const CASES = Number(process.env["UB_CASES"] ?? 1_000);
const LAG = DurationMs(30 * MINUTE);

const minutes = (n: number): DurationMs => DurationMs(n * MINUTE);
const air = (celsius: number): AirSpan => measuredAir(Milli(Math.round(celsius * 1_000)));

function course(start: AirSpan, ...parts: readonly (readonly [AirSpan, number])[]): Core {
  let core = startCore(null, start, LAG);
  for (const [span, n] of parts) core = advanceCore(core, span, minutes(n));
  return core;
}

describe("a core with a lag of 30 min", () => {
  it.each([
    [0, "4.000"],
    [30, "14.114"],
    [60, "17.835"],
    [90, "19.203"],
    [150, "19.892"],
    [24 * 60, "20.000"],
  ])("has followed a step of the air from 4 to 20 °C after %d min to %s °C", (n, celsius) => {
    // 20 − 16·e^(−n/30): 36.79 % of the step is left after one lag, 0.67 % after five.
    const core = course(air(4), [air(20), n]);
    expect((shownCore(core).likely / 1_000).toFixed(3)).toBe(celsius);
  });

  it("hardly notices a door that is open for three minutes", () => {
    const core = course(air(4), [air(4), 60], [air(20), 3]);
    expect(shownCore(core).high).toBe(5_523);
    expect(shownCore(advanceCore(core, air(4), minutes(30))).high).toBe(4_560);
  });

  it("says how it began", () => {
    expect(course(air(4)).origin).toBe("first-air");
    expect(startCore(Milli(18_000), air(4), LAG).origin).toBe("stated");
    expect(course(unmeasuredAir()).origin).toBe("unheard");
    expect(course(unmeasuredAir(), [air(4), 1]).origin).toBe("after-silence");
  });

  it("begins where that is stated, and not at the air", () => {
    const core = advanceCore(startCore(Milli(18_000), air(4), LAG), air(4), minutes(30));
    expect(shownCore(core).likely).toBe(4_000 + Math.round(14_000 * Math.exp(-1)));
  });
});

describe("while nobody measures", () => {
  it("the bounds move apart no faster than the lag lets them, and the estimate stays with the last air", () => {
    const core = course(air(4), [air(4), 60], [unmeasuredAir(), 3]);
    const { low, likely, high } = shownCore(core);
    expect(likely).toBe(4_000);
    expect(high).toBe(4_000 + Math.round(196_000 * (1 - Math.exp(-0.1))));
    expect(low).toBe(4_000 - Math.round(277_150 * (1 - Math.exp(-0.1))));
    expect(isCertain(core)).toBe(false);
  });

  it("they move towards the coldest and the hottest air that are stated", () => {
    const span = unmeasuredAir(Milli(-5_000), Milli(35_000));
    const core = course(air(4), [span, 24 * 60]);
    expect(shownCore(core)).toEqual({ low: -5_000, likely: 4_000, high: 35_000 });
  });

  it("three lags of measured air afterwards leave 5 % of the doubt, seven 0.1 %", () => {
    const doubt = (n: number): number => {
      const core = course(air(4), [unmeasuredAir(Milli(0), Milli(30_000)), 600], [air(4), n]);
      const { low, high } = coreAt(core);
      return (high - low) / 30e9;
    };
    expect(doubt(90)).toBeCloseTo(0.0498, 4);
    expect(doubt(210)).toBeCloseTo(0.000_9, 4);
  });

  it("a beginning that nobody measured ends in the same doubt, and the estimate starts with the first air", () => {
    const span = unmeasuredAir(Milli(0), Milli(30_000));
    const core = course(span, [span, 30], [air(4), 30]);
    expect(shownCore(core)).toEqual({
      low: Math.round(4_000 - 4_000 * Math.exp(-1)),
      likely: 4_000,
      high: Math.round(4_000 + 26_000 * Math.exp(-1)),
    });
  });
});

const lag = fc.integer({ min: 1, max: 7 * 24 * HOUR }).map((n) => DurationMs(n));
const celsius = fc.integer({ min: -90_000, max: 60_000 }).map((n) => Milli(n));
const stretch = fc.tuple(celsius, fc.integer({ min: 1, max: 6 * HOUR }));
const history = fc.array(stretch, { minLength: 1, maxLength: 30 });

describe("for any air", () => {
  it("ten minutes are the same to the bit as four and then six, wherever it is cut", () => {
    fc.assert(
      fc.property(lag, history, fc.infiniteStream(fc.nat()), (constant, parts, cuts) => {
        let whole = startCore(null, measuredAir(parts[0]?.[0] ?? Milli(0)), constant);
        let cut = whole;
        for (const [milli, ms] of parts) {
          whole = advanceCore(whole, measuredAir(milli), DurationMs(ms));
          const first = (cuts.next().value ?? 0) % (ms + 1);
          cut = advanceCore(cut, measuredAir(milli), DurationMs(first));
          cut = advanceCore(cut, measuredAir(milli), DurationMs(ms - first));
          expect(coreAt(cut)).toEqual(coreAt(whole));
        }
      }),
      { numRuns: CASES },
    );
  });

  it("the core lies between the coldest and the warmest air so far, and moves towards the present one", () => {
    fc.assert(
      fc.property(lag, history, (constant, parts) => {
        const all = parts.map(([milli]) => milli * 1e6);
        let core = startCore(null, measuredAir(parts[0]?.[0] ?? Milli(0)), constant);
        for (const [milli, ms] of parts) {
          const before = coreAt(core).likely;
          core = advanceCore(core, measuredAir(milli), DurationMs(ms));
          const { likely } = coreAt(core);
          expect(likely).toBeGreaterThanOrEqual(Math.min(...all));
          expect(likely).toBeLessThanOrEqual(Math.max(...all));
          expect(Math.abs(likely - milli * 1e6)).toBeLessThanOrEqual(
            Math.abs(before - milli * 1e6),
          );
        }
      }),
      { numRuns: CASES },
    );
  });

  it("agrees with floating point to a millionth of a degree", () => {
    fc.assert(
      fc.property(lag, history, (constant, parts) => {
        let core = startCore(null, measuredAir(parts[0]?.[0] ?? Milli(0)), constant);
        let expected = (parts[0]?.[0] ?? 0) / 1_000;
        for (const [milli, ms] of parts) {
          core = advanceCore(core, measuredAir(milli), DurationMs(ms));
          expected = milli / 1_000 + (expected - milli / 1_000) * Math.exp(-ms / constant);
        }
        expect(Math.abs(coreAt(core).likely / 1e9 - expected)).toBeLessThan(1e-6);
      }),
      { numRuns: CASES },
    );
  });

  it("the bounds contain the core of every true history that the gaps hide", () => {
    const part = fc.record({
      milli: celsius,
      ms: fc.integer({ min: 1, max: 2 * HOUR }),
      heard: fc.boolean(),
    });
    fc.assert(
      fc.property(lag, fc.array(part, { minLength: 2, maxLength: 30 }), (constant, parts) => {
        const [coldest, hottest] = [Milli(-90_000), Milli(60_000)];
        const first = measuredAir(parts[0]?.milli ?? Milli(0));
        let truth = startCore(null, first, constant);
        let known = truth;
        for (const { milli, ms, heard } of parts) {
          truth = advanceCore(truth, measuredAir(milli), DurationMs(ms));
          const seen = heard ? measuredAir(milli) : unmeasuredAir(coldest, hottest);
          known = advanceCore(known, seen, DurationMs(ms));
          const [bounds, real] = [coreAt(known), coreAt(truth).likely];
          // The two are rounded at different moments.
          expect(bounds.low).toBeLessThanOrEqual(real + parts.length);
          expect(bounds.high).toBeGreaterThanOrEqual(real - parts.length);
          expect(bounds.low).toBeLessThanOrEqual(bounds.likely);
          expect(bounds.likely).toBeLessThanOrEqual(bounds.high);
        }
      }),
      { numRuns: CASES },
    );
  });

  it("a bound moves one way while the air stays as it is", () => {
    fc.assert(
      fc.property(lag, celsius, celsius, fc.nat(HOUR), fc.nat(HOUR), (constant, from, to, a, b) => {
        const core = advanceCore(
          startCore(from, measuredAir(to), constant),
          measuredAir(to),
          DurationMs(0),
        );
        const [first, second] = [boundAt(core, "low", a), boundAt(core, "low", a + b)];
        if (from < to) expect(second).toBeGreaterThanOrEqual(first);
        else expect(second).toBeLessThanOrEqual(first);
      }),
      { numRuns: CASES },
    );
  });
});
