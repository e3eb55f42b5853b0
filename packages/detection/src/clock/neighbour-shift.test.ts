import { DurationMs, EpochMs, HOUR, MINUTE, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neighbourShift, type CurvePoint } from "./neighbour-shift.ts";

/** A day of a room: two doors, a defrost, a slow swing; and by how much this place of it is warmer. */
const room = (minute: number): number =>
  4_000 +
  600 * Math.sin(minute / 230) +
  (minute > 300 && minute < 330 ? 3_000 : 0) +
  (minute > 720 && minute < 735 ? 2_000 : 0) +
  (minute > 1_000 && minute < 1_030 ? 4_000 : 0);

const BEGIN = Date.UTC(2026, 4, 5, 8, 7);

const curve = (
  shift: number,
  {
    level = 0,
    every = 5,
    of = room,
  }: Partial<{ level: number; every: number; of: typeof room }> = {},
): CurvePoint[] =>
  Array.from({ length: Math.floor(1_440 / every) }, (_, i) => ({
    at: EpochMs(BEGIN + (i * every + shift) * MINUTE),
    milli: Milli(Math.round((of(i * every) + level) / 100) * 100),
  }));

const reach = DurationMs(10 * HOUR);
const step = DurationMs(5 * MINUTE);
const shiftOf = (a: readonly CurvePoint[], b: readonly CurvePoint[]) => {
  const found = neighbourShift(a, b, reach, step);
  return found === null ? null : found.shiftMs / MINUTE;
};

describe("the clock of a sensor beside its neighbour's", () => {
  it.each([
    ["agrees", 0],
    ["is two hours ahead", 120],
    ["is eight hours ahead", 480],
    ["is four hours behind", -240],
  ])("%s, in another place of the room", (_, shift) => {
    expect(shiftOf(curve(shift, { level: 700 }), curve(0))).toBe(0 - shift);
  });

  it("is told to within its error where it was off by no whole step", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -400, max: 400 }),
        fc.integer({ min: -900, max: 900 }),
        (shift, level) => {
          const found = neighbourShift(curve(shift, { level }), curve(0), reach, step);
          expect(found).not.toBeNull();
          expect(Math.abs((found?.shiftMs ?? NaN) + shift * MINUTE)).toBeLessThanOrEqual(
            found?.errorMs ?? NaN,
          );
          expect(found?.errorMs).toBeLessThanOrEqual(15 * MINUTE);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each<[string, readonly CurvePoint[], readonly CurvePoint[]]>([
    ["nothing moves", curve(120, { of: () => 4_000 }), curve(0, { of: () => 4_000 })],
    [
      "it swings with a compressor, at which every hour agrees as well",
      curve(120, { of: (m) => 4_000 + 500 * Math.sin((m / 60) * 2 * Math.PI) }),
      curve(0, { of: (m) => 4_000 + 500 * Math.sin((m / 60) * 2 * Math.PI) }),
    ],
    ["it is off by more than is searched", curve(660), curve(0)],
    ["one says nothing", [], curve(0)],
    ["they share too little time", curve(1_400), curve(0)],
    [
      "they have nothing to do with each other",
      curve(0, { of: (m) => 4_000 + ((m * 7_919) % 3_001) }),
      curve(0, { of: (m) => 4_000 + ((m * 104_729) % 2_999) }),
    ],
  ])("is not told where %s", (_, a, b) => {
    expect(shiftOf(a, b)).toBeNull();
  });

  it("is told the same in whatever order the values come", () => {
    const [a, b] = [curve(120), curve(0, { level: 300 })];
    expect(shiftOf(a.toReversed(), b.toReversed())).toBe(shiftOf(a, b));
  });
});
