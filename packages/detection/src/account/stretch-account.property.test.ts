import type { DurationMs, EpochMs } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOfRows, gap, limits, moment, rows } from "../testing/arbitrary-columns.ts";
import { accountLaw } from "./account-law.ts";
import { foldColumns } from "./fold-columns.ts";
import { concat, emptyAccount, type StretchAccount } from "./stretch-account.ts";

// More with UB_CASES=100000.
const numRuns = Number(process.env["UB_CASES"] ?? 1_000);

/** Accounts of the stretches between the cuts, each from a history of its own: a truck, then a warehouse. */
const legs = fc
  .tuple(
    fc.array(fc.tuple(rows, limits, gap), { minLength: 3, maxLength: 3 }),
    fc.array(moment, { minLength: 6, maxLength: 6 }),
    fc.boolean(),
  )
  .map(([parts, cuts, adjacent]) => {
    const edges = cuts.sort((a, b) => a - b);
    return parts.map(([list, rules, ms], i) =>
      accountOf(list, rules, ms, edges[adjacent ? i : 2 * i], edges[adjacent ? i + 1 : 2 * i + 1]),
    );
  });

function accountOf(
  list: Parameters<typeof columnsOfRows>[0],
  rules: Parameters<typeof accountLaw>[0]["limits"],
  ms: number,
  from = 0,
  to = 0,
): StretchAccount {
  const law = accountLaw({ limits: rules, gap: ms as DurationMs });
  return foldColumns(columnsOfRows(list), law, {
    from: from as EpochMs,
    to: to as EpochMs,
    asOf: 200 as EpochMs,
  }).account;
}

describe("accounts of stretches that follow each other", () => {
  it("add up to the bit, however they are grouped", () => {
    fc.assert(
      fc.property(legs, ([a = emptyAccount, b = emptyAccount, c = emptyAccount]) => {
        expect(concat(concat(a, b), c)).toEqual(concat(a, concat(b, c)));
      }),
      { numRuns },
    );
  });

  it("are not changed by the account of no time", () => {
    fc.assert(
      fc.property(legs, ([a = emptyAccount]) => {
        expect(concat(a, emptyAccount)).toEqual(a);
        expect(concat(emptyAccount, a)).toEqual(a);
      }),
      { numRuns },
    );
  });

  it("add up to the account of the whole, wherever it is cut", () => {
    fc.assert(
      fc.property(
        rows,
        limits,
        gap,
        fc.array(moment, { minLength: 2, maxLength: 8 }),
        (list, rules, ms, cuts) => {
          const edges = cuts.sort((a, b) => a - b);
          const joined = edges
            .slice(1)
            .map((to, i) => accountOf(list, rules, ms, edges[i], to))
            .reduce(concat, emptyAccount);
          expect(joined).toEqual(accountOf(list, rules, ms, edges[0], edges.at(-1)));
        },
      ),
      { numRuns },
    );
  });

  const law = accountLaw({
    limits: [{ comparison: "gt", limit: 8_000 as never, side: "high" }],
    gap: 30 as DurationMs,
  });
  const warm = (from: number, to: number, milli = 9_000): StretchAccount =>
    foldColumns(columnsOfRows([{ at: from, milli }]), law, {
      from: from as EpochMs,
      to: to as EpochMs,
    }).account;

  it("make one run of one that starts in the truck and goes on in the warehouse", () => {
    const { proven } = concat(warm(0, 20), warm(20, 45));
    expect(proven).toMatchObject({ whole: true, count: 1, longest: { since: 0, until: 45 } });
  });

  it("take what lies between them and nobody told of as unproven", () => {
    const account = concat(warm(0, 20), warm(25, 45));
    expect(account.ms).toMatchObject({ high: 40, unproven: 5 });
    expect(account.proven.count).toBe(2);
    expect(account.possible.longest).toEqual({ since: 0, until: 45 });
  });

  it("cannot overlap", () => {
    expect(() => concat(warm(0, 20), warm(19, 45))).toThrow(RangeError);
  });

  it("cannot be joined if they were summed with different activation energies", () => {
    const other = accountLaw({ limits: [], gap: 30 as DurationMs, activation: 14_300_000n });
    const b = foldColumns(columnsOfRows([{ at: 20, milli: 1 }]), other, {
      from: 20 as EpochMs,
      to: 30 as EpochMs,
    }).account;
    expect(() => concat(warm(0, 20), b)).toThrow("activation");
  });
});
