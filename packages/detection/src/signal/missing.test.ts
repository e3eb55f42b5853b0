import { expect, it } from "vitest";
import { isMissing } from "./missing.ts";

const at = (boot: number, number: number) => ({ boot, number });

it.each([
  ["the next number", at(1, 7), at(1, 8), false],
  ["a number left out", at(1, 7), at(1, 9), true],
  ["many left out", at(1, 0), at(1, 9_007_199_254_740_991), true],
  ["the same number at a later time: the clock was set", at(1, 7), at(1, 7), false],
  ["a lower number at a later time: the counter began anew", at(1, 7), at(1, 3), false],
  ["another boot", at(1, 7), at(2, 90), false],
  ["no number before", undefined, at(1, 9), false],
  ["no number after", at(1, 7), undefined, false],
] as const)("%s", (_, before, after, expected) => {
  expect(isMissing(before, after)).toBe(expected);
});
