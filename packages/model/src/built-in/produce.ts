import {
  instant,
  lifeUsedUp,
  roomProbes,
  type StatedProfile,
  type StatedRule,
} from "./stated-profile.ts";

type Names = Pick<StatedProfile, "id" | "title" | "title_zh" | "source" | "edition">;
type Product = NonNullable<StatedProfile["product"]>;

/**
 * Saltveit: between 0 and 10 °C fresh produce spoils 2.5 to 4 times faster at 10 K more. 3 is kept up to 30 °C, where
 * it is less: the life is then shown as shorter than it is, never as longer.
 */
function ageing(reference: number, life: string, error: number): Product {
  return {
    spoilage: {
      model: "q10",
      q10: 3,
      reference_c: reference,
      life,
      valid_c: [-2, 30],
      life_error: error,
    },
  };
}

/** Out of the best range for two hours, a person is told; that alone breaks nothing. */
function best(from: number, to: number): readonly StatedRule[] {
  const told = { mode: "consecutive", hold: "PT2H", severity: "warn" } as const;
  const clause = "own: the range that keeps it longest";
  return [
    { id: "best-high", cmp: "gt", limit: to, ...told, clause },
    { id: "best-low", cmp: "lt", limit: from, ...told, clause },
  ];
}

/** Goods that freeze at `limit`. */
function freezing(limit: number): StatedRule {
  return { id: "low", cmp: "lt", limit, ...instant, clause: "own: not below its freezing" };
}

function chilling(limit: number, hold: string): StatedRule {
  return {
    id: "chilling",
    cmp: "lt",
    limit,
    mode: "consecutive",
    hold,
    clause: "own: chilling injury",
  };
}

/** Drier than is good for it, for an hour. */
function notDrier(limit: number, clause: string): StatedRule {
  return {
    id: "dry",
    quantity: "humidity",
    cmp: "lt",
    limit,
    mode: "consecutive",
    hold: "PT1H",
    severity: "warn",
    clause,
  };
}

function produce(
  names: Names,
  rules: readonly StatedRule[],
  product: Product | null,
  cadence: string = "PT5M",
): StatedProfile {
  return {
    ...names,
    confidence: "template",
    cadence,
    faults: roomProbes,
    ...(product === null ? {} : { product }),
    rules: [...rules],
  };
}

const davis = (what: string) => ({
  source: `UC Davis Postharvest, ${what}`,
  edition: "as read",
});
const handbook = (table: string) => ({
  source: `postharvest handbook, table ${table}; rate after Saltveit, table 20.3`,
  edition: "as read",
});

export const berries: readonly StatedProfile[] = [
  produce(
    {
      id: "yn.blueberry",
      title: "Blueberries, 0 ± 0.5 °C",
      title_zh: "蓝莓 0 ± 0.5 °C",
      ...davis("bushberries: 0 ± 0.5 °C, 90–95 %RH, 1 to 2 weeks"),
    },
    [
      lifeUsedUp,
      {
        id: "high",
        cmp: "gt",
        limit: 5,
        mode: "consecutive",
        hold: "PT2H",
        severity: "warn",
        clause: "own: 5 °C for 2 h",
      },
      freezing(-0.5),
      ...best(-0.5, 2),
      notDrier(90, "UC Davis bushberries, 90–95 %RH"),
    ],
    ageing(0, "P10DT12H", 0.33),
  ),
  produce(
    {
      id: "yn.raspberry",
      title: "Raspberries, 0 °C",
      title_zh: "树莓 0 °C",
      ...davis("bushberries: 2 to 5 days"),
    },
    [lifeUsedUp, freezing(-0.5), ...best(-0.5, 1)],
    ageing(0, "P3DT12H", 0.43),
  ),
  produce(
    {
      id: "yn.blackberry",
      title: "Blackberries, 0 °C",
      title_zh: "黑莓 0 °C",
      ...davis("bushberries: 2 to 5 days"),
    },
    [lifeUsedUp, freezing(-0.5), ...best(-0.5, 1)],
    ageing(0, "P3DT12H", 0.43),
  ),
  produce(
    {
      id: "yn.strawberry",
      title: "Strawberries, 0 °C",
      title_zh: "草莓 0 °C",
      ...handbook("20.1: 7 days"),
    },
    [lifeUsedUp, freezing(-0.5), ...best(-0.5, 1)],
    ageing(0, "P7D", 0.2),
  ),
];

export const mushrooms: readonly StatedProfile[] = [
  produce(
    {
      id: "yn.matsutake",
      title: "Matsutake, 0 to 4 °C",
      title_zh: "松茸 0–4 °C",
      source: "about 2 days at 20 °C, 7 days at 4 °C in 0.05 mm PE; Foods 2019, 8(4), 136",
      edition: "2019",
    },
    [lifeUsedUp, freezing(0), ...best(0, 4)],
    {
      // ln(7 ÷ 2) over 4 to 20 °C: 52.9 kJ/mol.
      spoilage: {
        model: "arrhenius",
        activation_kj: 52.9,
        reference_c: 4,
        life: "P7D",
        valid_c: [-1, 25],
        life_error: 0.25,
      },
    },
  ),
  produce(
    {
      id: "yn.mushroom",
      title: "Cultivated mushrooms, up to 2 °C",
      title_zh: "食用菌 ≤ 2 °C",
      source:
        "Minamide 1980: 14–20 days at 1 °C, about 10 at 6, 2–3 at 20, fitted: 67 kJ/mol; Cantwell, UC Davis",
      edition: "1980",
    },
    [lifeUsedUp, freezing(-0.9), ...best(-0.9, 2)],
    {
      spoilage: {
        model: "arrhenius",
        activation_kj: 67,
        reference_c: 1,
        life: "P17D",
        valid_c: [-1, 25],
        life_error: 0.18,
      },
    },
  ),
  produce(
    {
      id: "yn.oyster",
      title: "Abalone oyster mushroom, 8 to 10 °C (chilling injury at 4 °C)",
      title_zh: "鲍鱼菇 8–10 °C（4 °C 冷害）",
      source: "ISHS Acta Horticulturae 1213, 35: chilling injury at 4 °C",
      edition: "as read",
    },
    [chilling(6, "PT2H"), ...best(8, 10)],
    null,
  ),
];

export const vegetables: readonly StatedProfile[] = [
  produce(
    {
      id: "yn.leafy",
      title: "Cabbage, spinach, leek, 0 °C",
      title_zh: "叶菜 0 °C",
      source: "Cantwell, UC Davis: 0 °C, 95–100 %RH",
      edition: "as read",
    },
    [lifeUsedUp, freezing(0), ...best(0, 2), notDrier(95, "UC Davis, 95–100 %RH")],
    ageing(0, "P12D", 0.3),
  ),
  produce(
    {
      id: "yn.broccoli",
      title: "Broccoli, 0 °C",
      title_zh: "西兰花 0 °C",
      source: "Cantwell, UC Davis: 0 °C, 95–100 %RH, 2 to 3 weeks",
      edition: "as read",
    },
    [lifeUsedUp, freezing(0), ...best(0, 2), notDrier(95, "UC Davis, 95–100 %RH")],
    ageing(0, "P17DT12H", 0.2),
  ),
  produce(
    {
      id: "yn.asparagus",
      title: "Asparagus, 0 to 2 °C",
      title_zh: "芦笋 0–2 °C",
      ...handbook("20.2: 14 to 21 days"),
    },
    [lifeUsedUp, freezing(0), ...best(0, 2)],
    ageing(0, "P17DT12H", 0.2),
  ),
  produce(
    {
      id: "yn.bean",
      title: "Snap beans, 5 to 7.5 °C",
      title_zh: "四季豆 5–7.5 °C",
      ...handbook("20.2: 8 to 12 days"),
    },
    [chilling(4, "PT2H"), ...best(5, 7.5)],
    ageing(6, "P10D", 0.2),
  ),
  produce(
    {
      id: "yn.cucumber",
      title: "Cucumbers, 10 to 12.5 °C",
      title_zh: "黄瓜 10–12.5 °C",
      ...handbook("20.2: 14 days"),
    },
    [chilling(8, "PT4H"), ...best(10, 12.5)],
    ageing(11, "P14D", 0.2),
  ),
  produce(
    {
      id: "yn.eggplant",
      title: "Eggplants, 10 to 12.5 °C",
      title_zh: "茄子 10–12.5 °C",
      ...handbook("20.2: 14 days"),
    },
    [chilling(8, "PT4H"), ...best(10, 12.5)],
    ageing(11, "P14D", 0.2),
  ),
  produce(
    {
      id: "yn.garlic",
      title: "Garlic, −1 to 0 °C, dry",
      title_zh: "大蒜 −1–0 °C",
      source: "Cantwell, UC Davis: 60–70 %RH; tolerances loose",
      edition: "as read",
    },
    dryStore(),
    null,
    "PT15M",
  ),
  produce(
    {
      id: "yn.onion",
      title: "Onions, −1 to 0 °C, dry",
      title_zh: "洋葱 −1–0 °C",
      source: "Cantwell, UC Davis: 60–70 %RH; tolerances loose",
      edition: "as read",
    },
    dryStore(),
    null,
    "PT15M",
  ),
];

/** Bulbs keep for months: a day out of the range is on record, and nothing of it breaks. */
function dryStore(): readonly StatedRule[] {
  const loose = { mode: "consecutive", hold: "P1D" } as const;
  return [
    { id: "high", cmp: "gt", limit: 0, ...loose, clause: "own: loose" },
    { id: "low", cmp: "lt", limit: -1, ...loose, clause: "own: loose" },
    {
      id: "damp",
      quantity: "humidity",
      cmp: "gt",
      limit: 70,
      ...loose,
      severity: "warn",
      clause: "UC Davis, 60–70 %RH",
    },
  ];
}

export const tropicalFruit: readonly StatedProfile[] = [
  produce(
    {
      id: "yn.avocado",
      title: "Avocados, 5 to 12 °C",
      title_zh: "牛油果 5–12 °C",
      ...handbook("20.1"),
    },
    [chilling(5, "PT4H"), ...best(5, 12)],
    null,
    "PT10M",
  ),
  produce(
    {
      id: "yn.banana",
      title: "Bananas, 13 to 14 °C",
      title_zh: "香蕉 13–14 °C",
      ...handbook("20.1"),
    },
    [chilling(13, "PT4H"), ...best(13, 14)],
    null,
    "PT10M",
  ),
  produce(
    {
      id: "yn.mango",
      title: "Mangoes, 10 to 13 °C",
      title_zh: "芒果 10–13 °C",
      ...handbook("20.1"),
    },
    [chilling(10, "PT4H"), ...best(10, 13)],
    null,
    "PT10M",
  ),
];

export const flowers: readonly StatedProfile[] = [
  produce(
    {
      id: "yn.rose",
      title: "Cut roses, carnations and lilies, 0.5 to 2 °C",
      title_zh: "鲜切玫瑰、康乃馨、百合 0.5–2 °C",
      source: "own: to be confirmed against literature",
      edition: "template",
    },
    [
      lifeUsedUp,
      {
        id: "high",
        cmp: "gt",
        limit: 8,
        mode: "consecutive",
        hold: "PT1H",
        warn: { limit: 5 },
        clause: "own: 8 °C for 1 h; up to 5 °C tolerated",
      },
      ...best(0.5, 2),
    ],
    ageing(1, "P10D", 0.3),
  ),
  produce(
    {
      id: "yn.tropicalflower",
      title: "Anthuriums and orchids, 12.5 to 15 °C",
      title_zh: "红掌、兰花 12.5–15 °C",
      source: "own: to be confirmed against literature",
      edition: "template",
    },
    [chilling(10, "PT2H"), ...best(12.5, 15)],
    null,
  ),
];
