import type { z } from "zod";
import type { ProfileDocument as Schema } from "./profile.ts";

type Stated = z.input<typeof Schema>;

/**
 * Profiles to start with. Limits are those of the texts named; where a text leaves the tolerance open, the hold is a
 * template that the operator confirms, and the title says so.
 */
export const builtInProfiles: readonly Stated[] = [
  {
    id: "chilled.cn",
    title: "Chilled food, 0 to 10 °C (template: 30 minutes)",
    source: "GB 31605-2020; exposure after GB/T 22918",
    edition: "2020",
    cadence: "PT5M",
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
  },
  {
    id: "frozen.cn",
    title: "Frozen food, −18 °C or colder (template: 30 minutes)",
    source: "GB 31605-2020; GB/T 24616-2019",
    edition: "2020",
    cadence: "PT5M",
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
  },
  {
    id: "vacc.2-8.store",
    title: "Vaccine store, 2 to 8 °C",
    source: "WHO PQS E003, E006",
    edition: "as of 2024",
    cadence: "PT10M",
    rules: [
      {
        id: "heat",
        cmp: "gt",
        limit: 8,
        mode: "consecutive",
        hold: "PT10H",
        clause: "WHO PQS E003, HEAT",
      },
      {
        id: "freeze",
        cmp: "le",
        limit: -0.5,
        mode: "consecutive",
        hold: "PT60M",
        clause: "WHO PQS E003, FRZE",
      },
    ],
  },
];
