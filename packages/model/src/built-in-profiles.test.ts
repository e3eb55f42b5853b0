import { describe, expect, it } from "vitest";
import { ProfileDocument, builtInProfiles, parseProfile, profileOf, type Rule } from "./index.ts";

const ready = builtInProfiles.map((document) =>
  profileOf(ProfileDocument.parse(document), document.id),
);

/** A rule in the short form of the standards table: `gt8/10h/c`; `i` instant, `s` sum, `w` warn, `x` on record. */
function short(rule: Rule): string {
  const what = rule.quantity === "air" ? "" : rule.quantity;
  const limit = rule.limit / 1_000;
  const mark = { break: "", excursion: "!x", warn: "!w" }[rule.severity];
  const length = rule.mode === "instant" ? "i" : lengthOf(rule);
  return `${what}${rule.comparison}${limit}/${length}${mark}`;
}

function lengthOf({ mode, hold, scope }: Rule): string {
  const hours = (ms: number): string => `${ms / 3_600_000}h`;
  switch (mode) {
    case "consecutive":
      return `${hours(hold)}/c`;
    case "cumulative":
      return `${hours(hold)}/s`;
    case "exposure":
      return `${hours(hold)}/exp`;
    case "window":
      return hours(scope ?? 0);
    default:
      return mode;
  }
}

/**
 * The rows as the texts have them, typed from the texts and not from the data: id, lowest and highest of the range
 * (null: none), rules that must be there, minutes between two readings. Two ids of the beginning keep their own holds.
 */
type Row = readonly [
  id: string,
  min: number | null,
  max: number | null,
  rules: string,
  minutes: number,
];
const rows: readonly Row[] = [
  ["frozen.cn", null, -18, "gt-18/0.5h/c productgt3/rise!x gt-18/0.5h/exp!x", 5],
  ["frozen.eu", null, -18, "gt-15/i gt-18/0.5h/c!x", 5],
  ["icecream", null, -20, "gt-20/i gt-22/i!w", 5],
  ["frozen.other", null, -12, "gt-12/i", 5],
  ["frozen.butter", null, -10, "gt-10/i", 5],
  ["meat.red", -1.5, 7, "gt7/i", 5],
  ["poultry", -2, 4, "gt4/i", 5],
  ["offal", null, 3, "gt3/i", 5],
  ["minced", null, 2, "gt2/i", 5],
  ["dairy.fresh", 0, 6, "gt6/i", 5],
  ["milk.raw", 0, 6, "gt6/i gt10/i", 5],
  ["fish.fresh", -0.5, 2, "budgetge100/i gt4.4/i!x", 5],
  ["seafood.frozen", null, -18, "gt-18/i productgt3/rise gt-18/0.5h/exp", 10],
  ["chilled.cn", 0, 10, "gt10/0.5h/c gt8/0.5h/c!w productgt3/rise!x gt10/0.5h/exp!x", 5],
  ["rte.meal", 0, 6, "gt6/i", 5],
  ["yn.blueberry", -0.5, 2, "gt5/2h/c!w budgetge100/i humiditylt90/1h/c!w", 5],
  ["yn.raspberry", -0.5, 1, "budgetge100/i", 5],
  ["yn.blackberry", -0.5, 1, "budgetge100/i", 5],
  ["yn.strawberry", -0.5, 1, "budgetge100/i", 5],
  ["yn.matsutake", 0, 4, "budgetge100/i", 5],
  ["yn.mushroom", -0.9, 2, "budgetge100/i", 5],
  ["yn.oyster", 8, 10, "lt6/2h/c", 5],
  ["yn.leafy", 0, 2, "budgetge100/i humiditylt95/1h/c!w", 5],
  ["yn.broccoli", 0, 2, "budgetge100/i humiditylt95/1h/c!w", 5],
  ["yn.asparagus", 0, 2, "budgetge100/i", 5],
  ["yn.bean", 5, 7.5, "lt4/2h/c", 5],
  ["yn.cucumber", 10, 12.5, "lt8/4h/c", 5],
  ["yn.eggplant", 10, 12.5, "lt8/4h/c", 5],
  ["yn.avocado", 5, 12, "lt5/4h/c", 10],
  ["yn.banana", 13, 14, "lt13/4h/c", 10],
  ["yn.mango", 10, 13, "lt10/4h/c", 10],
  ["yn.garlic", -1, 0, "humiditygt70/24h/c!w", 15],
  ["yn.onion", -1, 0, "humiditygt70/24h/c!w", 15],
  ["yn.rose", 0.5, 2, "gt8/1h/c gt5/1h/c!w budgetge100/i", 5],
  ["yn.tropicalflower", 12.5, 15, "lt10/2h/c", 5],
  [
    "vacc.2-8.store",
    2,
    8,
    "gt8/10h/c le-0.5/1h/c gt8/i!w lt2/i!w doorge1/0.08333333333333333h/c!w",
    10,
  ],
  ["vacc.ship.t1", null, null, "ge45/1h/c ge30/10h/s le-0.5/1h/c", 10],
  ["vacc.ship.t2", null, null, "ge45/1h/c ge30/10h/s ge10/20h/s", 10],
  ["drug.cn.cold", 2, 8, "gt8/i lt2/i", 5],
  ["drug.cn.cool", null, 20, "gt20/i", 5],
  ["drug.cn.ambient", 10, 30, "gt30/i lt10/i", 5],
  ["drug.us.cct", 2, 8, "mktgt8/24h gt15/i lt0/i", 5],
  ["drug.us.crt", 20, 25, "mktgt25/720h gt30/24h/c gt40/i lt15/i", 15],
  ["vacc.frozen", -25, -15, "gt-15/i lt-50/i", 5],
  ["vacc.ult", -80, -60, "gt-60/i lt-90/i", 5],
  ["cryo.ln2", null, -150, "gt-150/i gt-135/i", 1],
  ["blood.rbc", 1, 6, "gt10/i gt6/i", 5],
  ["plasma", null, -18, "gt-18/i", 5],
  ["platelets", 20, 24, "gt24/i lt20/i", 5],
];

describe("the profiles that come with Unbroken say what the texts say", () => {
  it.each(rows)(
    "%s: from %s to %s °C, %s, a reading each %i min",
    (id, min, max, rules, minutes) => {
      const profile = ready.find((each) => each.id === id);
      expect(profile?.cadence).toBe(minutes * 60_000);
      const air = (profile?.rules ?? []).filter(({ quantity }) => quantity === "air");
      const limits = (side: string) =>
        air.filter((rule) => rule.side === side).map(({ limit }) => limit / 1_000);
      if (min !== null) expect(limits("low")).toContain(min);
      if (max !== null) expect(limits("high")).toContain(max);
      expect(profile?.rules.map(short)).toEqual(expect.arrayContaining(rules.split(" ")));
    },
  );

  it("and every profile but two models of the kinetics literature is a row of the table", () => {
    const extra = ready.map(({ id }) => id).filter((id) => rows.every(([row]) => row !== id));
    expect(extra).toEqual(["fish.smoked", "shrimp.map"]);
    expect(new Set(ready.map(({ id }) => id)).size).toBe(ready.length);
  });

  it.each([
    ["fish.fresh", { model: "square-root", minimum_c: -10, reference_c: 0 }],
    ["fish.smoked", { model: "exponential", per_k: 0.089, valid_c: [0, 25] }],
    ["shrimp.map", { model: "exponential", per_k: 0.15 }],
    ["yn.mushroom", { model: "arrhenius", activation_kj: 67, reference_c: 1, life: "P17D" }],
  ])("%s ages as was published", (id, spoilage) => {
    expect(ready.find((each) => each.id === id)?.product).toMatchObject({ spoilage });
  });

  it.each([
    ["chilled.cn", "2021-03-10T16:00:00.000Z"],
    ["frozen.cn", "2021-03-10T16:00:00.000Z"],
    ["drug.us.cct", "2025-08-01T04:00:00.000Z"],
    ["drug.us.crt", "2025-08-01T04:00:00.000Z"],
  ])("%s holds from %s on, as its text says", (id, from) => {
    expect(ready.find((each) => each.id === id)?.effectiveFrom).toBe(Date.parse(from));
  });
});

describe("each profile that comes with Unbroken", () => {
  it.each(builtInProfiles.map((document) => [document.id, document] as const))(
    "%s says its titles, source, edition and confidence, and a clause for each rule",
    (id, document) => {
      expect(parseProfile(document, id)).toMatchObject({ ok: true });
      for (const field of ["title", "title_zh", "source", "edition", "confidence"] as const)
        expect(document[field], field).toMatch(/\S/);
      expect(document.faults).toBeDefined();
      for (const rule of document.rules) expect(rule.clause, rule.id).toMatch(/\S/);
    },
  );

  it("is a template wherever a number is ours: debounce, hysteresis, an allowance or an own clause", () => {
    const claims = builtInProfiles.filter(({ confidence }) => confidence === "text");
    expect(claims.map(({ id }) => id)).toEqual(["vacc.2-8.store", "vacc.ship.t1", "vacc.ship.t2"]);
    for (const { id, rules } of claims)
      for (const rule of rules) {
        expect(rule.clause, id).not.toMatch(/^own|template/);
        expect([
          rule.hysteresis,
          rule.allowances,
          rule.mode === "instant" && rule.debounce,
        ]).toEqual([undefined, undefined, rule.mode === "instant" ? undefined : false]);
      }
  });
});
