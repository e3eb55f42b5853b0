import { DurationMs, HOUR, Milli, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Limit } from "../evidence.ts";
import { measuredAir, unmeasuredAir } from "./air-span.ts";
import { coreEvidence, crossing, isBeyond } from "./core-evidence.ts";
import { advanceCore, boundAt, startCore } from "./core-temperature.ts";

const CASES = Number(process.env["UB_CASES"] ?? 1_000);
const LAG = DurationMs(30 * MINUTE);

const above8: Limit = { comparison: "gt", limit: Milli(8_000), side: "high" };
const freezes: Limit = { comparison: "le", limit: Milli(-500), side: "low" };

/** A core at one temperature in air of another. */
const inAir = (core: number, air: number) => startCore(Milli(core), measuredAir(Milli(air)), LAG);

describe("when a core crosses a limit", () => {
  it("4 °C in air of 20 °C is above 8 °C after 30 · ln(16/12) min", () => {
    const exact = 30 * MINUTE * Math.log(16 / 12);
    expect(crossing(inAir(4_000, 20_000), "high", above8, HOUR)).toBe(Math.ceil(exact));
  });

  it("12 °C in air of 2 °C is back at 8 °C after 30 · ln(10/6) min", () => {
    const exact = 30 * MINUTE * Math.log(10 / 6);
    expect(crossing(inAir(12_000, 2_000), "low", above8, HOUR)).toBe(Math.ceil(exact));
  });

  it("never, if the air does not go beyond the limit", () => {
    expect(crossing(inAir(4_000, 8_000), "high", above8, DurationMs(1_000 * HOUR))).toBeNull();
  });

  it("not within the time that is asked about, if later", () => {
    const first = crossing(inAir(4_000, 20_000), "high", above8, HOUR) ?? DurationMs(0);
    expect(crossing(inAir(4_000, 20_000), "high", above8, first)).toBe(first);
    expect(crossing(inAir(4_000, 20_000), "high", above8, DurationMs(first - 1))).toBeNull();
  });
});

describe("what a stretch of time shows of a limit", () => {
  it("a certain core is in range until it crosses and out from then on", () => {
    const core = advanceCore(inAir(4_000, 20_000), measuredAir(Milli(20_000)), HOUR);
    expect(coreEvidence(core, HOUR, above8)).toEqual([
      { from: 0, class: "in" },
      { from: Math.ceil(30 * MINUTE * Math.log(16 / 12)), class: "out" },
    ]);
  });

  it("while nobody measures it becomes unproven as soon as it may have crossed, never out", () => {
    const span = unmeasuredAir(Milli(-20_000), Milli(20_000));
    const core = advanceCore(inAir(4_000, 4_000), span, HOUR);
    expect(coreEvidence(core, HOUR, above8)).toEqual([
      { from: 0, class: "in" },
      { from: Math.ceil(30 * MINUTE * Math.log(16 / 12)), class: "unproven" },
    ]);
    expect(coreEvidence(core, HOUR, freezes).map((turn) => turn.class)).toEqual(["in", "unproven"]);
  });

  it("a core that was proven out stays out until the coldest that it can be is back", () => {
    const span = unmeasuredAir(Milli(-5_000), Milli(35_000));
    const core = advanceCore(inAir(15_000, 15_000), span, HOUR);
    expect(coreEvidence(core, HOUR, above8).map((turn) => turn.class)).toEqual(["out", "unproven"]);
  });

  it.each([
    ["gt", 8_000, "in"],
    ["ge", 8_000, "out"],
    ["lt", 8_000, "in"],
    ["le", 8_000, "out"],
  ] as const)("exactly on the limit, %s: %d is %s", (comparison, milli, found) => {
    const side = comparison.startsWith("g") ? "high" : "low";
    const core = advanceCore(inAir(milli, milli), measuredAir(Milli(milli)), HOUR);
    const limit: Limit = { comparison, limit: Milli(8_000), side };
    expect(coreEvidence(core, HOUR, limit)).toEqual([{ from: 0, class: found }]);
  });

  it("of no time nothing", () => {
    expect(coreEvidence(inAir(9_000, 9_000), DurationMs(0), above8)).toEqual([]);
  });

  it("is at every moment what a comparison at that moment says", () => {
    const milli = fc.integer({ min: -30_000, max: 40_000 }).map((n) => Milli(n));
    const limit = fc
      .record({ comparison: fc.constantFrom("gt", "ge", "lt", "le"), limit: milli })
      .map((l): Limit => ({ ...l, side: l.comparison.startsWith("g") ? "high" : "low" }));
    const ms = fc.integer({ min: 1, max: 3 * HOUR });
    fc.assert(
      fc.property(
        milli,
        milli,
        fc.nat(20_000),
        limit,
        ms,
        fc.nat(3 * HOUR),
        (start, air, width, line, length, at) => {
          const span = unmeasuredAir(air, Milli(air + width));
          const core = advanceCore(startCore(start, span, LAG), span, DurationMs(length));
          const moment = at % length;
          const found = coreEvidence(core, DurationMs(length), line).findLast(
            (turn) => turn.from <= moment,
          );
          const bounds = [boundAt(core, "low", moment), boundAt(core, "high", moment)];
          const beyond = bounds.filter((nano) => isBeyond(line, nano)).length;
          expect(found?.class).toBe(["in", "unproven", "out"][beyond]);
        },
      ),
      { numRuns: CASES },
    );
  });
});
