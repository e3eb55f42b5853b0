import { describe, expect, it } from "vitest";
import type { SpaceNow } from "@unbroken/model";
import { byUrgency, countsOf, matches } from "./urgency.ts";
import { allowanceOf, forecastOf, freshnessOf, whyNoForecast } from "./outlook.ts";
import { forecastIn, fridge, limitView, minutesAgo, NOW, spaceNow } from "./space-now.fixture.ts";

describe("the order of the board", () => {
  it.each<[string, Partial<SpaceNow>, Partial<SpaceNow>]>([
    ["broken before out of range", { condition: "broken" }, { condition: "out" }],
    ["out of range before warming", { condition: "out" }, { condition: "warming" }],
    ["warming before unproven", { condition: "warming" }, { condition: "unproven" }],
    ["unproven before calm", { condition: "unproven" }, { condition: "in-range" }],
    [
      "longer out of range first",
      { condition: "out", since: minutesAgo(25) },
      { condition: "out", since: minutesAgo(5) },
    ],
    [
      "fewer minutes left first",
      { condition: "warming", forecast: forecastIn(10) },
      { condition: "warming", forecast: forecastIn(30) },
    ],
    [
      "longer silent first",
      { condition: "unproven", since: minutesAgo(900) },
      { condition: "unproven", since: minutesAgo(40) },
    ],
    [
      "never heard after known silence",
      { condition: "unproven", since: minutesAgo(1) },
      { condition: "unproven", since: null, worst: null },
    ],
    ["out of service last of all", { name: "z" }, { name: "a", condition: "out-of-service" }],
    ["calm by name, numbers as numbers", { name: "Room 2" }, { name: "Room 10" }],
    ["calm by name in Chinese", { name: "2号库" }, { name: "10号库" }],
  ])("puts %s", (_what, first, second) => {
    const [a, b] = [spaceNow({ name: "z", ...first }), spaceNow({ name: "z", ...second })];
    expect(byUrgency(a, b)).toBeLessThan(0);
    expect(byUrgency(b, a)).toBeGreaterThan(0);
  });

  it("counts each condition", () => {
    const spaces = [spaceNow({ condition: "broken" }), spaceNow({}), spaceNow({})];
    expect(countsOf(spaces)).toMatchObject({ broken: 1, out: 0, "in-range": 2 });
  });
});

describe("the filter", () => {
  const space = spaceNow({
    name: "3号速冻库",
    site_name: "苏州工业园冷链中心",
    space: "freezer-3",
  });
  it.each([
    ["", true],
    ["速冻", true],
    ["苏州 3号", true],
    ["FREEZER", true],
    ["苏州 4号", false],
  ])("%j finds the room: %s", (filter, found) => {
    expect(matches(space, filter)).toBe(found);
  });
});

describe("the outlook", () => {
  it("takes from a forecast the time that has gone since it was made", () => {
    const forecast = forecastIn(30, { as_of: minutesAgo(5), high_min: null, low_min: 3 });
    expect(forecastOf(spaceNow({ forecast }), NOW)).toEqual({
      side: "high",
      limitC: 8,
      inMs: 1_500_000,
      soonestMs: 0,
      latestMs: null,
    });
  });

  it("says why there is none", () => {
    expect(forecastOf(spaceNow({}), NOW)).toBeNull();
    expect(whyNoForecast(spaceNow({}))).toBe("no-trend");
  });

  it("counts the allowance from when the range was left", () => {
    const space = spaceNow({ value: 9, condition: "out", since: minutesAgo(12) });
    expect(allowanceOf(space, NOW)).toEqual({ spentMs: 720_000, holdMs: 3_600_000 });
  });

  it("takes the allowance that runs out first, and only of limits that are left", () => {
    const limits = [
      ...fridge.limits,
      limitView({ rule: "hot", limit: 15, hold_ms: 600_000 }),
      limitView({ rule: "slow", limit: 8, hold_ms: 7_200_000 }),
      limitView({ rule: "warned", limit: 8, hold_ms: 60_000, severity: "warn" }),
    ];
    const at = (value: number) =>
      spaceNow({ value, condition: "out", since: minutesAgo(1), profile: { ...fridge, limits } });
    expect(allowanceOf(at(9), NOW)?.holdMs).toBe(3_600_000);
    expect(allowanceOf(at(16), NOW)?.holdMs).toBe(600_000);
    expect(allowanceOf(at(5), NOW)).toBeNull();
  });

  it("calls a value stale past one and a half cadences", () => {
    expect(freshnessOf(spaceNow({ measured: minutesAgo(7) }), NOW)?.stale).toBe(false);
    expect(freshnessOf(spaceNow({ measured: minutesAgo(8) }), NOW)?.stale).toBe(true);
  });
});
