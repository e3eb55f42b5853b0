import type { EvidenceStretch } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { asOf, cut, replaced } from "./timeline.ts";

type Row = readonly [from: number, to: number | null, evidence: EvidenceStretch["class"]];
const timeline = (...rows: readonly Row[]): readonly EvidenceStretch[] =>
  rows.map(([from, to, evidence]) => ({ from, to, class: evidence }));

const whole = timeline([0, 100, "in"], [100, 160, "high"], [160, null, "in"]);

describe("cutting a timeline", () => {
  it.each([
    ["within one stretch", 10, 20, timeline([10, 20, "in"])],
    ["over a border", 90, 110, timeline([90, 100, "in"], [100, 110, "high"])],
    ["exactly at borders", 100, 160, timeline([100, 160, "high"])],
    ["into what lasts", 150, 200, timeline([150, 160, "high"], [160, 200, "in"])],
    ["without an end", 150, Infinity, timeline([150, 160, "high"], [160, null, "in"])],
    ["before all of it", -10, 0, []],
  ])("%s", (_, from, to, expected) => {
    expect(cut(whole, from, to)).toEqual(expected);
  });
});

describe("a changed timeline", () => {
  it("takes the place of what was said from there on, and joins what is alike", () => {
    expect(replaced(whole, 120, timeline([120, 140, "high"], [140, null, "low"]))).toEqual(
      timeline([0, 100, "in"], [100, 140, "high"], [140, null, "low"]),
    );
  });

  it("is the same when it is told twice", () => {
    const change = timeline([120, null, "unproven"]);
    const once = replaced(whole, 120, change);
    expect(replaced(once, 120, change)).toEqual(once);
  });
});

describe("a timeline as of now", () => {
  const nobody = { some: null, all: null };
  it.each([
    ["stays while all are heard", whole, nobody, whole],
    [
      "is unproven from where one of two fell silent",
      whole,
      { some: 300, all: null },
      timeline([0, 100, "in"], [100, 160, "high"], [160, 300, "in"], [300, null, "unproven"]),
    ],
    [
      "stays out of range while one is heard",
      timeline([0, null, "high"]),
      { some: 300, all: null },
      timeline([0, null, "high"]),
    ],
    [
      "is unproven where the last that was out fell silent",
      timeline([0, null, "high"]),
      { some: 300, all: 400 },
      timeline([0, 400, "high"], [400, null, "unproven"]),
    ],
    [
      "is unproven throughout where silence began before",
      timeline([200, null, "in"]),
      { some: 100, all: 100 },
      timeline([200, null, "unproven"]),
    ],
    ["is empty where nothing is known", [], { some: 1, all: 1 }, []],
  ])("%s", (_, given, silent, expected) => {
    expect(asOf(given, silent, 0)).toEqual(expected);
  });
});
