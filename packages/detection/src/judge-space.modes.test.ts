import { parseProfile, type Judgement, type Phase, type Quantity } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { noFacts, type SpaceFacts } from "./index.ts";
import { DrivenSpace, type Heard } from "./testing/driven-space.ts";
import { columnsOf, minute, readingsOf } from "./testing/minutes.ts";

/** What is said of excursions in each minute, as each reading is delivered at once and each column is a tick. */
function saidOf(
  rules: readonly object[],
  rows: Readonly<Partial<Record<Quantity, string>>>,
  facts: SpaceFacts = noFacts,
): string {
  const parsed = parseProfile({ id: "p", cadence: "PT1M", gap: "PT3M", rules }, "p");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const space = new DrivenSpace(
    [{ profile: parsed.profile, from: EpochMs(0), to: null }],
    [{ sensor: "a", from: EpochMs(0), to: null }],
    facts,
  );
  const heard = Object.entries(rows).flatMap(([quantity, row]) =>
    readingsOf("a", row).map((one): Heard => ({ ...one, quantity: quantity as Quantity })),
  );
  const length = Math.max(...Object.values(rows).map((row) => columnsOf(row).length));
  return Array.from({ length }, (_, column) => {
    const at = minute(column);
    const batch = heard.filter((one) => one.at === at);
    return letterOf(space.feed(batch, at));
  }).join(" ");
}

function letterOf(said: readonly Judgement[]): string {
  const letters = said.flatMap(({ kind }) =>
    kind === "excursion-opened" ? ["O"] : kind === "excursion-closed" ? ["C"] : [],
  );
  return letters.length === 0 ? "." : letters.join("");
}

const base = { id: "r", cmp: "gt", limit: 8 };

describe("an excursion of each mode is said when it is one", () => {
  it.each([
    [
      "cumulative: when all time out adds up to the hold",
      { ...base, mode: "cumulative", hold: "PT3M" },
      { temperature: "5 9 9 5 9 9 9 5 9 5" },
      ". . . . . O . C O C",
    ],
    [
      "instant: at once, and with a debounce when it has lasted so long",
      { ...base, mode: "instant", debounce: "PT2M" },
      { temperature: "5 9 5 9 9 9 5" },
      ". . . . . O C",
    ],
    [
      "with hysteresis it goes on while it is back by no more than that",
      { ...base, mode: "consecutive", hold: "PT2M", hysteresis: 1 },
      { temperature: "5 9 7 9 9 7 6.9 5" },
      ". . . . O . C .",
    ],
    [
      "with clear it ends when the return has lasted",
      { ...base, mode: "consecutive", hold: "PT2M", clear: "PT2M" },
      { temperature: "5 9 9 5 9 5 5 5 5" },
      ". . . O . . . C .",
    ],
    [
      "rise: above the lowest of the scope",
      { ...base, limit: 3, quantity: "air", mode: "rise", scope: "PT3M" },
      { temperature: "5 5 8 8.1 8.1 8.1 8.1 8.1" },
      ". . . O . C . .",
    ],
    [
      "humidity",
      { ...base, quantity: "humidity", limit: 80, mode: "consecutive", hold: "PT2M" },
      { relative_humidity: "70 81 81 81 70" },
      ". . . O C",
    ],
    [
      "a door that is open for too long",
      { ...base, quantity: "door", cmp: "ge", limit: 1, mode: "consecutive", hold: "PT3M" },
      { door_open: "0 1 1 1 1 0" },
      ". . . . O C",
    ],
    [
      "a silence, while it lasts",
      { ...base, quantity: "link", cmp: "lt", limit: 1, mode: "consecutive", hold: "PT5M" },
      { temperature: "5 5 . . . . . . . 5" },
      ". . . . . . O . . C",
    ],
    [
      "a mean, where its grid is passed",
      { ...base, quantity: "air", mode: "window", scope: "PT4M" },
      { temperature: "5 5 12 12 12 12 5 5 5 5" },
      ". . . . O . . . . C",
    ],
    [
      "exposure without any evidence of handling: each run",
      { ...base, mode: "exposure", hold: "PT2M" },
      { temperature: "5 9 5 9 9 9 5" },
      ". . . . . O C",
    ],
    [
      "exposure in a handling: its time out adds up",
      { ...base, mode: "exposure", hold: "PT2M" },
      { temperature: "5 9 5 9 5 9 9 5", door_open: "0 1 1 1 1 0 0 0" },
      ". . . . O . . .",
    ],
  ])("%s", (_, rule, rows, said) => {
    expect(saidOf([rule], rows)).toBe(said);
  });
});

describe("what is stated of a space shows in its excursions", () => {
  const hot = { ...base, mode: "consecutive", hold: "PT2M" };
  const stated = (phase: Phase, from: number, to: number): SpaceFacts => ({
    ...noFacts,
    phases: [{ phase, from: minute(from), to: minute(to) }],
  });
  it("a rule for a phase is silent outside it", () => {
    const rule = { ...hot, phases: ["store"] };
    const row = { temperature: "9 9 9 9 9 9 9 9" };
    expect(saidOf([rule], row)).toBe(". . . . . . . .");
    expect(saidOf([rule], row, stated("store", 2, 6))).toBe(". . . . O . C .");
  });

  it("out of service nothing is judged", () => {
    const outOfService = [{ from: minute(1), to: minute(5) }];
    expect(saidOf([hot], { temperature: "9 9 9 9 9 9 9 9 9" }, { ...noFacts, outOfService })).toBe(
      ". . . . . . . O .",
    );
  });

  it("an allowance holds while a contact proves its phase, and no longer than it says", () => {
    const allowances = [{ phase: "load", by: 2, for: "PT3M" }];
    const rows = { temperature: "9 9 9 9 9 9 9 9", door_open: "1 1 1 1 1 1 1 1" };
    expect(saidOf([{ ...hot, allowances }], rows)).toBe(". . . . . O . .");
    expect(saidOf([{ ...hot, allowances }], { ...rows, door_open: "0" })).toBe(". . O . . . . .");
  });
});
