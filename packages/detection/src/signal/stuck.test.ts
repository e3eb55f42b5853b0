import { DurationMs, EpochMs, milliOf, MINUTE, type Milli } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  heardTogether,
  noSameValues,
  stuckFrom,
  type HeardValues,
  type SameValues,
} from "./stuck.ts";

const rule = { for: DurationMs(30 * MINUTE), while: milliOf(1) ?? expect.fail() };
const gap = DurationMs(20 * MINUTE);

/** One column is ten minutes; `.` no reading, `f` a fault, `4/5` two values for one instant. */
type Rows = Readonly<Record<string, string>>;

const valuesOf = (cell: string): Milli[] =>
  cell === "f" ? [] : cell.split("/").map((text) => milliOf(Number(text)) ?? expect.fail());

function heardAt(rows: Rows, column: number): HeardValues[] {
  return Object.entries(rows).flatMap(([sensor, row]) => {
    const cell = row.trim().split(/\s+/)[column] ?? ".";
    return cell === "." ? [] : [{ sensor, values: valuesOf(cell) }];
  });
}

const columns = (rows: Rows): number =>
  Math.max(...Object.values(rows).map((row) => row.trim().split(/\s+/).length));

function watched(rows: Rows): SameValues {
  let runs = noSameValues;
  for (let column = 0; column < columns(rows); column += 1) {
    const heard = heardAt(rows, column);
    if (heard.length === 0) continue;
    const at = EpochMs(column * 10 * MINUTE);
    const next = heardTogether(runs, rule, gap, at, heard);
    // The order of an instant does not show, and a state survives being stored.
    expect(heardTogether(runs, rule, gap, at, heard.toReversed())).toEqual(next);
    runs = JSON.parse(JSON.stringify(next)) as SameValues;
  }
  return runs;
}

/** In minutes. */
function stuckSince(rows: Rows, sensor = "a"): number | null {
  const from = stuckFrom(watched(rows), rule, sensor);
  return from === null ? null : from / MINUTE;
}

describe("a sensor is stuck", () => {
  it.each<[string, Rows, number | null]>([
    [
      "from its 30th minute, when a sibling had moved before",
      { a: "4 4 4 4 4", b: "4 5 5 5 5" },
      30,
    ],
    [
      "from the moment at which a sibling moved, if that is later",
      { a: "4 4 4 4 4", b: "4 4 4 4 5" },
      40,
    ],
    ["with a moment ahead, as soon as a sibling moved", { a: "4 4", b: "4 5" }, 30],
    ["not while the others stand still too", { a: "4 4 4 4 4", b: "4 4.9 4 4.9 4" }, null],
    ["not because two siblings differ", { a: "4 4 4 4 4", b: "2 2 2 2 2", c: "8 8 8 8 8" }, null],
    ["when a sibling moved slowly", { a: "4 4 4 4 4 4", b: "4 4.3 4.6 4.9 5.2 5.2" }, 40],
    ["when a sibling moved down and up again", { a: "4 4 4 4 4", b: "5 4.5 4 4.5 5" }, 30],
    ["not by what a sibling did before", { a: "3 4 4 4 4", b: "9 5 5 5 5" }, null],
    ["no more once it moves", { a: "4 4 4 4 4.1", b: "4 5 5 5 5" }, null],
    ["not across a fault of its own", { a: "4 4 f 4 4", b: "4 5 5 6 7" }, 60],
    ["not across a silence that is too long", { a: "4 4 4 . . 4", b: "4 5 5 5 5 5" }, null],
    ["across a silence that is short enough", { a: "4 4 . 4 4", b: "4 5 5 5 5" }, 30],
    ["not when it says two values for one instant", { a: "4 4/5 4 4", b: "4 5 5 5" }, null],
    ["when a sibling says two values for one instant", { a: "4 4 4 4", b: "4 4/5 4 4" }, 30],
    ["not while it is alone", { a: "4 4 4 4 4" }, null],
    ["not because a sibling is at fault", { a: "4 4 4 4 4", b: "4 f f f f" }, null],
  ])("%s", (_, rows, expected) => {
    expect(stuckSince(rows)).toBe(expected);
  });

  it("and its sibling that moves is not", () => {
    expect(stuckSince({ a: "4 4 4 4", b: "4 5 4 5" }, "b")).toBeNull();
  });
});

/** From all that was said, with no state: the last unbroken run of the same value, and the first move in it. */
function naive(rows: Rows, sensor: string): number | null {
  const last = columns(rows) - 1;
  const said = (name: string, column: number): readonly Milli[] | undefined =>
    heardAt(rows, column).find((heard) => heard.sensor === name)?.values;
  const heard = Array.from({ length: last + 1 }, (_, i) => i).filter(
    (column) => said(sensor, column) !== undefined,
  );
  const latest = heard.at(-1);
  const value = latest === undefined ? undefined : said(sensor, latest)?.[0];
  if (latest === undefined || value === undefined || last - latest > 2) return null;
  const isSame = (column: number): boolean => {
    const values = said(sensor, column) ?? [];
    return values.length > 0 && values.every((other) => other === value);
  };
  if (!isSame(latest)) return null;
  let begin = latest;
  for (const column of heard.toReversed()) {
    if (!isSame(column) || begin - column > 2) break;
    begin = column;
  }
  for (let to = begin; to <= last; to += 1)
    for (const other of Object.keys(rows).filter((name) => name !== sensor)) {
      const values = Array.from({ length: to - begin + 1 }, (_, i) => said(other, begin + i) ?? []);
      if (Math.max(...values.flat()) - Math.min(...values.flat()) >= 1_000)
        return Math.max(to * 10, begin * 10 + 30);
    }
  return null;
}

it("agrees with a look at all that was ever said", () => {
  const cell = fc.constantFrom("4", "4", "4", "4.5", "5", ".", "f", "4/5");
  const row = fc.array(cell, { minLength: 8, maxLength: 8 }).map((cells) => `${cells.join(" ")} 4`);
  fc.assert(
    fc.property(fc.record({ a: row, b: row, c: row }), (rows) => {
      for (const sensor of Object.keys(rows))
        expect(stuckSince(rows, sensor)).toBe(naive(rows, sensor));
    }),
  );
});
