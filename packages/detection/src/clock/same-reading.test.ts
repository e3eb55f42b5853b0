import { expect, it } from "vitest";
import { isSentAgain } from "./same-reading.ts";

const reading = (stated: object = {}) => ({
  organisation: "acme",
  sensor: "truck-7/main",
  quantity: "temperature" as const,
  timeSource: "received" as const,
  sequence: { boot: 3, number: 17 },
  ...stated,
});

it.each<[string, object, object, boolean]>([
  ["the same number", {}, {}, true],
  ["by our time and by a time put right", {}, { timeSource: "corrected" }, true],
  ["another number", {}, { sequence: { boot: 3, number: 18 } }, false],
  ["another boot", {}, { sequence: { boot: 4, number: 17 } }, false],
  ["another quantity of the same row", {}, { quantity: "relative_humidity" }, false],
  ["another sensor", {}, { sensor: "truck-7/rear" }, false],
  ["another organisation", {}, { organisation: "other" }, false],
  ["a time of its own to be known by", {}, { timeSource: "device" }, false],
  ["no number", {}, { sequence: undefined }, false],
  ["no number on either", { sequence: undefined }, { sequence: undefined }, false],
])("%s", (_, a, b, expected) => {
  expect(isSentAgain(reading(a), reading(b))).toBe(expected);
  expect(isSentAgain(reading(b), reading(a))).toBe(expected);
});
