import { DurationMs, EpochMs, HOUR, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minute, profileWith, readingsOf, START } from "../testing/minutes.ts";
import { backtest, type BacktestQuestion } from "./backtest.ts";

const tenMinutes = profileWith(
  [{ id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT10M" }],
  "PT3M",
  "ten",
);
const fourMinutes = profileWith(
  [{ id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT4M" }],
  "PT3M",
  "four",
);
const halfDegreeMore = profileWith(
  [{ id: "warm", cmp: "gt", limit: 8.5, mode: "consecutive", hold: "PT4M" }],
  "PT3M",
  "half",
);
const NIGHT = {
  offset: DurationMs(8 * HOUR),
  from: DurationMs(22 * HOUR),
  to: DurationMs(6 * HOUR),
};

function asked(row: string, change: Partial<BacktestQuestion> = {}): BacktestQuestion {
  const readings = readingsOf("a", row);
  return {
    today: tenMinutes,
    changed: fourMinutes,
    readings,
    from: minute(0),
    to: minute(row.trim().split(/\s+/).length),
    night: NIGHT,
    ...change,
  };
}

const shown = (question: BacktestQuestion): readonly string[] =>
  backtest(question).firings.map(
    ({ by, since, until, fired_at, also_by_other }) =>
      `${by} ${column(since)}–${until === null ? "" : column(until)} at ${column(fired_at)}${also_by_other ? " both" : ""}`,
  );

const column = (time: string): string => String((Date.parse(time) - START) / MINUTE);

describe("what would have fired under other rules, and when", () => {
  it.each([
    ["nothing in range", "5 5 5 5 5", {}, []],
    [
      "a shorter hold fires for what nobody was told of",
      "5 9 9 9 9 9 9 5 5",
      {},
      ["changed 1–7 at 5"],
    ],
    [
      "both fire for a long one, the shorter hold first",
      "5 9 9 9 9 9 9 9 9 9 9 9 9 5",
      {},
      ["today 1–13 at 11 both", "changed 1–13 at 5 both"],
    ],
    [
      "a laxer limit is silent where today's is not",
      "5 8.2 8.2 8.2 8.2 8.2 8.2 8.2 8.2 8.2 8.2 8.2 5",
      { changed: halfDegreeMore },
      ["today 1–12 at 11"],
    ],
    ["one that lasts has no end", "5 9 9 9 9 9", {}, ["changed 1– at 5"]],
  ])("%s", (_, row, change, expected) => {
    expect(shown(asked(row, change as Partial<BacktestQuestion>))).toEqual(expected);
  });

  it("counts per side, with what the other would have said and this one not", () => {
    expect(backtest(asked("5 9 9 9 9 9 9 5 5 9 9 9 9 9 9 9 9 9 9 9 9 5"))).toMatchObject({
      today: { profile: "ten", verdict: "broken", fired: 1, missed: 1 },
      changed: {
        profile: "four",
        verdict: "broken",
        fired: 2,
        missed: 0,
        fired_by_severity: { break: 2, excursion: 0, warn: 0 },
      },
    });
  });

  it("says what would have woken somebody: night is local, and goes over midnight", () => {
    // The table begins at 08:00 in China.
    const row = Array.from({ length: 14 * 60 + 10 }, (_, i) => (i >= 14 * 60 - 2 ? "9" : "5"));
    const { changed } = backtest(asked(row.join(" ")));
    expect(changed).toMatchObject({ fired: 1, fired_at_night: 1 });
    expect(backtest(asked("5 9 9 9 9 9 9 5")).changed).toMatchObject({
      fired: 1,
      fired_at_night: 0,
    });
  });

  it("refuses an interval that ends before it begins", () => {
    expect(() => backtest(asked("5 5", { to: EpochMs(0) }))).toThrow("ends before it begins");
  });

  it("gives the same document whatever the order of the rows, and with rows twice", () => {
    const question = asked("5 9 9 9 9 9 9 5 5 9 9 f 9 9 9 . . . . . 9 9 9 9 9 5");
    const expected = JSON.stringify(backtest(question));
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...question.readings], { minLength: question.readings.length }),
        fc.subarray([...question.readings]),
        (readings, again) => {
          expect(JSON.stringify(backtest({ ...question, readings: [...readings, ...again] }))).toBe(
            expected,
          );
        },
      ),
    );
  });
});
