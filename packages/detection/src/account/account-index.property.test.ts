import type { DurationMs, EpochMs } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOfRows, limits, spans as shortSpans } from "../testing/arbitrary-columns.ts";
import { decodeAccount, encodeAccount, type StretchAccountJson } from "./account-json.ts";
import { accountLaw } from "./account-law.ts";
import { AccountIndex } from "./account-index.ts";
import { foldColumns } from "./fold-columns.ts";
import { FAULT } from "./sensor-columns.ts";

// More with UB_CASES=100000.
const numRuns = Number(process.env["UB_CASES"] ?? 300);

interface Row {
  readonly at: number;
  readonly milli: number;
}

const value = fc.constantFrom(FAULT, 1_999, 2_000, 5_000, 5_100, 8_000, 8_001, 9_000);

/** Far more readings than a leaf holds, of one cadence with some missing, and strays far away on either side. */
const history = fc
  .tuple(
    fc.integer({ min: -3_000, max: 3_000 }),
    fc.integer({ min: 1, max: 7 }),
    fc.array(fc.option(value), { minLength: 200, maxLength: 900 }),
    fc.array(fc.record({ at: fc.integer({ min: -2e6, max: 8.6e15 }), milli: value }), {
      maxLength: 3,
    }),
  )
  .map(([start, cadence, values, strays]): Row[] => [
    ...values.flatMap((milli, i) => (milli === null ? [] : [{ at: start + i * cadence, milli }])),
    ...strays,
  ]);

const late = fc.array(
  fc.array(fc.record({ at: fc.integer({ min: -3_500, max: 9_500 }), milli: value }), {
    minLength: 1,
    maxLength: 5,
  }),
  { maxLength: 12 },
);

const moment = fc.integer({ min: -4_000, max: 10_000 });
const spans = fc.oneof(
  { weight: 1, arbitrary: shortSpans },
  {
    weight: 4,
    arbitrary: fc.tuple(moment, moment, fc.constantFrom(0, 3, 50, 1e15)).map(([a, b, later]) => ({
      from: Math.min(a, b) as EpochMs,
      to: Math.max(a, b) as EpochMs,
      asOf: (Math.max(a, b) + later) as EpochMs,
    })),
  },
);
const gap = fc.integer({ min: 1, max: 20 }).map((ms) => ms as DurationMs);

describe("an index of accounts", () => {
  it("says of any stretch what a fold of it says, to the bit, whatever came late", () => {
    fc.assert(
      fc.property(
        fc.tuple(history, late, limits, gap),
        fc.array(spans, { minLength: 3, maxLength: 3 }),
        ([first, batches, rules, ms], questions) => {
          const law = accountLaw({ limits: rules, gap: ms });
          let index = AccountIndex.ofColumns(columnsOfRows(first), law);
          const all = [...first];
          for (const batch of batches) {
            index = index.with(columnsOfRows(batch));
            all.push(...batch);
          }
          for (const span of questions)
            expect(index.query(span)).toEqual(foldColumns(columnsOfRows(all), law, span).account);
        },
      ),
      { numRuns },
    );
  });

  it("says of any stretch what a fold of it says, whatever was replaced", () => {
    const replacements = fc.array(fc.tuple(moment, moment, late), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.tuple(history, replacements, limits, gap),
        spans,
        ([first, changes, rules, ms], span) => {
          const law = accountLaw({ limits: rules, gap: ms });
          let index = AccountIndex.ofColumns(columnsOfRows(first), law);
          let all = [...first];
          for (const [a, b, batches] of changes) {
            const [from, to] = [Math.min(a, b), Math.max(a, b)];
            const fresh = batches.flat();
            index = index.replace(from as EpochMs, to as EpochMs, columnsOfRows(fresh));
            all = [...all.filter(({ at }) => at < from || at >= to), ...fresh];
          }
          expect(index.query(span)).toEqual(foldColumns(columnsOfRows(all), law, span).account);
        },
      ),
      { numRuns },
    );
  });

  const law = accountLaw({ limits: [], gap: 10 as DurationMs });

  it("keeps what was known when late readings make another", () => {
    const before = AccountIndex.ofColumns(columnsOfRows([{ at: 0, milli: 5_000 }]), law);
    const span = { from: 0 as EpochMs, to: 10 as EpochMs };
    const known = before.query(span);
    const after = before.with(columnsOfRows([{ at: 5, milli: 7_000 }]));
    expect(before.query(span)).toEqual(known);
    expect(after.query(span).highest?.value).toBe(7_000);
  });

  it("knows nothing of a sensor that was never heard", () => {
    const account = AccountIndex.ofColumns(columnsOfRows([]), law).query({
      from: 0 as EpochMs,
      to: 10 as EpochMs,
    });
    expect(account.ms.unproven).toBe(10);
    expect(account.possible.whole).toBe(true);
  });

  it("gives accounts that survive being stored", () => {
    fc.assert(
      fc.property(history, limits, spans, (rows, rules, span) => {
        const own = accountLaw({ limits: rules, gap: 9 as DurationMs });
        const account = AccountIndex.ofColumns(columnsOfRows(rows), own).query(span);
        const text = JSON.stringify(encodeAccount(account));
        expect(decodeAccount(JSON.parse(text) as StretchAccountJson)).toEqual(account);
      }),
      { numRuns: 50 },
    );
  });
});
