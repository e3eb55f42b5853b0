import { codes } from "@unbroken/errors";
import {
  FaultKind,
  Judgement,
  NoForecast,
  Phase,
  RuleQuantity,
  Severity,
  SpaceNow,
  Trouble,
} from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { preferredOf } from "./language.ts";
import { zh } from "./zh.ts";

type Leaf = readonly [path: string, text: string];

// Functions are called with numbers, which every one of them can print.
function leavesOf(node: object, path = ""): readonly Leaf[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): readonly Leaf[] => {
    const at = `${path}/${key}`;
    if (typeof value === "string") return [[at, value]];
    if (typeof value === "function")
      return [[at, (value as (...args: number[]) => string)(7, 7, 7)]];
    return leavesOf(value as object, at);
  });
}

const chinese = leavesOf(zh);
const english = leavesOf(en);

describe("the two dictionaries", () => {
  it("have the same keys", () => {
    expect(english.map(([path]) => path)).toEqual(chinese.map(([path]) => path));
    expect(english.length).toBeGreaterThan(100);
  });

  it("leave no text empty", () => {
    expect([...chinese, ...english].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("say everything in Chinese in Chinese", () => {
    const untranslated = chinese.filter(
      ([path, text]) => !/[\u3000-\u9fff\uff00-\uffef]/.test(text) && path !== "/product",
    );
    expect(untranslated.map(([path]) => path)).toEqual(["/otherLanguage"]);
  });

  it("say everything in English in English", () => {
    const chineseLeft = english.filter(([, text]) => /[\u4e00-\u9fff]/.test(text));
    expect(chineseLeft.map(([path]) => path)).toEqual(["/otherLanguage"]);
  });

  it.each([
    ["断链", zh.condition.broken],
    ["超温记录", zh.space.excursions],
    ["温控方案", zh.space.profile],
    ["探头", zh.space.sensors],
  ])("use the house's term %s", (term, text) => {
    expect(text).toBe(term);
  });
});

describe("the words for closed vocabularies are complete", () => {
  it("for each code that a device's message can get", () => {
    const all = Object.keys(codes);
    const forDevices = all.slice(0, all.indexOf("UB_AUTH_REQUIRED"));
    expect(Object.keys(zh.quarantine.codes)).toEqual(forDevices);
  });

  it("for each fault of a probe", () => {
    expect(Object.keys(zh.fault)).toEqual(FaultKind.options);
  });

  it("for each trouble of an alert, phase of a room and reason for no forecast", () => {
    expect(Object.keys(zh.alert.trouble)).toEqual(Trouble.options);
    expect(Object.keys(zh.phase)).toEqual(Phase.options);
    expect(Object.keys(zh.forecast.none)).toEqual(NoForecast.options);
  });

  it("for each quantity and severity of a rule", () => {
    expect(Object.keys(zh.ruleWords.quantity)).toEqual(RuleQuantity.options);
    expect(Object.keys(zh.verdict.severity)).toEqual(Severity.options);
  });

  it("for each condition, with the word for cooling beside warming", () => {
    const known = Object.keys(zh.condition).filter((key) => key !== "cooling");
    expect(known).toEqual(SpaceNow.shape.condition.options);
  });

  it("for each change of an excursion", () => {
    const kinds = Judgement.options
      .map((option) => option.shape.kind.value)
      .filter((kind) => kind.startsWith("excursion-"))
      .map((kind) => kind.slice("excursion-".length));
    expect(Object.keys(zh.space.change)).toEqual(kinds);
  });
});

describe("the language of the browser", () => {
  it.each([
    [["zh-CN", "en"], "zh"],
    [["zh-Hant-TW"], "zh"],
    [["de-DE", "zh"], "zh"],
    [["en-US", "zh"], "en"],
    [["de-DE"], "en"],
    [[], "en"],
  ])("%j gives %s", (tags, language) => {
    expect(preferredOf(tags)).toBe(language);
  });
});
