import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addTemperature, meanKineticTemperature, meanTemperature } from "./index.ts";

const CASES = Number(process.env["UB_CASES"] ?? 1_000);

function accountOf(rows: readonly (readonly [celsius: number, weight: number])[]) {
  const account = new Map<Milli, number>();
  for (const [celsius, weight] of rows)
    addTemperature(account, Milli(Math.round(celsius * 1_000)), weight);
  return account;
}

describe("mean kinetic temperature, USP ⟨1079.2⟩ with ΔH 83.144 kJ/mol", () => {
  it.each<[string, (readonly [number, number])[], string]>([
    [
      "equal time at 2 and 8 °C",
      [
        [2, 1],
        [8, 1],
      ],
      "5.5364",
    ],
    [
      "23 h at 5, 1 h at 15",
      [
        [5, 23],
        [15, 1],
      ],
      "5.7635",
    ],
    [
      "16 h at 5, 8 h at 12: above 8 although the mean is 7.33",
      [
        [5, 16],
        [12, 8],
      ],
      "8.0257",
    ],
    [
      "717 h at 22, 3 h at 29",
      [
        [22, 717],
        [29, 3],
      ],
      "22.0432",
    ],
    [
      "24 d at 24, 6 d at 30",
      [
        [24, 24],
        [30, 6],
      ],
      "25.5388",
    ],
    [
      "twelve months",
      [20, 20, 21, 22, 23, 25, 27, 27, 25, 23, 21, 20].map((c) => [c, 1]),
      "23.1811",
    ],
    ["one temperature is its own", [[-196, 7]], "-196.0000"],
    [
      "absolute zero adds nothing but time",
      [
        [-273.15, 1],
        [25, 1],
      ],
      "18.9631",
    ],
  ])("%s", (_, rows, expected) => {
    const mkt = meanKineticTemperature(accountOf(rows));
    expect(((mkt ?? NaN) / 1e4).toFixed(4)).toBe(expected);
  });

  it("is null when nothing is proven", () => {
    expect(meanKineticTemperature(new Map())).toBeNull();
    expect(meanTemperature(new Map())).toBeNull();
  });

  it("agrees with floating point, lies between mean and maximum, and does not depend on order", () => {
    const row = fc.tuple(fc.integer({ min: -90, max: 60 }), fc.integer({ min: 1, max: 1e9 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const mkt = meanKineticTemperature(accountOf(rows)) ?? NaN;
        const mean = meanTemperature(accountOf(rows)) ?? NaN;
        expect(mkt).toBeGreaterThanOrEqual(mean);
        expect(mkt).toBeLessThanOrEqual(Math.max(...rows.map(([c]) => c)) * 1e4);
        expect(meanKineticTemperature(accountOf(rows.toReversed()))).toBe(mkt);
        expect(Math.abs(mkt / 1e4 - floatingMkt(rows))).toBeLessThan(0.500_01e-4);
      }),
      { numRuns: CASES },
    );
  });
});

/** The formula as it is printed, in doubles. */
function floatingMkt(rows: readonly (readonly [number, number])[]): number {
  const total = rows.reduce((sum, [, weight]) => sum + weight, 0);
  const rates = rows.map(([c, weight]) => (weight / total) * Math.exp(-10_000 / (c + 273.15)));
  return 10_000 / -Math.log(rates.reduce((a, b) => a + b, 0)) - 273.15;
}

interface Published {
  readonly activation_energy_kJ_per_mol: number;
  readonly gas_constant?: number;
  readonly segments?: readonly { readonly c: number; readonly hours: number }[];
  readonly samples_c?: readonly number[];
  readonly expected: { readonly mkt_c: number };
}

const REFERENCE = new URL("../../../../shared/fixtures/reference/", import.meta.url);

describe.runIf(existsSync(REFERENCE))(
  "published figures (run where the fixtures are at hand)",
  () => {
    const files = existsSync(REFERENCE)
      ? readdirSync(REFERENCE).filter((name) => /^mkt-.*\.json$/.test(name))
      : [];
    it.each(files)("%s", (name) => {
      const text = readFileSync(new URL(name, REFERENCE), "utf8");
      const published = JSON.parse(text) as Published;
      if (!("segments" in published) && !("samples_c" in published)) return;
      const rows =
        published.segments?.map(({ c, hours }) => [c, hours] as const) ??
        published.samples_c?.map((c) => [c, 1] as const) ??
        [];
      const kelvin = published.activation_energy_kJ_per_mol / (published.gas_constant ?? 0.0083144);
      const mkt = meanKineticTemperature(accountOf(rows), BigInt(Math.round(kelvin * 1_000)));
      // Printed to one place, some of them cut and not rounded.
      expect(Math.abs((mkt ?? NaN) / 1e4 - published.expected.mkt_c)).toBeLessThan(0.1);
    });
  },
);
