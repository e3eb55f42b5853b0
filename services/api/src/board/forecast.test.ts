import { ProfileDocument, profileOf } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { airLimitsOf } from "./air-limits.ts";
import { forecastNow } from "./forecast.ts";
import type { SensorTrack } from "./sensor-track.ts";
import { trendOf } from "./trend.ts";

const MINUTE = 60_000;
const NOW = 1_795_000_000_000;
const limits = airLimitsOf(
  profileOf(
    ProfileDocument.parse({
      id: "fridge",
      rules: [
        { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" },
        { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT60M" },
      ],
    }),
    "ab".repeat(32),
  ),
);

/** One value every two minutes, the last `ageMin` ago. */
function asked(valueAt: (minutes: number) => number, count = 15, ageMin = 0, now = NOW) {
  const points = Array.from({ length: count }, (_, i) => ({
    at: NOW - (ageMin + (count - 1 - i) * 2) * MINUTE,
    milli: Math.round(valueAt(i * 2) * 10) * 100,
  }));
  const last = points.at(-1);
  const track: SensorTrack = {
    organisation: "acme",
    sensor: "d1/main",
    measuredAt: last?.at ?? NOW,
    receivedAt: last?.at ?? NOW,
    milli: last?.milli ?? null,
    fault: null,
    points,
  };
  return forecastNow({ track, trend: trendOf(points), limits, timeConstant: null, now });
}

describe("the forecast of a space", () => {
  it("says when a straight rise meets the limit, within its interval", () => {
    // 0.1 K a minute: at 6.8 °C after 28 minutes, 12 minutes before 8 °C.
    const found = asked((minutes) => 4 + minutes * 0.1);
    expect(found).toMatchObject({ kind: "forecast", rule: "high", side: "high", limit_c: 8 });
    if (found.kind !== "forecast") return;
    expect(found.likely_min).toBeGreaterThanOrEqual(11);
    expect(found.likely_min).toBeLessThanOrEqual(13);
    expect(found.low_min).toBeLessThanOrEqual(found.likely_min);
    expect(found.high_min).toBeGreaterThanOrEqual(found.likely_min);
  });

  it("looks at the lower limit of what cools", () => {
    expect(asked((minutes) => 5.5 - minutes * 0.1)).toMatchObject({ side: "low", limit_c: 2 });
  });

  it("counts from now, not from the last reading", () => {
    const fresh = asked((minutes) => 4 + minutes * 0.1);
    const older = asked((minutes) => 4 + minutes * 0.1, 15, 5);
    if (fresh.kind !== "forecast" || older.kind !== "forecast") throw new Error("both are told");
    expect(fresh.likely_min - older.likely_min).toBe(5);
  });

  it.each<[string, ReturnType<typeof asked>, string]>([
    ["too few readings", asked((minutes) => 4 + minutes * 0.1, 3), "too-few"],
    ["an old reading", asked((minutes) => 4 + minutes * 0.1, 15, 11), "stale"],
    ["no trend", asked((minutes) => (minutes % 4 === 0 ? 4.5 : 4)), "no-trend"],
    ["a limit that is hours away", asked((minutes) => 3 + minutes * 0.01), "too-far"],
    [
      "what settles below the limit",
      asked((minutes) => 7 - 4 * Math.exp(-minutes / 12)),
      "levels-off",
    ],
    ["what is out already", asked((minutes) => 7 + minutes * 0.1), "beyond-already"],
  ])("of %s is none, and says why", (_, found, reason) => {
    expect(found).toEqual({ kind: "none", reason });
  });

  it("needs a limit and a value", () => {
    const facts = { track: null, trend: null, timeConstant: null, now: NOW };
    expect(forecastNow({ ...facts, limits: [] })).toEqual({ kind: "none", reason: "no-limit" });
    expect(forecastNow({ ...facts, limits })).toEqual({ kind: "none", reason: "too-few" });
  });
});
