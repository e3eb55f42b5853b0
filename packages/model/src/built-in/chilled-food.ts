import {
  instant,
  lifeUsedUp,
  loading,
  roomProbes,
  type StatedProfile,
  type StatedRule,
} from "./stated-profile.ts";

/** A chilled foodstuff of ATP Annex 3: no warmer than `limit`; some freeze below `low`. */
function chilled(
  names: Pick<StatedProfile, "id" | "title" | "title_zh">,
  limit: number,
  low: number | null,
  clause: string,
): StatedProfile {
  const rules: StatedRule[] = [{ id: "high", cmp: "gt", limit, ...instant, clause }];
  if (low !== null)
    rules.push({
      id: "low",
      cmp: "lt",
      limit: low,
      ...instant,
      clause: "own: not below its freezing",
    });
  return {
    ...names,
    source: "ATP Annex 3, chilled foodstuffs; the label where it asks for less",
    edition: "as quoted by vendors; buy the text",
    confidence: "template",
    cadence: "PT5M",
    faults: roomProbes,
    rules,
  };
}

export const chilledFood: readonly StatedProfile[] = [
  {
    id: "chilled.cn",
    title: "Chilled food, 0 to 10 °C (template: 30 minutes)",
    title_zh: "冷藏食品 0–10 °C（模板：30 分钟）",
    source: "GB 31605-2020; GB/T 24616-2019; exposure and product change after GB/T 22918",
    edition: "2020",
    effective_from: "2021-03-11T00:00:00+08:00",
    confidence: "template",
    cadence: "PT5M",
    faults: roomProbes,
    product: { lag: "PT30M" },
    rules: [
      {
        id: "high",
        cmp: "gt",
        limit: 10,
        mode: "consecutive",
        hold: "PT30M",
        // GB/T 24616-2019 calls food chilled below 8 °C.
        warn: { limit: 8 },
        clause: "GB 31605-2020, 0–10 °C",
      },
      {
        id: "low",
        cmp: "lt",
        limit: 0,
        mode: "consecutive",
        hold: "PT30M",
        clause: "GB 31605-2020, 0–10 °C",
      },
      {
        id: "rise",
        quantity: "product",
        cmp: "gt",
        limit: 3,
        mode: "rise",
        phases: ["transit", "load"],
        severity: "excursion",
        clause: "GB/T 22918, product change ≤ 3 K in transport and transfer",
      },
      {
        id: "exposure",
        cmp: "gt",
        limit: 10,
        mode: "exposure",
        hold: "PT30M",
        severity: "excursion",
        clause: "GB/T 22918, exposure in transfer ≤ 0.5 h",
      },
    ],
  },
  chilled(
    { id: "meat.red", title: "Red meat, chilled, up to 7 °C", title_zh: "冷鲜红肉 ≤ 7 °C" },
    7,
    -1.5,
    "ATP Annex 3, red meat +7 °C",
  ),
  chilled(
    {
      id: "poultry",
      title: "Poultry and rabbit, chilled, up to 4 °C",
      title_zh: "冷鲜禽肉、兔肉 ≤ 4 °C",
    },
    4,
    -2,
    "ATP Annex 3, poultry, rabbit and small game +4 °C",
  ),
  chilled(
    { id: "offal", title: "Red offal, chilled, up to 3 °C", title_zh: "冷鲜红脏 ≤ 3 °C" },
    3,
    null,
    "ATP Annex 3, red offal +3 °C",
  ),
  chilled(
    { id: "minced", title: "Minced meat, chilled, up to 2 °C", title_zh: "冷鲜肉糜 ≤ 2 °C" },
    2,
    null,
    "ATP Annex 3, minced meat +2 °C",
  ),
  chilled(
    {
      id: "dairy.fresh",
      title: "Pasteurised milk and yoghurt, up to 6 °C",
      title_zh: "巴氏奶、酸奶 ≤ 6 °C",
    },
    6,
    0,
    "ATP Annex 3, pasteurised milk and fresh dairy products +6 °C",
  ),
  {
    ...chilled(
      {
        id: "milk.raw",
        title: "Raw milk, up to 6 °C; 10 °C at collection",
        title_zh: "生乳 ≤ 6 °C，收奶时 ≤ 10 °C",
      },
      6,
      0,
      "ATP Annex 3, raw milk +6 °C",
    ),
    rules: [
      {
        id: "high",
        cmp: "gt",
        limit: 6,
        ...instant,
        // While it is taken in from farms, the milk may come at 10 °C; for how long is a template.
        allowances: [{ ...loading, by: 4, for: "PT1H" }],
        clause: "ATP Annex 3, raw milk +6 °C",
      },
      {
        id: "collection",
        cmp: "gt",
        limit: 10,
        ...instant,
        phases: ["load"],
        clause: "ATP Annex 3, raw milk at farm collection +10 °C",
      },
      { id: "low", cmp: "lt", limit: 0, ...instant, clause: "own: not below its freezing" },
    ],
  },
  chilled(
    {
      id: "rte.meal",
      title: "Ready meals and cut salad, up to 6 °C",
      title_zh: "即食餐、鲜切菜 ≤ 6 °C",
    },
    6,
    0,
    "ATP Annex 3, ready meals and cut vegetables +6 °C",
  ),
  {
    id: "fish.fresh",
    title: "Fresh fish on melting ice",
    title_zh: "冰鲜鱼",
    source: "ATP Annex 3 (on melting ice); relative rate of spoilage after FSSP, square root",
    edition: "as quoted by vendors; buy the text",
    confidence: "template",
    cadence: "PT5M",
    faults: roomProbes,
    product: {
      freezes_c: -0.5,
      spoilage: {
        model: "square-root",
        minimum_c: -10,
        reference_c: 0,
        life: "P14D",
        valid_c: [-2, 20],
        life_error: 0.2,
      },
    },
    rules: [
      lifeUsedUp,
      {
        id: "high",
        cmp: "gt",
        limit: 2,
        ...instant,
        severity: "warn",
        clause: "ATP Annex 3, untreated fish on melting ice; 2 °C is a template",
      },
      {
        id: "histamine",
        cmp: "gt",
        limit: 4.4,
        ...instant,
        severity: "excursion",
        clause: "FDA seafood HACCP, histamine-forming species 4.4 °C",
      },
      { id: "low", cmp: "lt", limit: -0.5, ...instant, clause: "own: not below its freezing" },
    ],
  },
  {
    id: "fish.smoked",
    title: "Cold-smoked salmon",
    title_zh: "冷熏三文鱼",
    source: "relative rate of spoilage after FSSP, cold-smoked salmon, exponential, 0 to 25 °C",
    edition: "FSSP pages as read",
    confidence: "template",
    cadence: "PT5M",
    faults: roomProbes,
    product: {
      spoilage: {
        model: "exponential",
        per_k: 0.089,
        reference_c: 5,
        life: "P28D",
        valid_c: [0, 25],
        life_error: 0.25,
      },
    },
    rules: [
      lifeUsedUp,
      { id: "high", cmp: "gt", limit: 5, ...instant, severity: "excursion", clause: "label: 5 °C" },
    ],
  },
  {
    id: "shrimp.map",
    title: "Brined shrimp in modified atmosphere",
    title_zh: "气调盐水虾",
    source: "relative rate of spoilage after FSSP, brined shrimp in modified atmosphere",
    edition: "FSSP pages as read",
    confidence: "template",
    cadence: "PT5M",
    faults: roomProbes,
    product: {
      spoilage: {
        model: "exponential",
        per_k: 0.15,
        reference_c: 5,
        life: "P30D",
        valid_c: [0, 25],
        life_error: 0.25,
      },
    },
    rules: [
      lifeUsedUp,
      { id: "high", cmp: "gt", limit: 5, ...instant, severity: "excursion", clause: "label: 5 °C" },
    ],
  },
];
