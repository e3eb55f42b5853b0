import type { StatedProfileDocument } from "./scenario.ts";

// Profiles that are meant to wake nobody for what is ordinary: each air rule lets spikes pass, allows for doors and
// defrosts that a contact proves, and ends an episode only when it is truly over. The product's core, a door that stands
// open, a supply that fails and a device that is silent have rules of their own. Numbers are templates.

type StatedRule = StatedProfileDocument["rules"][number];

const watched: readonly StatedRule[] = [
  {
    id: "door",
    quantity: "door",
    cmp: "ge",
    limit: 1,
    mode: "consecutive",
    hold: "PT15M",
    severity: "excursion",
  },
  {
    id: "silent",
    quantity: "link",
    cmp: "lt",
    limit: 1,
    mode: "consecutive",
    hold: "PT45M",
    severity: "excursion",
  },
];

const supplied: StatedRule = {
  id: "supply",
  quantity: "power",
  cmp: "lt",
  limit: 1,
  mode: "consecutive",
  hold: "PT5M",
  severity: "excursion",
};

const probes = { step: { by: 8, within: "PT2M30S" } };
const calm = { mode: "instant", debounce: "PT20M", hysteresis: 0.5, clear: "PT5M" } as const;

/** −18 °C, the core too; its warning 1 K before. */
export const frozenGuarded: StatedProfileDocument = {
  id: "frozen.guarded",
  title: "Frozen food, −18 °C or colder, with allowances (template)",
  source: "GB/T 24616-2019, ≤ −18 °C; allowances, core and holds are templates",
  edition: "2019",
  cadence: "PT1M",
  faults: probes,
  product: { lag: "PT6H" },
  rules: [
    {
      id: "high",
      cmp: "gt",
      limit: -18,
      ...calm,
      allowances: [
        { phase: "load", by: 8, for: "PT20M" },
        { phase: "defrost", by: 6, for: "PT40M", every: "PT4H" },
      ],
    },
    {
      id: "core",
      quantity: "product",
      cmp: "gt",
      limit: -18,
      mode: "instant",
      hysteresis: 0.5,
      warn: { limit: -19 },
    },
    ...watched,
    supplied,
  ],
};

/** 0 to 8 °C, the core too; its warning 1.5 K before. */
export const chilledGuarded: StatedProfileDocument = {
  id: "chilled.guarded",
  title: "Chilled food, 0 to 8 °C, with allowances (template)",
  source: "operator's own (template)",
  edition: "1",
  cadence: "PT1M",
  faults: probes,
  product: { lag: "PT5H" },
  rules: [
    {
      id: "high",
      cmp: "gt",
      limit: 8,
      ...calm,
      allowances: [
        { phase: "load", by: 6, for: "PT20M" },
        { phase: "defrost", by: 3, for: "PT30M" },
      ],
    },
    { id: "low", cmp: "lt", limit: 0, mode: "instant", debounce: "PT10M", hysteresis: 0.3 },
    {
      id: "core",
      quantity: "product",
      cmp: "gt",
      limit: 8,
      mode: "instant",
      hysteresis: 0.5,
      warn: { limit: 6.5 },
    },
    ...watched,
    supplied,
  ],
};

/** The same on the road: the body is small, so its air comes back sooner and its goods warm sooner. */
export const roadGuarded: StatedProfileDocument = {
  id: "road.guarded",
  title: "Chilled food on the road, 0 to 8 °C, with allowances (template)",
  source: "contract of carriage (template)",
  edition: "1",
  cadence: "PT1M",
  faults: probes,
  product: { lag: "PT4H" },
  rules: [
    {
      id: "high",
      cmp: "gt",
      limit: 8,
      ...calm,
      allowances: [
        { phase: "load", by: 8, for: "PT20M" },
        { phase: "defrost", by: 4, for: "PT20M" },
      ],
    },
    { id: "low", cmp: "lt", limit: 0, mode: "instant", debounce: "PT10M", hysteresis: 0.3 },
    {
      id: "core",
      quantity: "product",
      cmp: "gt",
      limit: 8,
      mode: "instant",
      hysteresis: 0.5,
      warn: { limit: 6.5 },
    },
    ...watched,
  ],
};

/**
 * The same limits as a panel with a threshold has them: no allowance, no hysteresis, no time to come back, no debounce.
 * Holds stay, for they are part of a limit.
 */
export function withoutGuards(profile: StatedProfileDocument): StatedProfileDocument {
  return { ...profile, id: `${profile.id}.bare`, rules: profile.rules.map(bare) };
}

function bare(rule: StatedRule): StatedRule {
  const limits = { ...rule, allowances: [], hysteresis: 0, clear: "PT0S" };
  return limits.mode === "instant" || limits.mode === "rise"
    ? { ...limits, debounce: "PT0S" }
    : limits;
}
