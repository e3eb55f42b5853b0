import type { z } from "zod";
import type { ProfileDocument as Schema } from "../profile.ts";
import type { RuleDocument } from "../rule.ts";

/** A profile as a person would state it, before defaults. */
export type StatedProfile = z.input<typeof Schema>;
export type StatedRule = z.input<typeof RuleDocument>;

/**
 * An instant rule as it is practical: a value that is back within two minutes was a spike, and an episode ends 0.3 K
 * within the limit (half of the ± 0.5 K that a probe may err by, rounded up to 0.3). No text asks for either: a
 * profile that uses them is a template.
 */
export const instant = { mode: "instant", debounce: "PT2M", hysteresis: 0.3 } as const;

/** The same below −10 °C, where a probe may err by ± 1 K. */
export const instantFrozen = { mode: "instant", debounce: "PT2M", hysteresis: 0.5 } as const;

/** The life of the goods is used up, by the model that the profile states. */
export const lifeUsedUp: StatedRule = {
  id: "life",
  quantity: "budget",
  cmp: "ge",
  limit: 100,
  mode: "instant",
  warn: { limit: 80 },
  clause: "own: the product's model",
};

/** While the unit reports its defrost, 3 K for half an hour, once in four hours. ATP Annex 2: +3 K; the times are a template. */
export const defrosting = { phase: "defrost", by: 3, for: "PT30M", every: "PT4H" } as const;

/** While the door contact says open, 3 K for half an hour. */
export const loading = { phase: "load", by: 3, for: "PT30M" } as const;

/**
 * How the probes of a room fail: the DS18B20's −127 °C (absent) and 85 °C (after power-on), which many bridges hand on;
 * a step that no air makes; a value that stands still while another probe moves.
 */
export const roomProbes = {
  sentinels: [-127, 85],
  step: { by: 5, within: "PT1M" },
  stuck: { for: "PT30M", while: 3 },
} as const satisfies StatedProfile["faults"];

/** Resistance probes and thermocouples of cryogenic vessels: the ends of their span stand for a broken one. */
export const cryogenicProbes = {
  sentinels: [-200, 850],
} as const satisfies StatedProfile["faults"];
