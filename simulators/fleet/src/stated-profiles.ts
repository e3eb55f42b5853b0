import { builtInProfiles } from "@unbroken/model";
import type { StatedProfileDocument } from "./scenario.ts";

function builtIn(id: string): StatedProfileDocument {
  const profile = builtInProfiles.find((candidate) => candidate.id === id);
  if (profile === undefined) throw new RangeError(`no built-in profile ${id}`);
  return profile;
}

/** 0 to 10 °C, 30 minutes. */
export const chilledFood = minutely(builtIn("chilled.cn"));

/** −18 °C, 30 minutes. */
export const frozenFood = minutely(builtIn("frozen.cn"));

/** Devices of the scenarios report each minute, so silence shows after two and a half. */
function minutely(profile: StatedProfileDocument): StatedProfileDocument {
  return { ...profile, id: `${profile.id}.minutely`, cadence: "PT1M" };
}

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
