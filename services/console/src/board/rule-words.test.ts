import type { LimitView } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { en } from "../i18n/en.ts";
import { zh } from "../i18n/zh.ts";
import { modeInWords, outInWords } from "./rule-words.ts";
import { limitView } from "./space-now.fixture.ts";

const HOUR = 3_600_000;

describe("a rule in words", () => {
  it.each<[Partial<LimitView> & { limit: number }, string, string]>([
    [{ limit: 8 }, "空气温度高于 8 °C · 连续 1 小时", "Air above 8 °C · 1 h in a row"],
    [
      { limit: -18.5, comparison: "ge", mode: "cumulative", hold_ms: 2 * HOUR },
      "空气温度达到或高于 \u221218.5 °C · 累计 2 小时",
      "Air at or above \u221218.5 °C · 2 h in all",
    ],
    [
      { limit: 0, comparison: "le", side: "low", mode: "instant", hold_ms: 0, quantity: "product" },
      "产品温度达到或低于 0 °C · 立即判定",
      "Product at or below 0 °C · at once",
    ],
    [
      { limit: 25, mode: "window", quantity: "mkt", hold_ms: 0, scope_ms: 168 * HOUR },
      "平均动力学温度高于 25 °C · 7 天窗口",
      "Mean kinetic temperature above 25 °C · over 7 d",
    ],
    [
      { limit: 75, mode: "window", quantity: "humidity", unit: "%RH", scope_ms: 24 * HOUR },
      "湿度平均值高于 75 %RH · 1 天窗口",
      "Humidity (mean) above 75 %RH · over 1 d",
    ],
    [
      { limit: -3, comparison: "lt", side: "low", mode: "rise", unit: "K", quantity: "product" },
      "产品温度下降超过 3 K · 整个时间段",
      "Product down by more than 3 K · over the whole stretch",
    ],
    [
      { limit: 0, quantity: "door", comparison: "gt", unit: "/", hold_ms: HOUR / 2 },
      "门开着 · 连续 30 分钟",
      "Door open · 30 min in a row",
    ],
    [
      { limit: 1, quantity: "power", comparison: "lt", side: "low", unit: "/", mode: "instant" },
      "断电 · 持续 1 小时",
      "No power · for 1 h",
    ],
    [
      {
        limit: 12,
        mode: "exposure",
        phases: ["load"],
        allowances: [{ phase: "defrost", by: 2, for_ms: HOUR / 3, every_ms: 0 }],
        scheduled: true,
      },
      "空气温度高于 12 °C · 单次装卸累计 1 小时、仅在装卸时、除霜时放宽 2 K，至多 20 分钟、仅在规定时段",
      "Air above 12 °C · 1 h in one handling, only while loading, 2 K more while defrosting, for 20 min at most, at set hours only",
    ],
  ])("%j", (given, chinese, english) => {
    const limit = limitView(given);
    expect(`${outInWords(limit, zh)} · ${modeInWords(limit, zh)}`).toBe(chinese);
    expect(`${outInWords(limit, en)} · ${modeInWords(limit, en)}`).toBe(english);
  });
});
