import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOut, type Limit } from "../evidence.ts";
import { meanKineticTemperature, meanTemperature } from "../temperature-account.ts";
import { columnsOfRows, gap, limits, rows, spans } from "../testing/arbitrary-columns.ts";
import { meanKineticOf, meanOf } from "./account-figures.ts";
import { accountLaw } from "./account-law.ts";
import { foldColumns, type Span } from "./fold-columns.ts";
import { FAULT } from "./sensor-columns.ts";

// More with UB_CASES=100000.
const numRuns = Number(process.env["UB_CASES"] ?? 1_000);

interface Row {
  readonly at: number;
  readonly milli: number;
}

/** What is to be seen at one moment: `instant` if something was measured just then. */
interface Look {
  readonly class: "in" | "high" | "low" | "unproven";
  readonly values: readonly number[];
  readonly heat: number | null;
}

/** Looks at one moment as a person would who has the list of readings and the rules in hand. */
function lookAt(
  moment: number,
  list: readonly Row[],
  rules: readonly Limit[],
  gapMs: number,
  asOf: number,
  within: boolean,
): Look {
  const known = list.filter(({ at }) => at < asOf);
  const before = known.filter(({ at }) => at <= moment).map(({ at }) => at);
  const after = known.filter(({ at }) => at > moment).map(({ at }) => at);
  const nothing: Look = { class: "unproven", values: [], heat: null };
  if (before.length === 0) return nothing;
  const last = Math.max(...before);
  const holds = Math.min(asOf, ...after) - last <= gapMs;
  if (!holds && !(last === moment && !within)) return nothing;
  const here = known.filter(({ at }) => at === last).map(({ milli }) => milli);
  const values = here.filter((milli) => milli !== FAULT);
  const out = (side: string): boolean =>
    rules.some((rule) => rule.side === side && values.some((v) => isOut(rule, v as Milli)));
  const fault = here.includes(FAULT);
  return {
    class: out("high") ? "high" : out("low") ? "low" : fault ? "unproven" : "in",
    values,
    heat: fault || values.length === 0 ? null : Math.max(...values),
  };
}

/** Moment by moment, with no state but lists. */
function naive(list: readonly Row[], rules: readonly Limit[], gapMs: number, span: Required<Span>) {
  const ms = { in: 0, high: 0, low: 0, unproven: 0, off: 0 };
  const heat = new Map<Milli, number>();
  const looks: { at: number; class: string; ms: number }[] = [];
  const seen: { value: number; at: number }[] = [];
  const peaks: { value: number; excess: number; at: number }[] = [];
  let above = 0;
  let below = 0;
  const strict = (side: string): number[] =>
    rules.filter((r) => r.side === side).map((r) => r.limit);
  for (let at: number = span.from; at < span.to; at += 1) {
    const now = lookAt(at, list, rules, gapMs, span.asOf, false);
    const then = lookAt(at, list, rules, gapMs, span.asOf, true);
    looks.push({ at, class: now.class, ms: 0 }, { at, class: then.class, ms: 1 });
    if (now.class === "high") {
      const value = Math.max(...now.values);
      peaks.push({ value, excess: value - Math.min(...strict("high")), at });
    }
    if (now.class === "low") {
      const value = Math.min(...now.values);
      peaks.push({ value, excess: Math.max(...strict("low")) - value, at });
    }
    seen.push(...now.values.map((value) => ({ value, at })));
    ms[then.class] += 1;
    if (then.heat !== null) heat.set(then.heat as Milli, (heat.get(then.heat as Milli) ?? 0) + 1);
    if (then.class === "high") above += Math.max(...then.values) - Math.min(...strict("high"));
    if (then.class === "low") below += Math.max(...strict("low")) - Math.min(...then.values);
  }
  const spells = (classes: readonly string[]): { since: number; until: number }[] => {
    const found: { since: number; until: number }[] = [];
    let open = false;
    for (const look of looks) {
      const last = found.at(-1);
      if (!classes.includes(look.class)) open = false;
      else if (open && last !== undefined) last.until = look.at + look.ms;
      else {
        found.push({ since: look.at, until: look.at + look.ms });
        open = true;
      }
    }
    return found;
  };
  const instants = new Set(list.filter(({ milli }) => milli !== FAULT).map(({ at }) => at));
  return {
    ms,
    heat,
    above: BigInt(above),
    below: BigInt(below),
    peaks,
    proven: spells(["high", "low"]),
    possible: spells(["high", "low", "unproven"]),
    highest: best(seen, ({ value }) => value),
    lowest: best(seen, ({ value }) => -value),
    readings: [...instants].filter((at) => at >= span.from && at < span.to).length,
  };
}

/** The one of the highest score; of several the first. */
function best<T>(list: readonly T[], score: (item: T) => number): T | undefined {
  const most = Math.max(...list.map(score));
  return list.find((item) => score(item) === most);
}

const longestOf = (spells: readonly { since: number; until: number }[]) =>
  best(spells, ({ since, until }) => until - since);

const asLaw = (rules: readonly Limit[], ms: number) =>
  accountLaw({ limits: rules, gap: ms as DurationMs });

describe("a fold of columns", () => {
  it("says what a look at every single moment says, whatever the order of the rows", () => {
    fc.assert(
      fc.property(rows, limits, gap, spans, (list, rules, gapMs, span) => {
        const { account, runs } = foldColumns(columnsOfRows(list), asLaw(rules, gapMs), span);
        const expected = naive(list, rules, gapMs, span);
        expect(account.ms).toEqual(expected.ms);
        expect(account.aboveMilliMs).toBe(expected.above);
        expect(account.belowMilliMs).toBe(expected.below);
        expect(runs.map(({ since, until }) => ({ since, until }))).toEqual(expected.proven);
        for (const { since, until, peak } of runs) {
          const peaks = expected.peaks.filter(({ at }) => at >= since && at <= until);
          const furthest = best(peaks, ({ excess }) => excess);
          expect([peak?.value, peak?.at]).toEqual([furthest?.value, furthest?.at]);
        }
        expect(account.proven.count).toBe(expected.proven.length);
        expect(account.possible.count).toBe(expected.possible.length);
        expect(account.proven.longest).toEqual(longestOf(expected.proven) ?? null);
        expect(account.possible.longest).toEqual(longestOf(expected.possible) ?? null);
        const first = expected.proven[0]?.since === span.from ? expected.proven[0].until : null;
        expect(account.proven.leadUntil).toBe(first);
        const last = expected.possible.at(-1);
        expect(account.possible.tailSince).toBe(last?.until === span.to ? last.since : null);
        expect(account.highest?.value).toBe(expected.highest?.value);
        expect(account.highest?.at).toBe(expected.highest?.at);
        expect(account.lowest?.value).toBe(expected.lowest?.value);
        expect(account.lowest?.at).toBe(expected.lowest?.at);
        expect(account.readings).toBe(expected.readings);
        expect(meanOf(account)).toBe(meanTemperature(expected.heat));
        expect(meanKineticOf(account)).toBe(meanKineticTemperature(expected.heat));
      }),
      { numRuns },
    );
  });

  it("takes a value inside the band round a limit as no proof of either", () => {
    const law = accountLaw({
      limits: [
        { comparison: "gt", limit: 8_000 as Milli, side: "high" },
        { comparison: "le", limit: 2_000 as Milli, side: "low" },
      ],
      gap: 60_000 as DurationMs,
      accuracy: 500 as Milli,
    });
    const values = [7_500, 7_501, 8_500, 8_501, 2_501, 2_500, 1_501, 1_500];
    const columns = columnsOfRows(values.map((milli, i) => ({ at: i * 1_000, milli })));
    const { account } = foldColumns(columns, law, {
      from: 0 as EpochMs,
      to: 8_000 as EpochMs,
    });
    expect(account.ms).toEqual({ in: 2_000, unproven: 4_000, high: 1_000, low: 1_000, off: 0 });
  });

  it("keeps sums exact that no double could hold", () => {
    const law = asLaw([{ comparison: "gt", limit: 8_000 as Milli, side: "high" }], 1e12);
    const columns = columnsOfRows([
      { at: 0, milli: 999_999 },
      { at: 99_999_999_999, milli: 3 },
    ]);
    const { account } = foldColumns(columns, law, {
      from: 0 as EpochMs,
      to: 100_000_000_000 as EpochMs,
    });
    expect(account.valueMilliMs).toBe(999_999n * 99_999_999_999n + 3n);
    expect(account.aboveMilliMs).toBe(991_999n * 99_999_999_999n);
  });

  it.each([
    ["that ends before it begins", { from: 2, to: 1 }],
    ["that is not over yet", { from: 1, to: 3, asOf: 2 }],
  ])("refuses a stretch %s", (_, span) => {
    const law = asLaw([], 1);
    expect(() => foldColumns(columnsOfRows([]), law, span as Span)).toThrow(RangeError);
  });
});
