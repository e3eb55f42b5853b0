import type { ExcursionView, SpaceNow } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { en } from "../i18n/en.ts";
import { zh } from "../i18n/zh.ts";
import { forecastIn, fridge, limitView, minutesAgo, NOW, spaceNow } from "./space-now.fixture.ts";
import { bandText, briefStatementOf, conditionWord, statementOf } from "./statement.ts";

const excursion = (given: Partial<ExcursionView>) =>
  ({
    side: "high",
    severity: "break",
    since: minutesAgo(84),
    peak_c: 12.34,
    ...given,
  }) as ExcursionView;
const silent = {
  sensor: "probe/main",
  value_c: 4,
  fault: null,
  measured_at: minutesAgo(125),
  received_at: minutesAgo(125),
};

describe("the sentence of a tile", () => {
  it.each<[string, ReturnType<typeof spaceNow>, string | null, string | null]>([
    [
      "broken",
      spaceNow({ condition: "broken", open: [excursion({})], value: 11 }),
      "超限 1 小时 24 分钟 · 最高 12.3 °C",
      "Out for 1 h 24 min · peak 12.3 °C",
    ],
    [
      "broken on the cold side",
      spaceNow({
        condition: "broken",
        open: [excursion({ side: "low", peak_c: -1.06 })],
        value: -1,
      }),
      "超限 1 小时 24 分钟 · 最低 \u22121.1 °C",
      "Out for 1 h 24 min · low \u22121.1 °C",
    ],
    [
      "out within the allowance",
      spaceNow({ condition: "out", value: 9, since: minutesAgo(12) }),
      "还剩 48 分钟 · 已用 12 分钟 / 1 小时",
      "48 min left · 12 min used of 1 h",
    ],
    [
      "out with nothing left",
      spaceNow({ condition: "out", value: 9, since: minutesAgo(60) }),
      "允许时间已用完 · 已用 1 小时 / 1 小时",
      "allowance used up · 1 h used of 1 h",
    ],
    [
      "warming",
      spaceNow({ condition: "warming", value: 7, forecast: forecastIn(30) }),
      "约 30 分钟后到 8 °C（15 分钟至 1 小时）",
      "About 30 min to 8 °C (15 min to 1 h)",
    ],
    [
      "warming, perhaps never out",
      spaceNow({ condition: "warming", value: 7, forecast: forecastIn(30, { high_min: null }) }),
      "约 30 分钟后到 8 °C（最早 15 分钟）",
      "About 30 min to 8 °C (15 min or later)",
    ],
    [
      "warming by too few readings",
      spaceNow({ condition: "warming", forecast: { kind: "none", reason: "too-few" } }),
      "读数太少，还不能预测。",
      "Too few readings yet to foretell from.",
    ],
    [
      "out of service",
      spaceNow({
        condition: "out-of-service",
        out_of_service: { since: minutesAgo(90), until: minutesAgo(-60), reason: "换压缩机" },
      }),
      "换压缩机 · 至 15:00",
      "换压缩机 · until 15:00",
    ],
    [
      "silent",
      spaceNow({ condition: "unproven", worst: silent }),
      "无读数 2 小时（11:55 起）",
      "Silent 2 h, since 11:55",
    ],
    [
      "never heard",
      spaceNow({ condition: "unproven", worst: null }),
      "从未收到读数",
      "No reading yet",
    ],
    [
      "faulty",
      spaceNow({
        condition: "unproven",
        worst: { ...silent, value_c: null, fault: "open-circuit" },
      }),
      "探头开路",
      "Open circuit",
    ],
    [
      "one probe of two is silent",
      spaceNow({
        condition: "unproven",
        sensors: [silent, { ...silent, measured_at: minutesAgo(1) }],
      }),
      "2 个探头中 1 个无读数",
      "1 of 2 probes silent",
    ],
    [
      "without limits to judge by",
      spaceNow({ condition: "unproven", profile: null }),
      "未设温控方案",
      "No profile",
    ],
    ["calm", spaceNow({}), null, null],
  ])("when %s", (_what, space, chinese, english) => {
    expect(statementOf(space, { now: NOW, messages: zh, language: "zh" })).toBe(chinese);
    expect(statementOf(space, { now: NOW, messages: en, language: "en" })).toBe(english);
  });
});

describe("the few words of a wall", () => {
  it("leave out what stands in second place", () => {
    const reader = { now: NOW, messages: en, language: "en" as const };
    const broken = spaceNow({ condition: "broken", open: [excursion({})], value: 11 });
    const quiet = spaceNow({ condition: "unproven", worst: silent });
    expect(briefStatementOf(broken, reader)).toBe("Out for 1 h 24 min");
    expect(briefStatementOf(quiet, reader)).toBe("silent 2 h");
    const warming = spaceNow({ condition: "warming", value: 7, forecast: forecastIn(30) });
    expect(briefStatementOf(warming, reader)).toBe("≈ 30 min to limit");
    expect(briefStatementOf(spaceNow({}), reader)).toBeNull();
  });
});

describe("the word of a tile", () => {
  it.each<[Partial<SpaceNow> & { value?: number }, string]>([
    [{ condition: "warming", forecast: forecastIn(9) }, "Warming"],
    [{ condition: "warming", forecast: forecastIn(9, { side: "low" }) }, "Cooling"],
    [{ condition: "warming", trend_c_per_h: -2 }, "Cooling"],
    [{ condition: "broken" }, "Broken"],
  ])("for %j is %s", (given, word) => {
    expect(conditionWord(spaceNow(given), en)).toBe(word);
  });
});

describe("the limits of a tile", () => {
  it("name both edges, or the one there is with its sign", () => {
    const frozen = { ...fridge, limits: [limitView({ limit: -18 })] };
    expect(bandText(spaceNow({}), en)).toBe("2 – 8 °C");
    expect(bandText(spaceNow({ profile: frozen }), en)).toBe("≤ \u221218 °C");
    expect(bandText(spaceNow({ profile: null }), zh)).toBe("未设温控方案");
  });

  it("are those of the air that always apply, not a warning before them, a rise, a mean or a humidity", () => {
    const limits = [
      limitView({ limit: 8 }),
      limitView({ rule: "high.warn", limit: 6, severity: "warn" }),
      limitView({ rule: "rise", limit: 3, mode: "rise", unit: "K", limit_c: null }),
      limitView({ rule: "mkt", limit: 5, quantity: "mkt", mode: "window" }),
      limitView({ rule: "damp", limit: 90, quantity: "humidity", unit: "%RH", limit_c: null }),
      limitView({ rule: "store", limit: 4, phases: ["store"] }),
      limitView({ rule: "best", side: "low", comparison: "lt", limit: 2, severity: "warn" }),
    ];
    expect(bandText(spaceNow({ profile: { ...fridge, limits } }), en)).toBe("2 – 8 °C");
  });
});
