import { describe, expect, it } from "vitest";
import { courseAt, errorAt, timeToReach, type CoreNow } from "./core-course.ts";
import { bend, fitAtFade, type Curve } from "./thermal-curve.ts";

/** dc/dt = (T(t) − c)/lag in small steps, with the air at the middle of each. */
function integrated(air: Curve, core: CoreNow, minutes: number): number {
  const steps = 20_000;
  const step = minutes / steps;
  let celsius = core.celsius;
  for (let i = 0; i < steps; i += 1) {
    const middle = courseAt(air, null, (i + 0.5) * step);
    celsius = middle + (celsius - middle) * Math.exp(-step / core.lag);
  }
  return celsius;
}

describe("the temperature of goods behind their air", () => {
  it.each<[string, number, number]>([
    ["air that rises in a straight line", 0, 30],
    ["air that settles sooner than the goods", 1 / 10, 30],
    ["air that settles later", 1 / 300, 30],
    ["air that settles as fast as the goods", 1 / 30, 30],
    ["goods without a lag", 1 / 100, 1e-9],
  ])("is that of a simulation: %s", (_, fade, lag) => {
    const air = { fade, level: 6, slope: 0.2 };
    const core = { celsius: 3, lag };
    for (const minutes of [1, 20, 90])
      expect(courseAt(air, core, minutes)).toBeCloseTo(integrated(air, core, minutes), 3);
  });
});

describe("its error", () => {
  const points = Array.from({ length: 11 }, (_, i) => ({ minutes: i - 10, celsius: i }));

  it.each([
    [0, -5],
    [0, 0],
    [0, 20],
    [1 / 15, 0],
    [1 / 15, 20],
  ])("is that of a line of least squares: fade %d, at %d min", (fade, minutes) => {
    const fit = fitAtFade(points, fade);
    if (fit === null) throw new Error("no fit");
    const x = points.map((point) => bend(fade, point.minutes));
    const middle = x.reduce((a, b) => a + b, 0) / x.length;
    const sxx = x.reduce((sum, one) => sum + (one - middle) ** 2, 0);
    const expected = Math.sqrt(1 / x.length + (bend(fade, minutes) - middle) ** 2 / sxx);
    expect(errorAt(fit, null, minutes)).toBeCloseTo(expected, 10);
  });

  it("is nothing for goods at this moment, whose temperature the air no longer changes", () => {
    const fit = fitAtFade(points, 0);
    if (fit === null) throw new Error("no fit");
    expect(errorAt(fit, { celsius: 3, lag: 30 }, 0)).toBe(0);
    expect(errorAt(fit, { celsius: 3, lag: 30 }, 30)).toBeLessThan(errorAt(fit, null, 30));
  });
});

describe("the time to reach a limit", () => {
  it.each([
    ["at once", 0, 0],
    ["on the way", 7.25, 7.25],
  ])("%s", (_, limit, minutes) => {
    expect(timeToReach((t) => t, limit, 60)).toBeCloseTo(minutes, 6);
  });

  it("is none where the course turns before it or the horizon is nearer", () => {
    expect(timeToReach((t) => t - t ** 2 / 20, 6, 60)).toBeNull();
    expect(timeToReach((t) => t, 61, 60)).toBeNull();
  });
});
