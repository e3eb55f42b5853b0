import { DurationMs, EpochMs, Milli, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Limit } from "../evidence.ts";
import { measuredAir } from "./air-span.ts";
import { advanceCore, startCore } from "./core-temperature.ts";
import { proposeThermal, type TimedMilli } from "./propose-thermal.ts";
import { timeToLimit, type ForecastQuestion } from "./time-to-limit.ts";

const above8: Limit = { comparison: "gt", limit: Milli(8_000), side: "high" };
const freezes: Limit = { comparison: "le", limit: Milli(0), side: "low" };

interface Course {
  readonly from: number;
  readonly ambient: number;
  /** Minutes. */
  readonly tau: number;
  readonly minutes: number;
  readonly cadence?: number;
  /** Standard deviation, K. */
  readonly noise?: number;
  readonly seed?: number;
  readonly resolution?: number;
}

function at({ from, ambient, tau }: Course, minutes: number): number {
  return ambient + (from - ambient) * Math.exp(-minutes / tau);
}

/** Readings of a course, with an error that depends on the seed alone. */
function readingsOf(course: Course): readonly TimedMilli[] {
  const { minutes, cadence = 1, noise = 0, resolution = 10 } = course;
  const next = errors(course.seed ?? 1);
  return Array.from({ length: Math.floor(minutes / cadence) + 1 }, (_, i) => {
    const celsius = at(course, i * cadence) + noise * next();
    return {
      at: EpochMs(i * cadence * MINUTE),
      milli: Milli(Math.round((celsius * 1_000) / resolution) * resolution),
    };
  });
}

/** About normal, by twelve even ones (Lehmer's generator, 48271). */
function errors(seed: number): () => number {
  let state = seed * 7_919 + 1;
  const even = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return () => Array.from({ length: 12 }, even).reduce((sum, e) => sum + e, -6);
}

function forecast(course: Course, more: Partial<ForecastQuestion> = {}) {
  const readings = readingsOf(course);
  return timeToLimit({
    readings,
    asOf: readings.at(-1)?.at ?? EpochMs(0),
    limit: above8,
    resolution: Milli(course.resolution ?? 10),
    ...more,
  });
}

function found(answer: ReturnType<typeof timeToLimit>) {
  if (answer.kind === "none") throw new Error(`no forecast: ${answer.reason}`);
  return answer;
}

/** t* = τ·ln((T_a − T₀)/(T_a − L)), minutes from the last reading. */
function trueTime(course: Course, limit: number): number {
  const now = at(course, course.minutes);
  return course.tau * Math.log((course.ambient - now) / (course.ambient - limit));
}

describe("the time to the limit", () => {
  it.each<[string, Course]>([
    ["fast, towards 25 °C", { from: 3, ambient: 25, tau: 100, minutes: 15 }],
    ["slow, towards 25 °C", { from: 2, ambient: 25, tau: 600, minutes: 30 }],
    ["towards an ambient just beyond", { from: 2, ambient: 9, tau: 40, minutes: 30 }],
    ["seven readings in half an hour", { from: 2, ambient: 20, tau: 200, minutes: 30, cadence: 5 }],
  ])("without noise is that of the formula: %s", (_, course) => {
    const exact = trueTime(course, 8);
    const { likely, low, high } = found(forecast({ ...course, resolution: 1 }));
    expect(Math.abs(likely / MINUTE - exact)).toBeLessThan(0.05 * exact + 0.1);
    expect(low / MINUTE).toBeLessThanOrEqual(exact);
    expect(high === null || high / MINUTE >= exact).toBe(true);
  });

  it("lies in its interval for 19 of 20 noisy courses, and the interval says something", () => {
    const answers = Array.from({ length: 200 }, (_, seed) => {
      const course = { from: 3, ambient: 25, tau: 150, minutes: 25, noise: 0.05, seed };
      return { exact: trueTime(course, 8) * MINUTE, ...found(forecast(course)) };
    });
    const right = answers.filter((a) => a.low <= a.exact && (a.high ?? Infinity) >= a.exact);
    expect(right.length).toBeGreaterThanOrEqual(180);
    // No longer than the time itself.
    const narrow = answers.filter((a) => (a.high ?? Infinity) - a.low < a.exact);
    expect(narrow.length).toBeGreaterThanOrEqual(180);
  });

  it("is narrower with a time constant that is stated", () => {
    const course = { from: 2, ambient: 25, tau: 400, minutes: 30, noise: 0.03 };
    const free = found(forecast(course));
    const stated = found(forecast(course, { timeConstant: DurationMs(400 * MINUTE) }));
    expect(stated.low).toBeGreaterThan(free.low);
    expect(stated.high ?? Infinity).toBeLessThan(free.high ?? Infinity);
  });

  it("has no latest moment when that is further away than four times the readings, unless the time constant is stated", () => {
    const course = { from: 2, ambient: 25, tau: 600, minutes: 30, resolution: 1 };
    expect(trueTime(course, 8)).toBeGreaterThan(120);
    expect(found(forecast(course)).high).toBeNull();
    const stated = found(forecast(course, { timeConstant: DurationMs(600 * MINUTE) }));
    expect((stated.high ?? Infinity) / MINUTE - trueTime(course, 8)).toBeLessThan(10);
  });

  it("counts from the moment of asking", () => {
    const course = { from: 3, ambient: 25, tau: 100, minutes: 15 };
    const later = found(forecast(course, { asOf: EpochMs(18 * MINUTE) }));
    expect(found(forecast(course)).likely - later.likely).toBe(3 * MINUTE);
  });

  it("to a lower limit is the same thing upside down", () => {
    const course = { from: 5, ambient: -10, tau: 120, minutes: 30 };
    const { likely, ambient } = found(forecast(course, { limit: freezes }));
    expect(likely / MINUTE).toBeCloseTo(trueTime(course, 0), 0);
    expect(Math.abs((ambient ?? 0) + 10_000)).toBeLessThan(1_500);
  });

  it("of goods is later than that of their air, and that of a simulated core", () => {
    const course = { from: 3, ambient: 25, tau: 150, minutes: 30, resolution: 1 };
    const lag = DurationMs(45 * MINUTE);
    let core = startCore(Milli(3_000), measuredAir(Milli(3_000)), lag);
    const step = (minute: number): void => {
      const milli = Milli(Math.round(at(course, minute + 0.5) * 1_000));
      core = advanceCore(core, measuredAir(milli), MINUTE);
    };
    for (let minute = 0; minute < 30; minute += 1) step(minute);
    const { likely, low, high } = found(forecast(course, { core }));
    let minute = 30;
    while (core.from.likely <= 8e9) step(minute++);
    expect(Math.abs(likely / MINUTE - (minute - 30))).toBeLessThan(2);
    expect(low).toBeLessThanOrEqual(likely);
    expect(high ?? Infinity).toBeGreaterThanOrEqual(likely);
    expect(likely).toBeGreaterThan(trueTime(course, 8) * MINUTE);
  });

  it("looks at the last minutes alone if something has changed within the half hour", () => {
    const calm = Array.from({ length: 18 }, (_, i) => ({
      at: EpochMs(i * MINUTE),
      milli: Milli(3_000),
    }));
    const opened = { from: 3, ambient: 25, tau: 100, minutes: 12 };
    const warming = readingsOf(opened).map((r) => ({ ...r, at: EpochMs(r.at + 18 * MINUTE) }));
    const answer = found(
      timeToLimit({ readings: [...calm, ...warming], asOf: EpochMs(30 * MINUTE), limit: above8 }),
    );
    expect(answer.readings).toBe(11);
    expect(Math.abs(answer.likely / MINUTE - trueTime(opened, 8))).toBeLessThan(3);
  });
});

describe("no forecast", () => {
  const warming = { from: 3, ambient: 25, tau: 150, minutes: 20 };

  it.each<[string, string, ReturnType<typeof timeToLimit>]>([
    ["beyond-already", "where the limit is passed", forecast({ ...warming, minutes: 60 })],
    ["stale", "from an old reading", forecast(warming, { asOf: EpochMs(31 * MINUTE) })],
    [
      "too-few",
      "without a reading",
      timeToLimit({ readings: [], asOf: EpochMs(0), limit: above8 }),
    ],
    ["too-few", "from four readings", forecast({ ...warming, cadence: 6 })],
    ["too-few", "from eight minutes", forecast({ ...warming, minutes: 8 })],
    [
      "levels-off",
      "where the ambient is not beyond the limit",
      forecast({ ...warming, ambient: 7.5, tau: 15 }),
    ],
    [
      "no-trend",
      "from noise about one temperature",
      forecast({ ...warming, ambient: 3, noise: 0.2 }),
    ],
    [
      "scattered",
      "from readings that scatter by more than half a degree",
      forecast({ ...warming, from: -20, tau: 80, noise: 1 }),
    ],
    ["moving-away", "while it cools", forecast({ ...warming, from: 7, ambient: 2, tau: 30 })],
    [
      "too-far",
      "of tomorrow",
      forecast({ ...warming, from: 2, ambient: 30, tau: 10_000, resolution: 1, minutes: 30 }),
    ],
  ])("%s: %s", (reason, _, answer) => {
    expect(answer).toEqual({ kind: "none", reason });
  });

  it("moving-away: warm and already falling again, though the half hour rises", () => {
    const readings = [
      ...readingsOf({ from: 3, ambient: 25, tau: 150, minutes: 27 }),
      { at: EpochMs(28 * MINUTE), milli: Milli(6_300) },
      { at: EpochMs(29 * MINUTE), milli: Milli(5_700) },
    ];
    const answer = timeToLimit({ readings, asOf: EpochMs(29 * MINUTE), limit: above8 });
    expect(answer).toEqual({ kind: "none", reason: "moving-away" });
  });
});

describe("a time constant and an ambient, proposed from a recorded warming", () => {
  const warming = { from: 4, ambient: 25, tau: 120, minutes: 180 };
  const straight = Array.from({ length: 61 }, (_, i) => ({
    at: EpochMs(i * MINUTE),
    milli: Milli(2_000 + 100 * i),
  }));
  const accelerating = Array.from({ length: 61 }, (_, i) => ({
    at: EpochMs(i * MINUTE),
    milli: Milli(Math.round(4_000 + 4_000 / (1 + Math.exp((30 - i) / 5)))),
  }));

  it("are those of the course, within a few percent", () => {
    const answer = proposeThermal(readingsOf(warming), Milli(10));
    if (answer.kind === "none") throw new Error(answer.reason);
    expect(Math.abs(answer.timeConstant.likely / MINUTE - 120)).toBeLessThan(0.5);
    expect(Math.abs(answer.ambient.likely - 25_000)).toBeLessThan(50);
    expect(answer.rSquared).toBeGreaterThan(0.999);
  });

  it("lie within their errors for 18 of 20 noisy courses at least", () => {
    const answers = Array.from({ length: 100 }, (_, seed) =>
      proposeThermal(
        readingsOf({ ...warming, minutes: 90, noise: 0.05, resolution: 100, seed }),
        Milli(100),
      ),
    ).filter((answer) => answer.kind === "proposal");
    expect(answers.length).toBe(100);
    const within = (e: { low: number; high: number }, value: number): boolean =>
      e.low <= value && value <= e.high;
    const right = answers.filter(
      (a) => within(a.timeConstant, 120 * MINUTE) && within(a.ambient, 25_000),
    );
    expect(right.length).toBeGreaterThanOrEqual(90);
  });

  it("work for a pull-down as well", () => {
    const answer = proposeThermal(readingsOf({ from: 20, ambient: -22, tau: 45, minutes: 120 }));
    expect(answer).toMatchObject({ kind: "proposal" });
    if (answer.kind === "proposal") expect(answer.ambient.likely / 1_000).toBeCloseTo(-22, 0);
  });

  it.each<[string, string, readonly TimedMilli[]]>([
    ["too-few", "seven readings", readingsOf({ ...warming, minutes: 6 })],
    [
      "too-straight",
      "a tenth of a time constant",
      readingsOf({ ...warming, minutes: 12, noise: 0.05 }),
    ],
    [
      "too-sudden",
      "a probe that was taken out of the cold, within minutes",
      readingsOf({ ...warming, tau: 2 }),
    ],
    ["too-straight", "a straight line", straight],
    ["other-shape", "a warming that first accelerates", accelerating],
    ["no-trend", "a space that stays as it is", readingsOf({ ...warming, ambient: 4, noise: 0.1 })],
    [
      "too-few",
      "readings of one moment",
      readingsOf(warming).map((r) => ({ ...r, at: EpochMs(0) })),
    ],
  ])("none, %s: %s", (reason, _, readings) => {
    expect(proposeThermal(readings)).toEqual({ kind: "none", reason });
  });
});

it("answers any readings, in any order, and never with a time before now", () => {
  const reading = fc.record({
    at: fc
      .oneof(fc.integer({ min: 0, max: 60 * MINUTE }), fc.integer({ min: 0, max: 1e12 }))
      .map(EpochMs),
    milli: fc
      .oneof(fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: -1e12, max: 1e12 }))
      .map(Milli),
  });
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 40 }), fc.boolean(), (readings, sorted) => {
      const given = sorted ? readings.toSorted((a, b) => a.at - b.at) : readings;
      const asOf = given.at(-1)?.at ?? EpochMs(0);
      for (const limit of [above8, freezes]) {
        const answer = timeToLimit({ readings: given, asOf, limit });
        if (answer.kind === "none") continue;
        expect(answer.low).toBeGreaterThanOrEqual(0);
        expect(answer.likely).toBeGreaterThanOrEqual(answer.low);
        expect(answer.high ?? Infinity).toBeGreaterThanOrEqual(answer.likely);
      }
      expect(["proposal", "none"]).toContain(proposeThermal(given).kind);
    }),
    { numRuns: Number(process.env["UB_CASES"] ?? 500) },
  );
});
