import type { Thermal } from "@unbroken/model";
import { DurationMs, EpochMs, HOUR, milliOf, MINUTE, type Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import type { Limit } from "../evidence.ts";
import { possiblyOut } from "./possibly-out.ts";

const m = (celsius: number): Milli => milliOf(celsius) ?? expect.fail();
const minute = (n: number): EpochMs => EpochMs(Math.round(n * MINUTE));

const limitOf = (comparison: Limit["comparison"], celsius: number): Limit => ({
  comparison,
  limit: m(celsius),
  side: comparison === "gt" || comparison === "ge" ? "high" : "low",
});

const thermal = (stated: Partial<Thermal> = {}): Thermal => ({
  from: EpochMs(-1e12),
  timeConstant: DurationMs(2 * HOUR),
  ambient: m(25),
  coldest: m(-20),
  ...stated,
});

const out = (
  limit: Limit,
  before: number | null,
  after: number | null | "open",
  length: number,
  thermals: readonly Thermal[] = [thermal()],
  band = 0,
) =>
  possiblyOut(
    limit,
    m(band),
    { at: minute(0), value: before === null ? null : m(before) },
    after === "open" ? null : { at: minute(length), value: after === null ? null : m(after) },
    thermals,
  );

/** In ms: when something that strives from `start` to `target` passes `limit`; e ≈ 2 h · ln((Tₐ − T₀)/(Tₐ − L)). */
const passes = (start: number, target: number, limit: number, tau: number = 2 * HOUR): number =>
  tau * Math.log((target - start) / (target - limit));

const gt8 = limitOf("gt", 8);
const lt2 = limitOf("lt", 2);
const whole = [minute(0), minute(60)];

describe("a silence bounded by physics", () => {
  // ATP room at 4 °C, ambient 25 °C: 2 h · ln(21/17) = 25 min 21 s to 8 °C, no matter how cold the supply.
  it("is possible from when it can have come to the limit, until it must have turned back", () => {
    const [from, to] = out(gt8, 4, 4, 60) ?? expect.fail();
    expect(from).toBe(Math.floor(passes(4, 25, 8)));
    // Back from 8 to 4 °C with −20 °C air: 2 h · ln(28/24) = 18 min 30 s.
    expect(to).toBe(Math.ceil(60 * MINUTE - passes(8, -20, 4)));
    expect([from / 1_000, (to ?? 0) / 1_000].map(Math.round)).toEqual([1_521, 2_490]);
  });

  it("is harmless where warming to the limit and cooling back takes longer than it lasted", () => {
    // 25 min 21 s up and 18 min 30 s down are 43 min 51 s.
    const needed = passes(4, 25, 8) + passes(8, -20, 4);
    expect(Math.floor(needed / 1_000)).toBe(2_631);
    expect(out(gt8, 4, 4, Math.floor(needed) / MINUTE - 0.001)).toBeNull();
    expect(out(gt8, 4, 4, Math.ceil(needed) / MINUTE)).not.toBeNull();
  });

  it.each<[string, ReturnType<typeof out>, readonly (number | null)[] | null]>([
    [
      "by facts that begin with it",
      out(gt8, 4, 4, 60, [thermal({ from: minute(0) })]),
      out(gt8, 4, 4, 60),
    ],
    ["all of it without facts", out(gt8, 4, 4, 60, []), whole],
    [
      "all of it with facts that begin later",
      out(gt8, 4, 4, 60, [thermal({ from: minute(60) })]),
      whole,
    ],
    [
      "nothing where the ambient is in range",
      out(gt8, 4, 4, 600, [thermal({ ambient: m(8) })]),
      null,
    ],
    ["all of it out at both ends", out(gt8, 9, 9, 60), whole],
    ["all of it where neither end says anything", out(gt8, null, null, 60), whole],
    [
      "until it must have come back in, where it began out",
      out(gt8, 9, 4, 60),
      [minute(0), Math.ceil(60 * MINUTE - passes(8, -20, 4))],
    ],
    [
      "from when it can have gone out, where it ends out",
      out(gt8, 4, 9, 60),
      [Math.floor(passes(4, 25, 8)), minute(60)],
    ],
    [
      "to its end where nothing bounds cooling",
      out(gt8, 4, 4, 60, [thermal({ coldest: null })]),
      [Math.floor(passes(4, 25, 8)), minute(60)],
    ],
    ["without end while it lasts", out(gt8, 4, "open", 0), [Math.floor(passes(4, 25, 8)), null]],
    [
      "nothing while it lasts, where the ambient is in range",
      out(gt8, 4, "open", 0, [thermal({ ambient: m(7) })]),
      null,
    ],
    [
      "until it must have cooled, while it lasts",
      out(gt8, 9, "open", 0, [thermal({ ambient: m(7) })]),
      [minute(0), Math.ceil(passes(9, 7, 8))],
    ],
    [
      "from its begin where the first reading is a fault",
      out(gt8, null, 4, 60),
      [minute(0), Math.ceil(60 * MINUTE - passes(8, -20, 4))],
    ],
    [
      "to its end where the second is a fault",
      out(gt8, 4, null, 60),
      [Math.floor(passes(4, 25, 8)), minute(60)],
    ],
    [
      "below a lower limit, by the coldest supply",
      out(lt2, 4, 4, 60),
      [Math.floor(passes(4, -20, 2)), Math.ceil(60 * MINUTE - passes(2, 25, 4))],
    ],
    [
      "below a lower limit without bound, up to the warming back",
      out(lt2, 4, 4, 60, [thermal({ coldest: null })]),
      [minute(0), Math.ceil(60 * MINUTE - passes(2, 25, 4))],
    ],
    [
      "nothing below a lower limit that the coldest supply keeps",
      out(lt2, 4, 4, 600, [thermal({ coldest: m(2) })]),
      null,
    ],
    ["nothing in a silence without length", out(gt8, 4, 30, 0), null],
    ["earlier and later by the band", out(gt8, 3.5, 3.5, 60, [thermal()], 0.5), out(gt8, 4, 4, 60)],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("exactly on the limit", () => {
  it.each<[Limit["comparison"], number, [coldest: number, ambient: number], number, boolean]>([
    // It is there and stays: out for ge and le, in for gt and lt.
    ["gt", 8, [8, 8], 8, false],
    ["ge", 8, [8, 8], 8, true],
    ["lt", 8, [8, 8], 8, false],
    ["le", 8, [8, 8], 8, true],
    // It comes nearer to what surrounds it for ever, and is never there.
    ["gt", 4, [2, 8], 4, false],
    ["ge", 4, [2, 8], 4, false],
    ["lt", 9, [8, 12], 9, false],
    ["le", 9, [8, 12], 9, false],
    // It was out and comes nearer to the limit for ever.
    ["gt", 9, [8, 8], 8.607, true],
    ["le", 7, [8, 8], 7.393, true],
    // From the limit on it can only turn back.
    ["gt", 8, [6, 6], 7.213, false],
    ["lt", 8, [9, 9], 8.393, false],
    // From the limit on it can go further at once, and come back to it.
    ["gt", 8, [7, 9], 8, true],
    ["lt", 8, [7, 9], 8, true],
    // Nothing can bring it back to the limit if nothing is colder.
    ["gt", 8, [8, 9], 8, false],
    ["ge", 8, [8, 9], 8, true],
    // Nor to where nothing is colder.
    ["gt", 4, [4, 25], 4, false],
    ["lt", 12, [-20, 12], 12, false],
  ])(
    "%s 8 °C: an hour from %d °C between %j °C to %d °C, possible: %s",
    (comparison, before, [coldest, ambient], after, possible) => {
      const space = thermal({ ambient: m(ambient), coldest: m(coldest) });
      expect(out(limitOf(comparison, 8), before, after, 60, [space]) !== null).toBe(possible);
    },
  );
});

describe("facts that change in a silence", () => {
  const night = thermal({ ambient: m(5) });
  it("hold each in their time: it warms only from when the ambient is warm", () => {
    const day = thermal({ from: minute(60), ambient: m(25) });
    const start = 5 + (4 - 5) * Math.exp(-60 / 120);
    const [from] = out(gt8, 4, "open", 0, [night, day]) ?? expect.fail();
    expect(from).toBe(Math.floor(60 * MINUTE + passes(start, 25, 8)));
  });

  it("go backwards too: it can have been out only in the warm time, and have cooled since", () => {
    const warm = thermal({ ambient: m(25) });
    const cool = thermal({ from: minute(120), ambient: m(5), coldest: m(0) });
    const [from, to] = out(gt8, 4, 4, 180, [warm, cool]) ?? expect.fail();
    expect(from).toBe(Math.floor(passes(4, 25, 8)));
    // With air at 0 °C: 4 °C was 4 · e^½ = 6.59 °C an hour before; with −20 °C air 8 °C a few minutes earlier still.
    const then = 4 * Math.exp(60 / 120);
    expect(to).toBe(Math.ceil(120 * MINUTE - passes(8, -20, then)));
  });

  it("change nothing where they say the same again", () => {
    const again = [thermal(), thermal({ from: minute(20) }), thermal({ from: minute(41) })];
    expect(out(gt8, 4, 4, 60, again)).toEqual(out(gt8, 4, 4, 60));
    expect(out(lt2, 4, 4, 60, again)).toEqual(out(lt2, 4, 4, 60));
  });

  it("bound nothing from the time on of which they say nothing", () => {
    const later = [thermal({ from: minute(30) })];
    expect(out(gt8, 4, 4, 60, later)).toEqual([minute(0), out(gt8, 4, 4, 60)?.[1]]);
  });
});

describe("facts that the readings contradict bound nothing", () => {
  it.each<[string, Limit, number, number]>([
    ["a warming that is too fast", gt8, 4, 12],
    ["a warming that is too fast, at a lower limit", lt2, 4, 12],
    ["a cooling that is too fast", gt8, 4, -6],
    ["a cooling that is too fast, at a lower limit", lt2, 4, -6],
  ])("%s", (_, limit, before, after) => {
    expect(out(limit, before, after, 10)).toEqual([minute(0), minute(10)]);
  });

  it("but not where the band explains it", () => {
    // In 10 min from 4.0 °C to 5.68 °C at the most.
    expect(out(gt8, 4, 5.69, 10)).toEqual([minute(0), minute(10)]);
    expect(out(gt8, 4, 5.69, 10, [thermal()], 0.01)).toBeNull();
  });

  it("and not for the rounding of what was measured", () => {
    const bound = 25 - 21 * Math.exp(-10 / 120);
    expect(out(gt8, 4, Math.floor(bound * 1_000) / 1_000 + 0.001, 10)).toBeNull();
  });
});
