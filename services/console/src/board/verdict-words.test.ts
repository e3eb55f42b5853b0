import { describe, expect, it } from "vitest";
import type { VerdictAnswer } from "../data/verdict.ts";
import { en } from "../i18n/en.ts";
import { zh } from "../i18n/zh.ts";
import { fridge, limitView } from "./space-now.fixture.ts";
import { shareText, verdictSentence } from "./verdict-words.ts";

const answer = (given: Partial<VerdictAnswer>) =>
  ({
    verdict: "intact",
    rules: [],
    reasons: [],
    coverage: 1,
    exposure: { proven: 0, possible: 0, in_range: 1_440, unproven: 0 },
    ...given,
  }) as VerdictAnswer;
const rule = (id: string, verdict: VerdictAnswer["verdict"], proven: number, possible: number) => ({
  id,
  verdict,
  proven,
  possible,
});
const limits = [
  ...fridge.limits,
  limitView({ rule: "high.warn", limit: 7, severity: "warn" }),
  limitView({ rule: "mkt", quantity: "mkt", mode: "window", limit: 8, hold_ms: 0 }),
];

describe("the verdict in one sentence", () => {
  it.each<[string, VerdictAnswer, string, string]>([
    [
      "intact, all of it proven",
      answer({}),
      "每一分钟都有证据，没有违反任何规则。",
      "Every minute is proven, and no rule was broken.",
    ],
    [
      "intact with a short gap",
      answer({
        coverage: 0.99999,
        exposure: { proven: 0, possible: 20, in_range: 1_420, unproven: 20 },
      }),
      "99.9 % 的时间有证据；缺证据的 20 分钟不足以违反任何规则。",
      "99.9 % of the time is proven, and the 20 min without proof are too short to break a rule.",
    ],
    [
      "broken by the rule that was broken longest",
      answer({
        verdict: "broken",
        rules: [
          rule("low", "broken", 61, 70),
          rule("high", "broken", 84, 90),
          rule("high.warn", "broken", 300, 300),
        ],
      }),
      "空气温度高于 8 °C、允许 1 小时，已证实 1 小时 24 分钟。",
      "Air above 8 °C, 1 h allowed: proven for 1 h 24 min.",
    ],
    [
      "unproven for a silence",
      answer({
        verdict: "unproven",
        rules: [rule("high", "unproven", 30, 72), rule("low", "unproven", 0, 42)],
        reasons: [
          { rule: "high", code: "fault", minutes: 2 },
          { rule: "high", code: "gap", minutes: 42 },
          { rule: "low", code: "gap", minutes: 42 },
        ],
      }),
      "空气温度高于 8 °C：有 42 分钟没有读数，其间可能超限。",
      "Air above 8 °C: 42 min without readings could have been out.",
    ],
    [
      "unproven for a stretch that is too short",
      answer({
        verdict: "unproven",
        rules: [rule("mkt", "unproven", 0, 0)],
        reasons: [{ rule: "mkt", code: "window-too-short" }],
      }),
      "平均动力学温度高于 8 °C：所选时间段短于它的窗口，请选更长的时间段。",
      "Mean kinetic temperature above 8 °C: the stretch is shorter than its window; choose a longer one.",
    ],
    [
      "unproven where no rule decides",
      answer({ verdict: "unproven", rules: [rule("high.warn", "unproven", 0, 9)] }),
      "没有起决定作用的规则，因此什么也证明不了。",
      "No rule decides here, so nothing is proven.",
    ],
  ])("%s", (_, given, chinese, english) => {
    expect(verdictSentence(given, limits, zh)).toBe(chinese);
    expect(verdictSentence(given, limits, en)).toBe(english);
  });

  it.each([
    [1, "100"],
    [0.999999, "99.9"],
    [0, "0.0"],
  ])("a share of %f is %s %%, and never more than is proven", (share, text) => {
    expect(shareText(share)).toBe(text);
  });
});
