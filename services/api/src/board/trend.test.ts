import { describe, expect, it } from "vitest";
import { trendOf } from "./trend.ts";

const MINUTE = 60_000;
// A moment of our days: the sums must not lose the milliseconds in it.
const T = 1_795_000_000_000;

const points = (...millis: readonly number[]) =>
  millis.map((milli, i) => ({ at: T + i * MINUTE, milli }));

describe("the trend of the last readings", () => {
  it.each([
    ["rises 100 m°C a minute", points(4_000, 4_100, 4_200, 4_300), 100, 0],
    ["falls 250 m°C a minute", points(4_000, 3_750, 3_500, 3_250, 3_000), -250, 0],
    ["is level", points(4_000, 4_000, 4_000, 4_000), 0, 0],
    // By hand: x = 0…3, y = 0, 2, 1, 3 (thousand): slope 0.8, residual 1.8, error √(1.8 / 2 / 5).
    ["goes through the middle of scattered ones", points(0, 2_000, 1_000, 3_000), 800, 424.264],
  ])("%s", (_, given, perMinute, error) => {
    const trend = trendOf(given);
    expect((trend?.slope ?? Number.NaN) * MINUTE).toBeCloseTo(perMinute, 3);
    expect((trend?.error ?? Number.NaN) * MINUTE).toBeCloseTo(error, 3);
  });

  it.each([
    ["three points", points(1, 2, 3)],
    ["no points", []],
    ["four of one moment", [1, 2, 3, 4].map((milli) => ({ at: T, milli }))],
  ])("is not told from %s", (_, given) => {
    expect(trendOf(given)).toBeNull();
  });
});
