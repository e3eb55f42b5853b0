import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ACTIVATION_USP,
  addTemperature,
  advanceProduct,
  measuredAir,
  meanKineticTemperature,
  meanTemperature,
  percentOf,
  proposeThermal,
  shareUsed,
  spoilageOf,
  spoilageOfProduct,
  timeToLimit,
  untouchedProduct,
  rateOf,
} from "@unbroken/detection";
import { ProductDocument, SpoilageDocument, productOf } from "@unbroken/model";
import { DAY, DurationMs, EpochMs, Milli, MINUTE } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { haveRecordings, householdFridgeRows } from "./recordings.ts";

// Figures that others published, beside what the judge computes. Run where the fixtures are at hand.

const FOLDER = join(
  process.env["UNBROKEN_FIXTURES"] ??
    fileURLToPath(new URL("../../../shared/fixtures", import.meta.url)),
  "reference",
);

const haveReference = existsSync(FOLDER);

if (!haveReference)
  process.stderr.write(
    "published figures are not here, so nothing is compared with them; UNBROKEN_FIXTURES names their folder\n",
  );

function published(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
}

interface VvmFile {
  readonly input: {
    readonly temperature_c: number;
    readonly interval_s: number;
    readonly n: number;
  };
  readonly expected: {
    readonly k_per_day: Readonly<Record<string, number>>;
    readonly percent_lost_per_interval: Readonly<Record<string, number>>;
    readonly cumulative_percent_VVM2_after_288: number;
  };
  readonly tolerance_relative: number;
}

interface Q10File {
  readonly cases: readonly {
    readonly q10: number;
    readonly t_ref_c: number;
    readonly life_ref_years: number;
    readonly t_c: number;
    readonly expected_years: number;
  }[];
}

const ONE = 2 ** 96;
const milli = (celsius: number): Milli => Milli(Math.round(celsius * 1_000));

describe.runIf(haveReference)("vaccine vial monitors", () => {
  const types = ["VVM2", "VVM7", "VVM14", "VVM30"];

  it.each(types)("%s loses as much in a day and in ten minutes as published", (type) => {
    const { input, expected, tolerance_relative } = published("vvm-life-lost.json") as VvmFile;
    const spoilage = spoilageOf(SpoilageDocument.parse({ model: "vvm", type }));
    const perMs = Number(rateOf(spoilage, milli(input.temperature_c))) / ONE;
    const off = (found: number, figure: number | undefined): number =>
      Math.abs(found / (figure ?? NaN) - 1);
    expect(off(perMs * DAY, expected.k_per_day[type])).toBeLessThan(tolerance_relative);
    expect(
      off(perMs * input.interval_s * 1e5, expected.percent_lost_per_interval[type]),
    ).toBeLessThan(tolerance_relative);
  });

  it("a VVM2 has lost what is published after two days of readings", () => {
    const { input, expected } = published("vvm-life-lost.json") as VvmFile;
    const goods = productOf(ProductDocument.parse({ spoilage: { model: "vvm", type: "VVM2" } }));
    let state = untouchedProduct;
    for (let i = 0; i < input.n; i += 1) {
      const air = measuredAir(milli(input.temperature_c));
      state = advanceProduct(goods, state, air, DurationMs(input.interval_s * 1_000));
    }
    const spoilage = spoilageOfProduct(goods);
    if (spoilage === null) throw new Error("no model");
    const percent = percentOf(shareUsed(spoilage, state.life).likely) / 1_000;
    expect(percent).toBeCloseTo(expected.cumulative_percent_VVM2_after_288, 2);
  });
});

it.runIf(haveReference)("the worked examples of Q10", () => {
  const { cases } = published("q10-food-can.json") as Q10File;
  expect(cases.length).toBeGreaterThan(0);
  for (const { q10, t_ref_c, life_ref_years, t_c, expected_years } of cases) {
    const document = { model: "q10", q10, reference_c: t_ref_c, life: `P${life_ref_years * 365}D` };
    const spoilage = spoilageOf(SpoilageDocument.parse(document));
    const years = ONE / Number(rateOf(spoilage, milli(t_c))) / DAY / 365;
    expect(Math.abs(years / expected_years - 1)).toBeLessThan(1e-9);
  }
});

describe.runIf(haveReference)("mean kinetic temperature", () => {
  interface MktFile {
    readonly activation_energy_kJ_per_mol: number;
    readonly gas_constant: number;
    readonly segments: readonly { readonly c: number; readonly hours: number }[];
    readonly expected: { readonly mkt_c: number };
    readonly tolerance_c: number;
    readonly known_wrong_value: { readonly value_c: number };
  }

  it("weighs by time, and is not the figure that a calculator published below the mean", () => {
    const file = published("mkt-three-places.json") as MktFile;
    const account = new Map<Milli, number>();
    for (const { c, hours } of file.segments) addTemperature(account, milli(c), hours);
    const activation = Math.round((file.activation_energy_kJ_per_mol / file.gas_constant) * 1_000);
    const mkt = (meanKineticTemperature(account, BigInt(activation)) ?? NaN) / 1e4;
    expect(Math.abs(mkt - file.expected.mkt_c)).toBeLessThan(file.tolerance_c);
    expect(mkt).toBeGreaterThan((meanTemperature(account) ?? NaN) / 1e4);
    expect(file.known_wrong_value.value_c).toBeLessThan((meanTemperature(account) ?? NaN) / 1e4);
  });

  it("rises with the activation energy, and of one temperature is that temperature", () => {
    const account = new Map<Milli, number>([
      [milli(2), 1],
      [milli(8), 1],
    ]);
    const less = meanKineticTemperature(account, ACTIVATION_USP / 2n) ?? NaN;
    expect(meanKineticTemperature(account) ?? NaN).toBeGreaterThan(less);
    expect(meanKineticTemperature(new Map([[milli(5), 4]]))).toBe(50_000);
  });
});

describe.runIf(haveRecordings)(
  "a household fridge that cycles between 0.4 and 3.9 °C for a day",
  () => {
    // What a suite holds is made even where the suite is not run.
    const rows = haveRecordings ? householdFridgeRows() : [];
    const readings = rows.map(({ at, celsius }) => ({
      at: EpochMs(at),
      milli: milli(celsius),
    }));
    const forecasts = readings.map((reading, i) =>
      timeToLimit({
        readings: readings.slice(0, i + 1),
        asOf: reading.at,
        limit: { comparison: "gt", limit: milli(8), side: "high" },
        resolution: Milli(10),
      }),
    );

    it("is never said to be above 8 °C for sure at any time", () => {
      expect(forecasts.length).toBeGreaterThan(300);
      const sure = forecasts.filter((f) => f.kind === "forecast" && f.high !== null);
      expect(sure).toEqual([]);
    });

    it("is never said to be there within half an hour", () => {
      const soon = forecasts.filter((f) => f.kind === "forecast" && f.low < 30 * MINUTE);
      expect(soon).toEqual([]);
    });

    it("as a whole is no warming that a time constant could be proposed from", () => {
      expect(proposeThermal(readings)).toMatchObject({ kind: "none" });
    });
  },
);
