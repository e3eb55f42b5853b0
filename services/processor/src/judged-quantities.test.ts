import { ProfileDocument, profileOf } from "@unbroken/model";
import { expect, it } from "vitest";
import { quantitiesAskedFor } from "./judged-quantities.ts";

it.each<readonly [string, readonly object[], readonly string[]]>([
  ["air alone", [{ limit: 8, mode: "instant" }], []],
  [
    "humidity",
    [{ quantity: "humidity", limit: 75, mode: "consecutive", hold: "PT1H" }],
    ["relative_humidity"],
  ],
  [
    "a door and a supply",
    [
      { quantity: "door", cmp: "ge", limit: 1, mode: "consecutive", hold: "PT5M" },
      { quantity: "power", cmp: "lt", limit: 1, mode: "instant" },
    ],
    ["door_open", "power_supply"],
  ],
  [
    "what allowances are proven by",
    [
      {
        limit: -15,
        mode: "instant",
        allowances: [
          { phase: "load", by: 3, for: "PT30M" },
          { phase: "defrost", by: 5, for: "PT20M" },
        ],
      },
    ],
    ["defrost", "door_open"],
  ],
  ["the phase of a rule", [{ limit: -15, mode: "instant", phases: ["defrost"] }], ["defrost"]],
  ["handling", [{ limit: 0, mode: "exposure", hold: "PT15M" }], ["door_open"]],
  [
    "a stated phase, which asks for no sensor",
    [{ limit: 8, mode: "instant", phases: ["store"] }],
    [],
  ],
])("a profile of %s asks for its sensors, and always for temperatures", (_, rules, asked) => {
  const document = ProfileDocument.parse({
    id: "asking",
    rules: rules.map((rule, i) => ({ id: `r${i}`, cmp: "gt", ...rule })),
  });
  const found = quantitiesAskedFor([profileOf(document, "hash")]);
  expect([...found].sort()).toEqual([...asked, "temperature"].sort());
});
