import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EpochMs,
  formatIsoDuration,
  formatIsoTime,
  milliOf,
  parseIsoDuration,
  parseIsoTime,
} from "./index.ts";

describe("milliOf rounds once, half away from zero", () => {
  it.each([
    [0, 0],
    [-0, 0],
    [4.25, 4_250],
    [1.0005, 1_001],
    [-1.0005, -1_001],
    [0.0004999, 0],
    [1e-7, 0],
    [-273.15, -273_150],
    [1e9, 1_000_000_000_000],
    [1e308, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
  ])("%d is %j thousandths", (value, milli) => {
    expect(milliOf(value)).toBe(milli);
  });

  it("gives back every number of thousandths", () => {
    fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), (n) => milliOf(n / 1_000) === n));
  });
});

describe("parseIsoTime", () => {
  it.each([
    ["2020-05-05T09:21:56+0200", "2020-05-05T07:21:56.000Z"],
    ["2020-05-05T09:21:56.5Z", "2020-05-05T09:21:56.500Z"],
    ["2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.000Z"],
    ["1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"],
    ["2026-01-01 08:00:00+08:00", "2026-01-01T00:00:00.000Z"],
  ])("reads %s", (text, expected) => {
    const at = parseIsoTime(text);
    expect(at === null ? null : formatIsoTime(at)).toBe(expected);
  });

  it.each([
    "2020-05-05T09:21:56",
    "2023-02-29T00:00:00Z",
    "2020-13-01T00:00:00Z",
    "2020-01-01T24:00:00Z",
    "yesterday",
    "",
  ])("refuses %j", (text) => {
    expect(parseIsoTime(text)).toBeNull();
  });

  it("agrees with ECMAScript's own calendar", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        expect(formatIsoTime(EpochMs(ms))).toBe(new Date(ms).toISOString());
        expect(parseIsoTime(new Date(ms).toISOString())).toBe(ms);
      }),
    );
  });
});

describe("parseIsoDuration", () => {
  it.each([
    ["PT60M", 3_600_000],
    ["P1DT0.5S", 86_400_500],
    ["P2W", 1_209_600_000],
    ["PT0S", 0],
    ["P", null],
    ["PT", null],
    ["P1Y", null],
    ["60", null],
  ])("%s is %j ms", (text, ms) => {
    expect(parseIsoDuration(text)).toBe(ms);
  });

  it("reads back what is written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e10 }), (ms) => {
        const duration = parseIsoDuration(formatIsoDuration(ms as never));
        return duration === ms;
      }),
    );
  });
});
