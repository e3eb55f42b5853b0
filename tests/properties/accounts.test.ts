import {
  FAULT,
  accountLaw,
  concat,
  decodeAccount,
  emptyAccount,
  encodeAccount,
  foldColumns,
  type SensorColumns,
  type StretchAccount,
} from "@unbroken/detection";
import { DurationMs, EpochMs, Milli, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settings } from "./cases.ts";

// Accounts of stretches of time are a monoid: joined in any grouping they are the same to the bit, so that any interval
// can be answered from stretches that were accounted before.

const START = Date.UTC(2026, 0, 5);
const LENGTH = 90 * MINUTE;

const law = accountLaw({
  limits: [
    { comparison: "gt", limit: Milli(8_000), side: "high" },
    { comparison: "le", limit: Milli(2_000), side: "low" },
  ],
  gap: DurationMs(5 * MINUTE),
});

const value = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(1_999, 2_000, 2_001, 5_000, 7_999, 8_000, 8_001, 14_321),
  },
  { weight: 2, arbitrary: fc.integer({ min: -40_000, max: 60_000 }) },
  { weight: 1, arbitrary: fc.constant(FAULT) },
);
const moment = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 90 }).map((m) => m * MINUTE) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: LENGTH }) },
);
const columns = fc.array(fc.tuple(moment, value), { maxLength: 60 }).map((rows): SensorColumns => ({
  sensor: "a",
  at: Float64Array.from(rows, ([at]) => START + at),
  milli: Int32Array.from(rows, ([, milli]) => milli),
}));
const cuts = fc.array(moment, { minLength: 1, maxLength: 8 });

function stretchesOf(columns: SensorColumns, cuts: readonly number[]): readonly StretchAccount[] {
  const edges = [...new Set([0, ...cuts, LENGTH])].sort((a, b) => a - b);
  return edges.slice(1).map((to, i) => accountOf(columns, edges[i] ?? 0, to));
}

function accountOf(columns: SensorColumns, from: number, to: number): StretchAccount {
  const asOf = EpochMs(START + LENGTH);
  return foldColumns(columns, law, { from: EpochMs(START + from), to: EpochMs(START + to), asOf })
    .account;
}

/** Every grouping of a list, by where it is parted first. */
function joined(accounts: readonly StretchAccount[], where: readonly number[]): StretchAccount {
  const [first] = accounts;
  if (first === undefined) return emptyAccount;
  if (accounts.length === 1) return first;
  const [part = 0, ...rest] = where;
  const cut = 1 + (part % (accounts.length - 1));
  return concat(joined(accounts.slice(0, cut), rest), joined(accounts.slice(cut), rest));
}

describe("accounts of stretches of time", () => {
  it("are the account of the whole, however time is cut and however the pieces are grouped", () => {
    fc.assert(
      fc.property(columns, cuts, fc.array(fc.nat(), { maxLength: 8 }), (columns, cuts, where) => {
        expect(joined(stretchesOf(columns, cuts), where)).toEqual(accountOf(columns, 0, LENGTH));
      }),
      settings(400),
    );
  });

  it("are associative to the bit, as bytes too", () => {
    fc.assert(
      fc.property(columns, fc.tuple(moment, moment), (columns, cuts) => {
        const [a = emptyAccount, b = emptyAccount, c = emptyAccount] = stretchesOf(columns, cuts);
        const left = concat(concat(a, b), c);
        const right = concat(a, concat(b, c));
        expect(left).toEqual(right);
        expect(JSON.stringify(encodeAccount(left))).toBe(JSON.stringify(encodeAccount(right)));
      }),
      settings(400),
    );
  });

  it("are not changed by the account of no time, on either side, nor by being stored", () => {
    fc.assert(
      fc.property(columns, moment, (columns, to) => {
        const account = accountOf(columns, 0, to);
        expect(concat(emptyAccount, account)).toEqual(account);
        expect(concat(account, emptyAccount)).toEqual(account);
        const stored = JSON.stringify(encodeAccount(account));
        expect(decodeAccount(JSON.parse(stored) as ReturnType<typeof encodeAccount>)).toEqual(
          account,
        );
      }),
      settings(400),
    );
  });

  it("account for the whole time, and never prove more than is possible", () => {
    fc.assert(
      fc.property(columns, moment, moment, (columns, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { ms, proven, possible } = accountOf(columns, from, to);
        expect(Object.values(ms).reduce((sum, each) => sum + each, 0)).toBe(to - from);
        const lengthOf = (run: typeof proven.longest): number =>
          run === null ? 0 : run.until - run.since;
        expect(lengthOf(proven.longest)).toBeLessThanOrEqual(lengthOf(possible.longest));
      }),
      settings(400),
    );
  });
});
