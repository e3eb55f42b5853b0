import type { SensorDescription } from "@unbroken/model";
import { DAY, EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NEVER } from "../moment.ts";
import { bandAt, nextBandChange } from "./band.ts";

const T0 = 1_767_225_600_000;
const day = (n: number): EpochMs => EpochMs(T0 + n * DAY);

const describedAs = (stated: Partial<SensorDescription>): SensorDescription => ({
  probe: null,
  from: day(0),
  accuracy: Milli(500),
  driftPerYear: Milli(0),
  calibratedAt: null,
  calibrationDue: null,
  ...stated,
});

describe("the band of a sensor", () => {
  it.each([
    ["the profile's where nothing is described", [], 300, 1, { width: 300, known: true }],
    ["0 and not known where nobody states one", [], 0, 1, { width: 0, known: false }],
    ["the probe's before the profile's", [describedAs({})], 300, 1, { width: 500, known: true }],
    [
      "0 and known where the probe is stated to be exact",
      [describedAs({ accuracy: Milli(0) })],
      300,
      1,
      { width: 0, known: true },
    ],
    [
      "the profile's where a description states no accuracy",
      [describedAs({ accuracy: null })],
      300,
      1,
      { width: 300, known: true },
    ],
    [
      "0 and not known where a description states no accuracy and nor does the profile",
      [describedAs({ accuracy: null })],
      0,
      1,
      { width: 0, known: false },
    ],
    ["the profile's before the first description", [describedAs({})], 300, -1, { width: 300 }],
    [
      "the latest description's",
      [describedAs({}), describedAs({ from: day(5), accuracy: Milli(200) })],
      300,
      5,
      { width: 200 },
    ],
    // √(300² + 400²) = 500: a year of 365 days.
    [
      "wider after a year's drift, as the root of the sum of squares",
      [describedAs({ accuracy: Milli(300), driftPerYear: Milli(400), calibratedAt: day(0) })],
      0,
      365,
      { width: 500, known: true },
    ],
    // 400 · 364 / 365 = 398.904…; √(300² + 398.904…²) = 499.12…
    [
      "rounded up, and drift counts whole days",
      [describedAs({ accuracy: Milli(300), driftPerYear: Milli(400), calibratedAt: day(0) })],
      0,
      364.999,
      { width: 500 },
    ],
    [
      "rounded up from 499.12",
      [describedAs({ accuracy: Milli(300), driftPerYear: Milli(400), calibratedAt: day(0) })],
      0,
      364,
      { width: 500 },
    ],
    // 400 · 100 / 365 = 109.589…; √(300² + 109.589…²) = 319.39…
    [
      "319.39 as 320",
      [describedAs({ accuracy: Milli(300), driftPerYear: Milli(400), calibratedAt: day(0) })],
      0,
      100,
      { width: 320 },
    ],
    [
      "as at its calibration before it",
      [describedAs({ driftPerYear: Milli(400), calibratedAt: day(9) })],
      0,
      1,
      { width: 500, known: true },
    ],
    [
      "not known where a drift is stated and no calibration",
      [describedAs({ driftPerYear: Milli(400) })],
      0,
      900,
      { width: 500, known: false },
    ],
  ] as const)("is %s", (_, descriptions, accuracy, at, expected) => {
    expect(bandAt(descriptions, Milli(accuracy), day(at))).toMatchObject(expected);
  });

  it("is no proof from the moment on at which calibration is due", () => {
    const descriptions = [describedAs({ calibrationDue: day(30) })];
    const overdue = (at: number) => bandAt(descriptions, Milli(0), EpochMs(at)).overdue;
    expect([overdue(day(30) - 1), overdue(day(30))]).toEqual([false, true]);
  });
});

describe("a band changes", () => {
  const moment = fc.integer({ min: -5, max: 5 }).map((n) => EpochMs(T0 + n * 0.5 * DAY));
  const description = fc
    .record({
      from: moment,
      accuracy: fc.constantFrom(null, Milli(100), Milli(500)),
      driftPerYear: fc.constantFrom(Milli(0), Milli(9_000)),
      calibratedAt: fc.option(moment),
      calibrationDue: fc.option(moment),
    })
    .map(describedAs);

  it("only when it was said that it may", () => {
    fc.assert(
      fc.property(
        fc.array(description, { maxLength: 3 }),
        moment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, at, share) => {
          const sorted = [...list].sort((a, b) => a.from - b.from);
          const next = nextBandChange(sorted, at);
          expect(next).toBeGreaterThan(at);
          const span = (next === NEVER ? at + 40 * DAY : next) - at;
          const between = EpochMs(at + Math.floor(share * (span - 1)));
          expect(bandAt(sorted, Milli(0), between)).toEqual(bandAt(sorted, Milli(0), at));
        },
      ),
    );
  });

  it.each([
    ["never without descriptions", [], 0, NEVER],
    ["with the next description", [describedAs({ from: day(3) })], 0, day(3)],
    ["when calibration is due", [describedAs({ calibrationDue: day(2) })], 0, day(2)],
    [
      "with each day of drift",
      [describedAs({ driftPerYear: Milli(1), calibratedAt: day(0.25) })],
      1,
      day(1.25),
    ],
    [
      "with the first day after a calibration to come",
      [describedAs({ driftPerYear: Milli(1), calibratedAt: day(8) })],
      1,
      day(9),
    ],
  ] as const)("%s", (_, descriptions, at, next) => {
    expect(nextBandChange(descriptions, day(at))).toBe(next);
  });
});
