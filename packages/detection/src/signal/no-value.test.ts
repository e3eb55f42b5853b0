import type { FaultRules } from "@unbroken/model";
import { DurationMs, EpochMs, milliOf, MINUTE, type Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { noValueOf, type Neighbour } from "./no-value.ts";

const m = (celsius: number): Milli => milliOf(celsius) ?? expect.fail();

const rules: FaultRules = {
  sentinels: [m(-127), m(85)],
  step: { by: m(5), within: DurationMs(2 * MINUTE) },
  stuck: null,
};

const NOW = EpochMs(1_767_225_600_000);

/** Minutes from now: `minute temperature`, `minute lowest/highest`, or `minute f` for a fault; `.` for none. */
function neighbour(text: string): Neighbour | null {
  if (text === ".") return null;
  const [minute, said = ""] = text.split(" ");
  const [lowest, highest = lowest] =
    said === "f" ? [null] : said.split("/").map((t) => m(Number(t)));
  return {
    at: EpochMs(NOW + Number(minute) * MINUTE),
    lowest: lowest ?? null,
    highest: highest ?? null,
  };
}

function found(before: string, celsius: number, after: string, faults = rules): string | null {
  const sample = { kind: "value", milli: m(celsius) } as const;
  return noValueOf(faults, neighbour(before), { at: NOW, sample }, neighbour(after));
}

describe("a step that cannot be", () => {
  it.each([
    ["a peak above both neighbours", "-1 4", 9.001, "1 4", "impossible-step"],
    ["a dip below both", "-1 4", -1.001, "1 4", "impossible-step"],
    ["exactly as far as is allowed", "-1 4", 9, "1 4", null],
    ["and exactly as far down", "-1 4", -1, "1 4", null],
    ["far from one neighbour only: it went up and stayed", "-1 4", 30, "1 30", null],
    ["between its neighbours, far from both", "-1 4", 15, "1 26", null],
    ["neighbours just as near as they count", "-2 4", 20, "2 4", "impossible-step"],
    ["a neighbour before too long ago", "-2.001 4", 20, "1 4", null],
    ["a neighbour after too late", "-1 4", 20, "2.001 4", null],
    ["the newest reading counts as it is", "-1 4", 20, ".", null],
    ["so does the first", ".", 20, "1 4", null],
    ["a fault is no neighbour to step from", "-1 f", 20, "1 4", null],
    ["nor is a sentinel", "-1 4", 20, "1 -127", null],
    ["nor is one of two values that is a sentinel", "-1 4", 20, "1 -127/4", null],
    ["at either end", "-1 4", -20, "1 4/85", null],
    ["of two values for one instant both must be left behind", "-1 4", 20, "1 4/16", null],
    ["and then it is none", "-1 4", 20, "1 4/14.9", "impossible-step"],
    [
      "beside a dip, a peak that only one neighbour shows is none",
      "-1 4",
      20,
      "1 -20",
      "impossible-step",
    ],
  ])("%s: %s, %d, %s", (_, before, celsius, after, expected) => {
    expect(found(before, celsius, after)).toBe(expected);
  });
});

describe("a sentinel", () => {
  it.each([
    [85, "sentinel"],
    [-127, "sentinel"],
    [84.999, null],
    [127, null],
  ])("%d °C", (celsius, expected) => {
    expect(found(".", celsius, ".")).toBe(expected);
  });
});

it("is a value where the profile has no fault rules, whatever it is", () => {
  const none: FaultRules = { sentinels: [], step: null, stuck: null };
  expect(found("-1 4", 85, "1 4", none)).toBeNull();
});

it("leaves a fault the fault that it is", () => {
  const sample = { kind: "fault", fault: "open-circuit" } as const;
  expect(noValueOf(rules, null, { at: EpochMs(0), sample }, null)).toBe("open-circuit");
});
