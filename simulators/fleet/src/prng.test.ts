import { describe, expect, it } from "vitest";
import { Prng, fnv1a64, splitMix64 } from "./prng.ts";

describe("the generator of random numbers", () => {
  it("gives the published sequence of xoshiro128** for the state 1, 2, 3, 4", () => {
    const prng = Prng.ofState([1, 2, 3, 4]);
    // Vector of the rand_xoshiro crate, made with the authors' C code.
    expect(Array.from({ length: 10 }, () => prng.word())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  it("seeds by the published sequence of SplitMix64 for 1234567", () => {
    const next = splitMix64(1234567n);
    // Rosetta Code, Pseudo-random numbers/Splitmix64.
    expect([next(), next(), next()]).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
    ]);
  });

  it.each([
    ["", 0xcbf29ce484222325n],
    ["a", 0xaf63dc4c8601ec8cn],
    ["foobar", 0x85944171f73967e8n],
  ])("hashes %j as FNV-1a's authors do", (text, hash) => {
    expect(fnv1a64(text)).toBe(hash);
  });

  it("gives streams of different names different series, and one name the same", () => {
    const draw = (seed: number, name: string): number[] => {
      const prng = Prng.ofStream(seed, name);
      return [prng.word(), prng.word(), prng.word()];
    };
    expect(draw(1, "a")).toEqual(draw(1, "a"));
    expect(draw(1, "a")).not.toEqual(draw(1, "b"));
    expect(draw(1, "a")).not.toEqual(draw(2, "a"));
  });

  it("draws normal numbers with mean 0 and deviation 1", () => {
    const prng = Prng.ofStream(7, "normal");
    const draws = Array.from({ length: 20_000 }, () => prng.normal());
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });
});
