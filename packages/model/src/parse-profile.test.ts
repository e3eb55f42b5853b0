import { describe, expect, it } from "vitest";
import { parseProfile } from "./index.ts";

const rule = { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" };
const mkt = { id: "mkt", quantity: "mkt", cmp: "gt", limit: 8, mode: "window", scope: "PT24H" };

describe("a profile that does not follow the rule language is refused, and the field is named", () => {
  it.each([
    [
      "/rules/1/mode",
      { rules: [rule, { ...rule, id: "b", mode: "sometimes" }] },
      /instant, consecutive, cumulative, window/,
    ],
    [
      "/rules/0/mode",
      { rules: [{ ...rule, mode: undefined }] },
      /instant, consecutive, cumulative, window/,
    ],
    ["/rules/0/hold", { rules: [{ ...rule, hold: "PT0S" }] }, /more than 0/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: 60 }] }, /string/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: "an hour" }] }, /ISO 8601/],
    ["/cadence", { cadence: "5", rules: [rule] }, /ISO 8601/],
    ["/rules/0/scope", { rules: [{ ...mkt, scope: "P2Y" }] }, /ISO 8601/],
    ["/rules/0/quantity", { rules: [{ ...mkt, quantity: "door" }] }, /mkt/],
    ["/rules/0/cmp", { rules: [{ ...mkt, cmp: "lt" }] }, /gt or ge/],
    ["/rules/0/hold", { rules: [{ ...mkt, hold: "PT1H" }] }, /mode window has .*scope/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: undefined }] }, /missing; string/],
    ["/rules/0/faults", { rules: [{ ...rule, faults: {} }] }, /no such field/],
    ["/faults/sentinel", { faults: { sentinel: [85] }, rules: [rule] }, /no such field/],
    ["/a~1b", { "a/b": 1, rules: [rule] }, /no such field/],
    ["/rules/0/limit", { rules: [{ ...rule, limit: -300 }] }, /-273\.15 to 200/],
    ["/rules", { rules: [rule, rule] }, /each id once/],
    ["/cadence", { cadence: "PT0S", rules: [rule] }, /PT1S/],
    ["/id", { id: "a b", rules: [rule] }, /profile/],
    ["/limits", { rules: [rule], limits: [] }, /there are id, title/],
  ])("%s", (pointer, fields, message) => {
    const parsed = parseProfile({ id: "p", ...fields }, "hash");
    expect(parsed).toMatchObject({ ok: false, problems: [{ pointer }] });
    if (!parsed.ok) expect(parsed.problems[0]?.message).toMatch(message);
  });

  it("a profile at its least is read, with its defaults stated", () => {
    const parsed = parseProfile({ id: "fridge", rules: [rule] }, "hash");
    expect(parsed).toMatchObject({
      ok: true,
      profile: {
        hash: "hash",
        cadence: 300_000,
        gap: 750_000,
        rules: [{ limit: 8_000, hold: 3_600_000 }],
      },
    });
  });

  it("all six modes are read, and a warning is a rule of its own before the break", () => {
    const rules = [
      mkt,
      { ...rule, mode: "cumulative", id: "sum" },
      { id: "spike", cmp: "gt", limit: 8, mode: "instant", debounce: "PT2M" },
      { id: "rise", cmp: "gt", limit: 3, mode: "rise", quantity: "air", scope: "PT24H" },
      { id: "handled", cmp: "gt", limit: 10, mode: "exposure", hold: "PT30M" },
      { ...rule, warn: { limit: 7, hold: "PT20M" }, clause: "GB 31605-2020, 0–10 °C" },
    ];
    const parsed = parseProfile({ id: "p", rules }, "hash");
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    expect(parsed).toMatchObject({
      profile: {
        rules: [
          { mode: "window", scope: 86_400_000, limit: 8_000, hold: 0, activation: 83_144 },
          { mode: "cumulative", hold: 3_600_000, scope: null },
          { mode: "instant", hold: 120_000 },
          { mode: "rise", limit: 3_000, quantity: "air", scope: 86_400_000 },
          { mode: "exposure", hold: 1_800_000, phases: ["load"] },
          { id: "high.warn", severity: "warn", limit: 7_000, hold: 1_200_000 },
          { id: "high", severity: "break", limit: 8_000, hold: 3_600_000 },
        ],
      },
    });
  });
});

describe("a profile that contradicts itself is refused, and says with what", () => {
  const low = { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT60M" };
  const exposure = { id: "handled", cmp: "gt", limit: 10, mode: "exposure", hold: "PT30M" };
  const door = { phase: "load", by: 3, for: "PT20M" };
  it.each([
    ["/rules/0/limit", { rules: [{ ...rule, limit: 1 }, low] }, /kept by both "high" and "low"/],
    ["/rules/0/limit", { rules: [{ ...rule, cmp: "ge", limit: 2 }, low] }, /kept by both/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: "P36500D" }] }, /at most P366D/],
    ["/rules/0/limit", { rules: [{ ...rule, limit: 281.15 }] }, /kelvins/],
    ["/rules/0/unit", { rules: [{ ...rule, limit: 46.4, unit: "degF" }] }, /Cel, not in degF/],
    ["/rules/0/limit", { rules: [{ ...rule, quantity: "humidity", limit: 120 }] }, /0 to 100 %RH/],
    ["/rules/0/clause", { rules: [{ ...rule, clause: "XYZ 12" }] }, /begins with the instrument/],
    [
      "/effective_until",
      {
        effective_from: "2026-02-01T00:00:00Z",
        effective_until: "2026-01-01T00:00:00Z",
        rules: [rule],
      },
      /after effective_from/,
    ],
    ["/rules/0/warn/limit", { rules: [{ ...rule, warn: { limit: 9 } }] }, /inner side/],
    ["/rules/0/warn/hold", { rules: [{ ...rule, warn: { hold: "PT2H" } }] }, /not longer/],
    ["/rules/0/quantity", { rules: [{ ...rule, quantity: "product" }] }, /product\.lag/],
    [
      "/rules/0/quantity",
      { rules: [{ id: "life", quantity: "budget", cmp: "ge", limit: 100, mode: "instant" }] },
      /product\.spoilage/,
    ],
    [
      "/rules/0/allowances/0/for",
      { rules: [{ ...rule, allowances: [{ ...door, for: "PT45M" }] }, exposure] },
      /exposure rule/,
    ],
    [
      "/rules/0/allowances",
      { rules: [{ ...rule, quantity: "humidity", allowances: [door] }] },
      /for air/,
    ],
    [
      "/product/spoilage/reference_c",
      {
        product: {
          spoilage: { model: "square-root", minimum_c: 0, reference_c: -5, life: "P5D" },
        },
        rules: [rule],
      },
      /above minimum_c/,
    ],
    [
      "/rules/0/schedule/offset",
      { rules: [{ ...rule, schedule: { offset: "Asia/Shanghai", from: "08:00", to: "18:00" } }] },
      /\+08:00/,
    ],
    [
      "/rules",
      {
        rules: [
          { ...rule, warn: { limit: 7 } },
          { ...rule, id: "high.warn" },
        ],
      },
      /once/,
    ],
  ])("%s", (pointer, fields, message) => {
    const parsed = parseProfile({ id: "p", ...fields }, "hash");
    expect(parsed).toMatchObject({ ok: false, problems: [{ pointer }] });
    if (!parsed.ok) expect(parsed.problems[0]?.message).toMatch(message);
  });
});
