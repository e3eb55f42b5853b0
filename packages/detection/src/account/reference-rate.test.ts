import type { Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { ACTIVATION_USP, meanKineticTemperature } from "../temperature-account.ts";
import { ratioHalfUp } from "../ratio-half-up.ts";
import { referenceRate, temperatureOfAgeing } from "./reference-rate.ts";

const HOUR = 3_600_000;

function meanKinetic(hours: readonly (readonly [celsius: number, hours: number])[]): number {
  let aged = 0n;
  let ms = 0;
  for (const [celsius, count] of hours) {
    aged += BigInt(count * HOUR) * referenceRate((celsius * 1_000) as Milli, ACTIVATION_USP);
    ms += count * HOUR;
  }
  return temperatureOfAgeing(aged, BigInt(ms), ACTIVATION_USP) / 10_000;
}

describe("ageing against 0 °C", () => {
  // Worked out by the formula of USP ⟨1079.2⟩ with ΔH/R = 10 000 K.
  it.each([
    [
      5.5364,
      [
        [2, 1],
        [8, 1],
      ],
    ],
    [
      5.7635,
      [
        [5, 23],
        [15, 1],
      ],
    ],
    [
      8.0257,
      [
        [5, 16],
        [12, 8],
      ],
    ],
    [
      22.0432,
      [
        [22, 717],
        [29, 3],
      ],
    ],
    [
      25.5388,
      [
        [24, 24],
        [30, 6],
      ],
    ],
    [
      23.1811,
      [
        [20, 3],
        [21, 2],
        [22, 1],
        [23, 2],
        [25, 2],
        [27, 2],
      ],
    ],
  ] as const)("has a mean kinetic temperature of %f °C for %j", (expected, hours) => {
    expect(meanKinetic(hours)).toBe(expected);
  });

  it.each([-200, -196, -150, -80, -18, -0.001, 0, 0.001, 5, 25, 100, 1_000])(
    "has a mean kinetic temperature of %f °C where it was never another",
    (celsius) => {
      expect(meanKinetic([[celsius, 1]])).toBe(celsius);
    },
  );

  it("is none at all in liquid helium, which is colder than its fixed point can tell", () => {
    expect(referenceRate(-269_000 as Milli, ACTIVATION_USP)).toBe(0n);
  });

  it("has no rate where nothing moves", () => {
    expect(referenceRate(-273_150 as Milli, ACTIVATION_USP)).toBe(0n);
    expect(meanKinetic([[-273.15, 1]])).toBe(-273.15);
  });

  it("agrees with the mean over all temperatures taken relative to the warmest", () => {
    const times = [-20_000, -5_100, 300, 7_900, 8_250, 31_400].map(
      (m, i) => [m, (i + 1) * 17_321] as const,
    );
    const account = new Map(times as [Milli, number][]);
    let aged = 0n;
    let ms = 0;
    for (const [milli, time] of times) {
      aged += BigInt(time) * referenceRate(milli as Milli, ACTIVATION_USP);
      ms += time;
    }
    const mean = temperatureOfAgeing(aged, BigInt(ms), ACTIVATION_USP);
    expect(mean).toBe(meanKineticTemperature(account));
  });

  it.each([
    [5n, 10n, 1n],
    [4n, 10n, 0n],
    [-5n, 10n, 0n],
    [-6n, 10n, -1n],
    [-15n, 10n, -1n],
  ])("rounds %i / %i to %i, halves up", (numerator, denominator, expected) => {
    expect(ratioHalfUp(numerator, denominator)).toBe(expected);
  });
});
