import { describe, expect, it } from "vitest";
import { en } from "../i18n/en.ts";
import { zh } from "../i18n/zh.ts";
import { DAY, HOUR, MINUTE, minutesText, shortSpanText, spanText } from "./span.ts";

it("no minutes at all are minutes, not seconds", () => {
  expect([0, 0.5, 84].map((minutes) => minutesText(minutes, en.span))).toEqual([
    "0 min",
    "30 s",
    "1 h 24 min",
  ]);
});

describe("a length of time", () => {
  it.each([
    [-5_000, "0 s", "0 秒"],
    [999, "0 s", "0 秒"],
    [42_900, "42 s", "42 秒"],
    [MINUTE, "1 min", "1 分钟"],
    [HOUR - 1, "59 min", "59 分钟"],
    [HOUR + 24 * MINUTE, "1 h 24 min", "1 小时 24 分钟"],
    [3 * HOUR, "3 h", "3 小时"],
    [2 * DAY + 4 * HOUR + 59 * MINUTE, "2 d 4 h", "2 天 4 小时"],
  ])("of %d ms reads %s and %s", (ms, english, chinese) => {
    expect(spanText(ms, en.span)).toBe(english);
    expect(spanText(ms, zh.span)).toBe(chinese);
  });

  it("keeps only its largest unit in tight places", () => {
    expect(shortSpanText(HOUR + 24 * MINUTE, en.span)).toBe("1 h");
  });
});
