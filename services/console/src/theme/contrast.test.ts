/// <reference types="node" />
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrastOf } from "./contrast.ts";

const tokens = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

type Theme = ReadonlyMap<string, string>;

function declared(selector: string): Theme {
  const start = tokens.indexOf(`${selector} {`);
  const block = tokens.slice(start, tokens.indexOf("\n}", start));
  return new Map(
    [...block.matchAll(/(--[a-z0-9-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
}

const light = declared(":root");
const dark = declared(':root[data-theme="dark"]');

// Text on what it stands on: WCAG 2.2 §1.4.3, 4.5 : 1.
const text: readonly (readonly [string, string])[] = [
  ...["--ground", "--panel", "--sunken", "--unproven-tint"].flatMap((ground) =>
    ["--ink", "--ink-2", "--ink-3"].map((ink) => [ink, ground] as const),
  ),
  ...["--cold-tint", "--broken-tint", "--below-tint", "--warming-tint"].flatMap((ground) =>
    ["--ink", "--ink-2"].map((ink) => [ink, ground] as const),
  ),
  // Unproven tiles are hatched under their text.
  ["--ink", "--hatch-soft"],
  ["--ink-2", "--hatch-soft"],
  ["--cold", "--ground"],
  ["--cold", "--panel"],
  ["--cold", "--sunken"],
  ["--on-cold", "--cold"],
  ["--warming", "--panel"],
  ["--warming", "--ground"],
  ["--warming", "--warming-tint"],
  ["--broken", "--panel"],
  ["--broken", "--ground"],
  ["--broken", "--broken-tint"],
  ["--on-broken", "--broken-fill"],
  ["--below", "--panel"],
  ["--below", "--ground"],
  ["--below", "--below-tint"],
  ["--on-below", "--below-fill"],
  ["--unproven", "--panel"],
  ["--unproven", "--ground"],
];

// Marks, control edges and curves: WCAG 2.2 §1.4.11, 3 : 1.
const marks: readonly (readonly [string, string])[] = [
  ["--control-line", "--panel"],
  ["--control-line", "--ground"],
  ["--cold", "--unproven-tint"],
  ["--past", "--panel"],
  ["--past-below", "--panel"],
  ["--broken-fill", "--panel"],
  ["--broken-fill", "--ground"],
  ["--below-fill", "--panel"],
  ["--series-1", "--panel"],
  ["--series-2", "--panel"],
  ["--series-3", "--panel"],
  ["--series-4", "--panel"],
  ["--series-5", "--panel"],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s theme", (_name, theme) => {
  const contrast = (ink: string, ground: string) => {
    const [a, b] = [theme.get(ink), theme.get(ground)];
    if (a === undefined || b === undefined) throw new Error(`no such token: ${ink} ${ground}`);
    return contrastOf(a, b);
  };

  it.each(text)("sets %s on %s with at least 4.5 : 1", (ink, ground) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(marks)("draws %s on %s with at least 3 : 1", (ink, ground) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(3);
  });
});

describe("the tokens", () => {
  it("are the same in both themes", () => {
    expect([...dark.keys()]).toEqual([...light.keys()]);
    expect(light.size).toBeGreaterThan(25);
  });

  it("measure contrast as WCAG does", () => {
    expect(contrastOf("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrastOf("#777777", "#ffffff")).toBeCloseTo(4.478, 2);
  });
});
