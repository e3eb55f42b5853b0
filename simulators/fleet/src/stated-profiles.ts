import type { StatedProfileDocument } from "./scenario.ts";

// Whole documents: a scenario's bytes may not change with the profiles that come with Unbroken. Devices of the scenarios
// report each minute, so silence shows after two and a half.

/** 0 to 10 °C, 30 minutes. */
export const chilledFood: StatedProfileDocument = {
  id: "chilled.cn.minutely",
  title: "Chilled food, 0 to 10 °C (template: 30 minutes)",
  source: "GB 31605-2020; exposure after GB/T 22918",
  edition: "2020",
  cadence: "PT1M",
  rules: [
    {
      id: "high",
      cmp: "gt",
      limit: 10,
      mode: "consecutive",
      hold: "PT30M",
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
  ],
};

/** −18 °C, 30 minutes. */
export const frozenFood: StatedProfileDocument = {
  id: "frozen.cn.minutely",
  title: "Frozen food, −18 °C or colder (template: 30 minutes)",
  source: "GB 31605-2020; GB/T 24616-2019",
  edition: "2020",
  cadence: "PT1M",
  rules: [
    {
      id: "high",
      cmp: "gt",
      limit: -18,
      mode: "consecutive",
      hold: "PT30M",
      clause: "GB/T 24616-2019, ≤ −18 °C",
    },
  ],
};

/** Berries: chilled food that must not freeze either, not for a moment. */
export const blueberries: StatedProfileDocument = {
  ...chilledFood,
  id: "blueberry",
  title: "Blueberries, 0 to 10 °C (template: 30 minutes), never frozen",
  rules: [
    ...chilledFood.rules,
    {
      id: "frost",
      cmp: "le",
      limit: -1.5,
      mode: "instant",
      clause: "operator's own: berries freeze near −2 °C",
    },
  ],
};

/** 2 to 8 °C, 10 minutes, and nothing above 15 °C at any moment. */
export const freshTransport: StatedProfileDocument = {
  id: "fresh-transport",
  title: "Fresh goods on the road, 2 to 8 °C (template: 10 minutes)",
  source: "contract of carriage (template)",
  edition: "1",
  cadence: "PT1M",
  rules: [
    { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT10M" },
    { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT10M" },
    { id: "hot", cmp: "gt", limit: 15, mode: "instant" },
  ],
};
