import { judgeInterval } from "@unbroken/detection";
import { parseProfile, type Sample } from "@unbroken/model";
import { EpochMs, Milli, milliOf } from "@unbroken/units";
import { describe, expect, it } from "vitest";

// Every rule at its exact limit and at its exact hold, by the function behind `unbroken judge`. Standards differ in
// whether the limit itself is still good (WHO PQS E003: heat is above 8 °C, freezing is −0.5 °C and below), so all four
// comparisons count.

type Comparison = "gt" | "ge" | "lt" | "le";
const comparisons: readonly Comparison[] = ["gt", "ge", "lt", "le"];
type Verdict = "intact" | "broken" | "unproven";

const START = Date.UTC(2026, 4, 5, 9);
const MINUTE = 60_000;

/** A temperature from a time on, in ms after START; null: a fault. */
type Row = readonly [ms: number, celsius: number | null];

function judged(
  rules: readonly object[],
  rows: readonly Row[],
  more: object = {},
): Readonly<Record<string, Verdict>> {
  const parsed = parseProfile({ id: "exact", cadence: "PT10M", ...more, rules }, "exact");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const readings = rows.map(([ms, celsius]) => ({
    sensor: "a",
    at: EpochMs(START + ms),
    sample: sampleOf(celsius),
  }));
  const found = judgeInterval({ profile: parsed.profile, readings }).rules;
  return Object.fromEntries(found.map(({ id, verdict }) => [id, verdict]));
}

function sampleOf(celsius: number | null): Sample {
  if (celsius === null) return { kind: "fault", fault: "absent" };
  return { kind: "value", milli: milliOf(celsius) ?? Milli(Number.NaN) };
}

/** One rule for each comparison. Low ones do not decide, for no value is kept by both `ge 8` and `le 8`. */
function each(name: string, rule: object): readonly object[] {
  return comparisons.map((cmp) => ({
    id: `${name}.${cmp}`,
    cmp,
    limit: 8,
    severity: cmp.startsWith("g") ? "break" : "excursion",
    ...rule,
  }));
}

function constant(celsius: number): readonly Row[] {
  return Array.from({ length: 13 }, (_, i) => [i * 10 * MINUTE, celsius]);
}

const modes = {
  instant: { mode: "instant" },
  "instant with debounce": { mode: "instant", debounce: "PT10M" },
  consecutive: { mode: "consecutive", hold: "PT60M" },
  cumulative: { mode: "cumulative", hold: "PT60M" },
  exposure: { mode: "exposure", hold: "PT60M" },
  "window of the mean": { mode: "window", quantity: "air", scope: "PT60M" },
} as const;

const breaks: Readonly<Record<string, readonly Comparison[]>> = {
  "7.999": ["lt", "le"],
  "8": ["ge", "le"],
  "8.001": ["gt", "ge"],
};

describe("a rule at its exact limit of 8 °C", () => {
  const names = Object.keys(modes) as (keyof typeof modes)[];
  const idOf = (name: string): string => name.replaceAll(" ", "-");
  const rules = names.flatMap((name) => each(idOf(name), modes[name]));

  it.each(["7.999", "8", "8.001"])("%s °C breaks what it breaks in every mode", (celsius) => {
    const found = judged(rules, constant(Number(celsius)));
    const expected = names.flatMap((name) =>
      comparisons.map((cmp) => [
        `${idOf(name)}.${cmp}`,
        breaks[celsius]?.includes(cmp) === true ? "broken" : "intact",
      ]),
    );
    expect(found).toEqual(Object.fromEntries(expected));
  });

  it.each([
    [7.999, "intact", "intact"],
    [8, "intact", "broken"],
    [8.001, "broken", "broken"],
  ] as const)(
    "the mean kinetic temperature of nothing but %s °C is that: gt %s, ge %s",
    (celsius, gt, ge) => {
      const mkt = { mode: "window", quantity: "mkt", scope: "PT60M" };
      const rules = each("mkt", mkt).slice(0, 2);
      expect(judged(rules, constant(celsius))).toEqual({ "mkt.gt": gt, "mkt.ge": ge });
    },
  );

  it.each([
    [2.999, "intact", "intact"],
    [3, "intact", "broken"],
    [3.001, "broken", "broken"],
  ] as const)(
    "a rise and a fall by %s K where 3 K are allowed: beyond %s, from there on %s",
    (by, beyond, from) => {
      const rule = (id: string, cmp: Comparison, limit: number): object => ({
        ...{ id, cmp, limit, mode: "rise", quantity: "air", scope: "PT60M" },
      });
      const rules = [
        rule("gt", "gt", 3),
        rule("ge", "ge", 3),
        rule("lt", "lt", -3),
        rule("le", "le", -3),
      ];
      const change = (by: number): readonly Row[] =>
        constant(5).map(([ms], i) => [ms, i < 6 ? 5 : Math.round((5 + by) * 1_000) / 1_000]);
      const rise = judged(rules, change(by));
      const fall = judged(rules, change(-by));
      expect(rise).toEqual({ gt: beyond, ge: from, lt: "intact", le: "intact" });
      expect(fall).toEqual({ gt: "intact", ge: "intact", lt: beyond, le: from });
    },
  );
});

describe("a rule at its exact hold of 30 minutes", () => {
  const holds = [
    { id: "consecutive", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT30M" },
    { id: "cumulative", cmp: "gt", limit: 8, mode: "cumulative", hold: "PT30M" },
    { id: "exposure", cmp: "gt", limit: 8, mode: "exposure", hold: "PT30M" },
    { id: "instant", cmp: "gt", limit: 8, mode: "instant", debounce: "PT30M" },
  ];
  const all = (verdict: Verdict): Readonly<Record<string, Verdict>> =>
    Object.fromEntries(holds.map(({ id }) => [id, verdict]));
  const out = (ms: number): readonly Row[] => [
    [0, 5],
    [20 * MINUTE, 9],
    [40 * MINUTE, 9],
    [20 * MINUTE + ms, 5],
    [70 * MINUTE, 5],
  ];

  it.each([
    [30 * MINUTE - 1, "intact"],
    [30 * MINUTE, "broken"],
    [30 * MINUTE + 1, "broken"],
  ] as const)("out for %i ms is %s in every timed mode", (ms, verdict) => {
    expect(judged(holds, out(ms))).toEqual(all(verdict));
  });

  it.each([
    [30 * MINUTE - 1, "intact"],
    [30 * MINUTE, "unproven"],
    [30 * MINUTE + 1, "unproven"],
  ] as const)("without a value for %i ms is %s in every timed mode", (ms, verdict) => {
    const rows = out(ms).map(([at, celsius]): Row => [at, celsius === 9 ? null : celsius]);
    expect(judged(holds, rows)).toEqual(all(verdict));
  });

  it.each([
    [25 * MINUTE, "intact"],
    [25 * MINUTE + 1, "unproven"],
  ] as const)("a silence of %i ms, where 25 minutes are no gap, is %s", (ms, verdict) => {
    const rule = { id: "short", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT25M" };
    const rows: readonly Row[] = [
      [0, 5],
      [ms, 5],
      [ms + 10 * MINUTE, 5],
    ];
    expect(judged([rule], rows)).toEqual({ short: verdict });
  });
});

describe("a band of ± 0.5 K round 8 °C", () => {
  it.each([
    [7.499, { gt: "intact", ge: "intact" }],
    [7.5, { gt: "intact", ge: "unproven" }],
    [7.501, { gt: "unproven", ge: "unproven" }],
    [8.499, { gt: "unproven", ge: "unproven" }],
    [8.5, { gt: "unproven", ge: "broken" }],
    [8.501, { gt: "broken", ge: "broken" }],
  ] as const)("%s °C", (celsius, verdicts) => {
    const rules = each("x", { mode: "instant" })
      .slice(0, 2)
      .map((rule, i) => ({ ...rule, id: comparisons[i] }));
    expect(judged(rules, constant(celsius), { accuracy: 0.5 })).toEqual(verdicts);
  });
});
