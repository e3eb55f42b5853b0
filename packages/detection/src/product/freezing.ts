import type { DurationMs, Milli } from "@unbroken/units";
import { coreEvidence } from "./core-evidence.ts";
import type { Core } from "./core-temperature.ts";

/**
 * Time at or below the freezing point of the goods, ms. It stands apart from the life that is used up: no warmth
 * before or after makes up for it. Two accounts are joined by adding them up.
 */
export interface Freezing {
  readonly proven: number;
  /** Includes what is proven. */
  readonly possible: number;
}

export const unfrozen: Freezing = { proven: 0, possible: 0 };

export function joinFreezing(a: Freezing, b: Freezing): Freezing {
  return { proven: a.proven + b.proven, possible: a.possible + b.possible };
}

/** Of the last `ms` of a core. */
export function freezingOf(core: Core, ms: DurationMs, freezes: Milli): Freezing {
  const turns = coreEvidence(core, ms, { comparison: "le", limit: freezes, side: "low" });
  let proven = 0;
  let possible = 0;
  turns.forEach((turn, i) => {
    const lasts = (turns[i + 1]?.from ?? ms) - turn.from;
    if (turn.class === "out") proven += lasts;
    if (turn.class !== "in") possible += lasts;
  });
  return { proven, possible };
}
