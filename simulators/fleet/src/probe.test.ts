import { describe, expect, it } from "vitest";
import { Prng } from "./prng.ts";
import { Probe, type ProbeFault } from "./probe.ts";

const exact = { lagS: 90, noiseC: 0, stepMilli: 100, offsetC: 0 };

function samples(fault: ProbeFault | null, count: number, noiseC = 0.05): (number | null)[] {
  const probe = new Probe({ ...exact, noiseC }, 4, Prng.ofStream(1, "probe"));
  return Array.from({ length: count }, () => probe.sample(fault));
}

describe("a probe", () => {
  it("shows its resolution: whole tenths, rounded", () => {
    const probe = new Probe(exact, 4.26, Prng.ofStream(1, "probe"));
    expect(probe.sample(null)).toBe(4_300);
  });

  it("never shows minus nought", () => {
    const probe = new Probe(exact, -0.01, Prng.ofStream(1, "probe"));
    expect(Object.is(probe.sample(null), 0)).toBe(true);
  });

  it("follows the air with its lag: 63 % of a step after 90 s", () => {
    const probe = new Probe({ ...exact, stepMilli: 1 }, 0, Prng.ofStream(1, "probe"));
    for (let s = 0; s < 90; s += 1) probe.settle(10, 1);
    expect(probe.sample(null)).toBeGreaterThan(6_250);
    expect(probe.sample(null)).toBeLessThan(6_400);
  });

  it("scatters by its noise", () => {
    expect(new Set(samples(null, 200)).size).toBeGreaterThan(2);
  });

  it("gives nothing with an open circuit", () => {
    expect(new Set(samples("open-circuit", 50))).toEqual(new Set([null]));
  });

  it("gives by turns nothing and right values with a loose plug", () => {
    const shown = samples("flapping", 400);
    const lost = shown.filter((value) => value === null).length;
    expect(lost).toBeGreaterThan(200);
    expect(lost).toBeLessThan(360);
    for (const value of shown)
      if (value !== null) expect(Math.abs(value - 4_000)).toBeLessThan(400);
  });

  it("repeats its last value when stuck, whatever the air does", () => {
    const probe = new Probe(exact, 4, Prng.ofStream(1, "probe"));
    probe.sample(null);
    probe.settle(20, 1_000);
    expect([probe.sample("stuck"), probe.sample("stuck")]).toEqual([4_000, 4_000]);
    expect(probe.sample(null)).toBe(20_000);
  });

  it("shows 85 °C as a sentinel", () => {
    expect(samples("sentinel", 1)).toEqual([85_000]);
  });

  it("shows 20 K too much in a spike, and the air again after it", () => {
    const probe = new Probe({ ...exact, noiseC: 0 }, 4, Prng.ofStream(1, "probe"));
    expect([probe.sample("spike"), probe.sample(null)]).toEqual([24_000, 4_000]);
  });
});
