import { describe, expect, it } from "vitest";
import { formatCelsius, formatChange, formatLimit } from "./number.ts";

describe("a temperature", () => {
  it.each([
    [4, "4.0"],
    [-18.42, "\u221218.4"],
    [0, "0.0"],
    [-0, "0.0"],
    [-0.04, "0.0"],
    [-0.05, "\u22120.1"],
    [12.349, "12.3"],
    [-196, "\u2212196.0"],
  ])("of %d is written %s", (value, text) => {
    expect(formatCelsius(value)).toBe(text);
  });
});

describe("a change", () => {
  it.each([
    [2.41, "+2.4"],
    [-0.3, "\u22120.3"],
    [0.02, "0.0"],
    [-0.02, "0.0"],
  ])("of %d is written %s", (value, text) => {
    expect(formatChange(value)).toBe(text);
  });
});

describe("a limit", () => {
  it.each([
    [8, "8"],
    [-0.5, "\u22120.5"],
    [-18, "\u221218"],
    [2.25, "2.25"],
    [0, "0"],
  ])("of %d keeps the decimals of its profile: %s", (value, text) => {
    expect(formatLimit(value)).toBe(text);
  });
});
