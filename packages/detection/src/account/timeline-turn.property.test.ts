import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOfRows, gap, limits, rows, spans } from "../testing/arbitrary-columns.ts";
import { AccountIndex } from "./account-index.ts";
import { accountLaw } from "./account-law.ts";
import { combinedTurns } from "./combined-turns.ts";
import { foldColumns } from "./fold-columns.ts";
import type { AccountClass } from "./stretch-account.ts";
import { foldTimeline, type TimelineTurn } from "./timeline-turn.ts";

// More with UB_CASES=100000.
const numRuns = Number(process.env["UB_CASES"] ?? 1_000);

const laws = fc
  .tuple(limits, gap, fc.constantFrom(0, 1, 500))
  .map(([rules, ms, accuracy]) =>
    accountLaw({ limits: rules, gap: ms as DurationMs, accuracy: accuracy as Milli }),
  );

const classes: readonly AccountClass[] = ["in", "high", "low", "unproven", "off"];
/** More moments than a leaf of an index holds. */
const wide = fc.integer({ min: -300, max: 900 });
const turns = fc.array(
  fc
    .record({ from: wide, class: fc.constantFrom(...classes), value: fc.nat(9_000) })
    .map(({ from, class: shown, value }): TimelineTurn => {
      const extreme = { value: value as Milli, at: (from - 3) as EpochMs, sensor: "a" };
      const proven = shown !== "unproven" && shown !== "off";
      return {
        from: from as EpochMs,
        class: shown,
        highest: proven ? extreme : null,
        lowest: proven ? extreme : null,
        values: proven ? [extreme.value] : [],
        readings: value % 3,
      };
    }),
  { maxLength: 250, size: "max" },
);

describe("the account of a timeline", () => {
  it("is that of the sensor where there is but one, to the bit", () => {
    fc.assert(
      fc.property(rows, laws, spans, (list, law, span) => {
        const columns = columnsOfRows(list);
        const together = combinedTurns([columns], law, span.asOf);
        expect(foldTimeline(together, law, span)).toEqual(foldColumns(columns, law, span));
      }),
      { numRuns },
    );
  });

  it("is the same however the sensors are listed", () => {
    fc.assert(
      fc.property(rows, rows, laws, spans, (a, b, law, span) => {
        const [one, two] = [columnsOfRows(a, "one"), columnsOfRows(b, "two")];
        const account = foldTimeline(combinedTurns([one, two], law, span.asOf), law, span);
        const turned = foldTimeline(combinedTurns([two, one], law, span.asOf), law, span);
        expect(turned).toEqual(account);
      }),
      { numRuns },
    );
  });

  it("comes from stretches as from the whole, to the bit, whatever was said anew", () => {
    const changes = fc.array(fc.tuple(wide, wide, turns), { maxLength: 3 });
    fc.assert(
      fc.property(turns, changes, laws, fc.tuple(wide, wide), (first, later, law, edges) => {
        const span = {
          from: Math.min(...edges) as EpochMs,
          to: Math.max(...edges) as EpochMs,
        };
        let index = AccountIndex.ofTimeline(first, law);
        let all = new Map(first.map((turn) => [turn.from, turn]));
        for (const [a, b, fresh] of later) {
          const [from, to] = [Math.min(a, b) as EpochMs, Math.max(a, b) as EpochMs];
          index = index.replace(from, to, fresh);
          const kept = [...all.values()].filter((turn) => turn.from < from || turn.from >= to);
          all = new Map([...kept, ...fresh].map((turn) => [turn.from, turn]));
        }
        const list = [...all.values()].sort((x, y) => x.from - y.from);
        expect(index.query(span)).toEqual(foldTimeline(list, law, span).account);
      }),
      { numRuns: numRuns / 4 },
    );
  });

  const law = accountLaw({
    limits: [{ comparison: "gt", limit: 8_000 as Milli, side: "high" }],
    gap: 30 as DurationMs,
  });
  const turn = (from: number, shown: AccountClass): TimelineTurn => ({
    from: from as EpochMs,
    class: shown,
    highest: null,
    lowest: null,
    values: [],
    readings: 0,
  });

  it("asks nothing of the time out of service, and lets no run go through it", () => {
    const list = [turn(0, "high"), turn(10, "off"), turn(30, "high"), turn(35, "unproven")];
    const { account } = foldTimeline(list, law, { from: 0 as EpochMs, to: 50 as EpochMs });
    expect(account.ms).toEqual({ in: 0, high: 15, low: 0, unproven: 15, off: 20 });
    expect(account.proven).toMatchObject({ count: 2, longest: { since: 0, until: 10 } });
    expect(account.possible).toMatchObject({ count: 2, longest: { since: 30, until: 50 } });
  });

  it.each([
    ["is within the limit", [{ comparison: "gt", limit: 9_000 as Milli, side: "high" }] as const],
    ["has no limit on that side", []],
  ])("counts no degrees for what is called out by another measure and %s", (_, rules) => {
    const other = accountLaw({ limits: rules, gap: 30 as DurationMs });
    const peak = { value: 8_500 as Milli, at: 0 as EpochMs, sensor: "core" };
    const list = [{ ...turn(0, "high"), highest: peak }];
    const { account, runs } = foldTimeline(list, other, {
      from: 0 as EpochMs,
      to: 10 as EpochMs,
    });
    expect(account.ms.high).toBe(10);
    expect(account.aboveMilliMs).toBe(0n);
    expect(runs).toEqual([{ since: 0, until: 10, peak }]);
  });

  it("does not look at what is measured from its moment on", () => {
    const columns = columnsOfRows([
      { at: 5, milli: 1 },
      { at: 9, milli: 2 },
    ]);
    expect(combinedTurns([columns], law, 9 as EpochMs).map(({ from }) => from)).toEqual([5]);
  });

  it("names the sensor that was furthest out first", () => {
    const [a, b] = [
      columnsOfRows([{ at: 5, milli: 9_000 }], "b"),
      columnsOfRows(
        [
          { at: 5, milli: 9_000 },
          { at: 9, milli: 1_000 },
        ],
        "a",
      ),
    ];
    const { account } = foldTimeline(combinedTurns([a, b], law, 20 as EpochMs), law, {
      from: 0 as EpochMs,
      to: 20 as EpochMs,
    });
    expect(account.highest).toEqual({ value: 9_000, at: 5, sensor: "a" });
    expect(account.lowest).toEqual({ value: 1_000, at: 9, sensor: "a" });
    expect(account.ms).toMatchObject({ unproven: 5, high: 15 });
    expect(account.readings).toBe(3);
  });
});
