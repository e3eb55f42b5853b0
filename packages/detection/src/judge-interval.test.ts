import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeInterval, type IntervalReading } from "./index.ts";
import { intervalProfileWith, minute, profileWith, readingsOf } from "./testing/minutes.ts";

const CASES = Number(process.env["UB_CASES"] ?? 1_000);

const hot = { id: "hot", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT3M" } as const;
const cold = { id: "cold", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT2M" } as const;
const spike = { id: "spike", cmp: "ge", limit: 12, mode: "instant" } as const;

describe("a verdict is intact, broken or unproven", () => {
  // One column a minute; the last column is the end. A value holds for three minutes at the most.
  it.each([
    ["as long as the allowance is broken", hot, "5 9 9 9 5 5", "broken", 3, 3],
    ["a minute less is intact", hot, "5 9 9 5 5 5", "intact", 2, 2],
    ["on the limit is in range for gt", hot, "8 8 8 8 8 8", "intact", 0, 0],
    ["on the limit is out for ge", { ...hot, cmp: "ge" }, "8 8 8 8 8 8", "broken", 5, 5],
    ["a thousandth above is out", hot, "8.001 8.001 8.001 8", "broken", 3, 3],
    ["on the limit is in range for lt", cold, "2 2 2 2", "intact", 0, 0],
    ["on the limit is out for le", { ...cold, cmp: "le" }, "2 2 2 2", "broken", 3, 3],
    ["in range in between is a new run", hot, "9 9 5 9 9 5", "intact", 2, 2],
    ["a silence that could hide it is unproven", hot, "9 9 . . . . 5 5", "unproven", 1, 6],
    ["a silence as long as the gap is still covered", hot, "5 9 . . 5 5", "broken", 3, 3],
    ["a fault is unproven", hot, "5 9 f f 5 5", "unproven", 1, 3],
    ["faults alone are unproven", hot, "f f f f f f", "unproven", 0, 5],
    ["two values for an instant: the worse counts", hot, "5 5/9 9/1 9 5", "broken", 3, 3],
    ["one moment breaks an instant rule", spike, "5 12 5 5", "broken", 1, 1],
    ["even with silence after it", spike, "5 12 . . . . 5 5", "broken", 0, 5],
    ["and at the very end", spike, "5 5 12", "broken", 0, 0],
    ["an instant rule does not bear a gap", spike, "5 5 . . . . 5 5", "unproven", 0, 5],
    ["an instant rule does not bear a fault", spike, "5 f 5 5", "unproven", 0, 1],
    ["one reading proves no interval", hot, "5", "unproven", 0, 0],
    ["one reading out of range breaks an instant rule", spike, "13", "broken", 0, 0],
  ] as const)("%s", (_, rule, row, verdict, proven, possible) => {
    const { rules, ...whole } = judgeInterval({
      profile: profileWith([rule]),
      readings: readingsOf("a", row),
    });
    expect(rules).toEqual([{ id: rule.id, verdict, proven, possible }]);
    expect(whole.verdict).toBe(verdict);
  });

  it("is unproven without any reading", () => {
    const judged = judgeInterval({ profile: profileWith([hot]), readings: [] });
    expect(judged).toMatchObject({ verdict: "unproven", coverage: 0, mkt_c: null, gaps: [] });
    // However short the time that was asked for.
    const short = { profile: profileWith([hot]), readings: [], from: minute(0), to: minute(1) };
    expect(judgeInterval(short)).toMatchObject({
      verdict: "unproven",
      exposure: { proven: 0, possible: 1, in_range: 0, unproven: 1 },
    });
  });

  it("is unproven with one reading, and where no reading reaches, however short the time", () => {
    const ask = (row: string, from: number, to: number) =>
      judgeInterval({
        profile: profileWith([hot]),
        readings: readingsOf("a", row),
        from: minute(from),
        to: minute(to),
      });
    expect(ask("5", 0, 2)).toMatchObject({ verdict: "unproven", exposure: { in_range: 2 } });
    expect(ask("5 5", 0, 2)).toMatchObject({ verdict: "intact" });
    expect(ask("5 5", 8, 9)).toMatchObject({ verdict: "unproven", exposure: { unproven: 1 } });
  });

  it("is decided by rules of severity break alone", () => {
    const warn = { ...hot, id: "warn", severity: "warn" } as const;
    const judge = (rules: Parameters<typeof profileWith>[0]) =>
      judgeInterval({ profile: profileWith(rules), readings: readingsOf("a", "9 9 9 9 9") });
    expect(judge([warn]).verdict).toBe("unproven");
    expect(judge([warn, cold])).toMatchObject({ verdict: "intact", exposure: { proven: 0 } });
    expect(judge([warn, cold]).excursions).toHaveLength(1);
  });
});

describe("time out of range adds up over an interval for a cumulative rule", () => {
  const heat = { id: "heat", cmp: "ge", limit: 30, mode: "cumulative", hold: "PT4M" };
  it.each([
    ["as much as the allowance", "30 31 5 5 30 30 5", "broken", 4, 4],
    ["a minute less", "30 31 5 5 30 5 5", "intact", 3, 3],
    ["what is unproven may have been out", "30 31 f 5 30 5 5", "unproven", 3, 4],
    ["below the limit", "29.9 29.9 29.9 29.9 29.9 29.9", "intact", 0, 0],
  ])("%s", (_, row, verdict, proven, possible) => {
    const judged = judgeInterval({
      profile: intervalProfileWith([heat]),
      readings: readingsOf("a", row),
    });
    expect(judged.rules).toEqual([{ id: "heat", verdict, proven, possible }]);
  });

  it("has an excursion from the moment on at which it adds up to the allowance, and each later one whole", () => {
    const ask = (row: string) =>
      judgeInterval({
        profile: intervalProfileWith([heat]),
        readings: readingsOf("a", row),
      }).excursions.map(({ since, until, minutes, peak_c }) => [
        since.slice(14, 16),
        until?.slice(14, 16) ?? null,
        minutes,
        peak_c,
      ]);
    expect(ask("5 40 31 5 5 30 30 31 5 5")).toEqual([["07", "08", 1, 31]]);
    expect(ask("5 30 31 5 5 30 30 32 5 30 30 5")).toEqual([
      ["07", "08", 1, 32],
      ["09", "11", 2, 30],
    ]);
    expect(ask("5 30 31 5 5 30 30 30 31")).toEqual([["07", null, 1, 31]]);
    // Broken at the very end of a run: there is none before the next.
    expect(ask("5 30 31 5 5 30 30 5 5")).toEqual([]);
  });
});

describe("a rule on the mean kinetic temperature of a window", () => {
  const mkt = { id: "mkt", quantity: "mkt", cmp: "gt", limit: 8, mode: "window", scope: "PT6M" };
  const ask = (row: string, fields: object = {}) =>
    judgeInterval({
      profile: intervalProfileWith([{ ...mkt, ...fields }]),
      readings: readingsOf("a", row),
    });
  // 4 minutes at 5 °C and 2 at 12 °C have a mean kinetic temperature of 8.0257 °C: 16 h and 8 h of the published example.
  it.each([
    ["4 minutes at 5 and 2 at 12 °C are out", "5 5 5 5 12 12 5", {}, "broken", 0, 0],
    [
      "they are in range for a limit just above",
      "5 5 5 5 12 12 5",
      { limit: 8.026 },
      "intact",
      0,
      0,
    ],
    [
      "every window counts, not only the first or last",
      "5 5 5 5 5 12 12 5 5 5 5 5 5",
      {},
      "broken",
      4.04,
      4.04,
    ],
    ["exactly on the limit is in range for gt", "8 8 8 8 8 8 8 8", {}, "intact", 0, 0],
    ["exactly on the limit is out for ge", "8 8 8 8 8 8 8 8", { cmp: "ge" }, "broken", 1, 1],
    ["an interval shorter than the window is unproven", "5 5 5 5 5 5", {}, "unproven", 0, 5],
    ["even when it is warm", "20 20 20 20 20 20", {}, "unproven", 0, 5],
    ["what is unproven may have been hot", "5 5 f 5 5 5 5 5 5 5 5", {}, "unproven", 0, 3],
    ["what is proven may be enough all the same", "5 f 5 5 30 30 5 5", {}, "broken", 1, 1],
  ] as const)("%s", (_, row, fields, verdict, proven, possible) => {
    const judged = ask(row, fields);
    expect(judged.rules).toEqual([{ id: "mkt", verdict, proven, possible }]);
    expect(judged.verdict).toBe(verdict);
  });

  it("names the time in which windows that were out ended, and the highest of them", () => {
    const judged = ask("5 5 5 5 5 20 20 5 5 5 5 5 5 5 5");
    expect(judged.excursions).toMatchObject([
      { rule: "mkt", side: "high", until: expect.any(String) as string },
    ]);
    expect(judged.excursions[0]?.peak_c).toBe(13.0967);
    expect(judged.exposure).toEqual({ proven: 0, possible: 0, in_range: 14, unproven: 0 });
    expect(ask("5 5 5 5 5 21 20 5 5 5 5 5 5 5 5").excursions).toMatchObject([{ peak_c: 13.4708 }]);
  });

  it("takes the warmest of several sensors, and is unproven where one of them is", () => {
    const profile = intervalProfileWith([mkt]);
    const judge = (...rows: readonly string[]) =>
      judgeInterval({
        profile,
        readings: rows.flatMap((row, i) => readingsOf(String(i), row)),
        from: minute(0),
        to: minute(6),
      });
    expect(judge("5 5 5 5 5 5", "5 5 5 12 5 5", "5 5 5 5 12 5").verdict).toBe("broken");
    expect(judge("5 5 5 5 5 5", "5 5 5 f 5 5")).toMatchObject({
      verdict: "unproven",
      exposure: { unproven: 1 },
    });
    expect(judge()).toMatchObject({ verdict: "unproven", exposure: { unproven: 6 } });
  });
});

describe("an interval", () => {
  it("is looked at as of its end, with what was measured before holding into it", () => {
    const judged = judgeInterval({
      profile: profileWith([hot]),
      readings: readingsOf("a", "9 9 9 9 9 9 5 5"),
      from: minute(1),
      to: minute(5),
    });
    expect(judged.excursions).toEqual([
      {
        rule: "hot",
        side: "high",
        since: "2026-01-01T00:01:00.000Z",
        until: null,
        peak_c: 9,
        minutes: 4,
      },
    ]);
    expect(judged.exposure).toEqual({ proven: 4, possible: 4, in_range: 0, unproven: 0 });
  });

  it("is unproven before the first reading and, after the last, once that is too old", () => {
    const ask = (to: number) =>
      judgeInterval({
        profile: profileWith([hot]),
        readings: readingsOf("a", ". . 5 5"),
        from: minute(0),
        to: minute(to),
      });
    expect(ask(6)).toMatchObject({ exposure: { in_range: 4, unproven: 2 } });
    expect(ask(7)).toMatchObject({ exposure: { in_range: 1, unproven: 6 }, coverage: 0.142857 });
    expect(ask(7).gaps).toEqual([
      { from: "2026-01-01T00:00:00.000Z", to: "2026-01-01T00:02:00.000Z", minutes: 2 },
      { from: "2026-01-01T00:03:00.000Z", to: "2026-01-01T00:07:00.000Z", minutes: 4 },
    ]);
  });

  it("sees the union of its rules and of its sensors: out before unproven before in", () => {
    const judged = judgeInterval({
      profile: profileWith([hot, cold]),
      readings: [
        ...readingsOf("a", "5 9 9 9 9 5 5 5 f 5 5"),
        ...readingsOf("b", "5 5 f f 5 5 1 1 1 1 5"),
      ],
    });
    expect(judged.exposure).toEqual({ proven: 8, possible: 8, in_range: 2, unproven: 0 });
    expect(judged.excursions.map(({ rule, minutes }) => [rule, minutes])).toEqual([
      ["hot", 4],
      ["cold", 4],
    ]);
  });

  it("takes means over what is proven, by time and not by count", () => {
    const judged = judgeInterval({
      profile: profileWith([hot]),
      readings: readingsOf("a", "2 . 8 8 20 . . . . 4 f"),
    });
    // 2 °C for 2 min, 8 °C for 2 min, 4 °C for 1 min; 20 °C was a moment before silence.
    expect(judged).toMatchObject({ min_c: 2, max_c: 20, mean_c: 4.8 });
  });

  it("refuses to end before it begins", () => {
    expect(() =>
      judgeInterval({ profile: profileWith([hot]), readings: [], from: minute(1), to: minute(0) }),
    ).toThrow(RangeError);
  });
});

describe("five minutes warm, two hours of silence, three minutes warm", () => {
  it("are 8 minutes proven, 120 unproven, and no excursion", () => {
    const silence = Array.from({ length: 120 }, () => ".").join(" ");
    const judged = judgeInterval({
      profile: profileWith([{ ...hot, hold: "PT10M" }]),
      readings: readingsOf("a", `5 5 9 9 9 9 9 9 ${silence.slice(2)} 9 9 9 5 5`),
    });
    expect(judged).toMatchObject({
      verdict: "unproven",
      excursions: [],
      exposure: { proven: 8, unproven: 120, possible: 128 },
      gaps: [{ minutes: 120 }],
    });
  });
});

describe("whatever the order of the rows", () => {
  const row = fc.record({
    sensor: fc.constantFrom("a", "b"),
    column: fc.integer({ min: 0, max: 30 }),
    text: fc.constantFrom("1", "2", "5", "8", "8.001", "12", "f"),
  });
  it("and with rows twice, the answer has the same bytes; and its parts are its whole", () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (rows, again) => {
          const readings = rows.flatMap(({ sensor, column, text }) =>
            readingsOf(sensor, text).map((one): IntervalReading => ({
              ...one,
              at: minute(column),
            })),
          );
          const profile = profileWith([hot, cold, spike]);
          const judged = judgeInterval({ profile, readings, from: minute(0), to: minute(31) });
          const other = [
            ...readings.toReversed(),
            ...again.flatMap((n) => readings[n % Math.max(readings.length, 1)] ?? []),
          ];
          const twice = judgeInterval({
            profile,
            readings: other,
            from: minute(0),
            to: minute(31),
          });
          expect(JSON.stringify(twice)).toBe(JSON.stringify(judged));
          const { proven, possible, in_range, unproven } = judged.exposure;
          expect(proven + in_range + unproven).toBeCloseTo(31, 2);
          expect(possible).toBeCloseTo(proven + unproven, 2);
          for (const rule of judged.rules) expect(rule.proven).toBeLessThanOrEqual(rule.possible);
          if (readings.length < 2) expect(judged.verdict).not.toBe("intact");
        },
      ),
      { numRuns: CASES },
    );
  });
});
