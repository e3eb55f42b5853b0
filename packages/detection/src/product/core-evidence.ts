import { DurationMs } from "@unbroken/units";
import type { Limit } from "../evidence.ts";
import { boundAt, NANO_PER_MILLI, type Bound, type Core } from "./core-temperature.ts";
import { firstMoment } from "./first-moment.ts";

/** From `from` ms after the beginning of a stretch to the next turn, or to its end. */
export interface EvidenceTurn {
  readonly from: DurationMs;
  readonly class: "in" | "out" | "unproven";
}

/**
 * What the last `ms` of a core show of a limit. Out: the core was beyond it wherever between its bounds it was.
 * Unproven: one bound was, the other not. At each whole millisecond the comparison is made with the core to 10⁻⁹ °C.
 */
export function coreEvidence(core: Core, ms: DurationMs, limit: Limit): readonly EvidenceTurn[] {
  const from = core.ms - ms;
  const bounds = [boundOf("proven", limit), boundOf("possible", limit)];
  const edges = [
    0,
    ...bounds.map((bound) => turnWithin(core, bound, limit, from, core.ms) ?? ms),
  ].sort((a, b) => a - b);
  const turns: EvidenceTurn[] = [];
  for (const edge of edges) {
    if (edge >= ms) break;
    const found = classAt(core, from + edge, limit);
    if (turns.at(-1)?.class !== found) turns.push({ from: DurationMs(edge), class: found });
  }
  return turns;
}

/** The same of this very moment. */
export function coreClass(core: Core, limit: Limit): EvidenceTurn["class"] {
  return classAt(core, core.ms, limit);
}

function classAt(core: Core, ms: number, limit: Limit): EvidenceTurn["class"] {
  const beyond = (bound: Bound): boolean => isBeyond(limit, boundAt(core, bound, ms));
  if (beyond(boundOf("proven", limit))) return "out";
  return beyond(boundOf("possible", limit)) ? "unproven" : "in";
}

/** Which bound proves that the core is beyond a limit, and which makes it possible. */
function boundOf(what: "proven" | "possible", { side }: Limit): Bound {
  return (side === "high") === (what === "proven") ? "low" : "high";
}

/**
 * When within the next `ms` of its present air a bound of the core crosses a limit, either way: the first whole
 * millisecond on the other side, from now; null if it does not.
 */
export function crossing(
  core: Core,
  bound: Bound,
  limit: Limit,
  ms: DurationMs,
): DurationMs | null {
  return turnWithin(core, bound, limit, core.ms, core.ms + ms + 1);
}

/** Whether a temperature in 10⁻⁹ °C is beyond a limit in 10⁻³ °C. */
export function isBeyond({ comparison, limit }: Limit, nano: number): boolean {
  const at = limit * NANO_PER_MILLI;
  switch (comparison) {
    case "gt":
      return nano > at;
    case "ge":
      return nano >= at;
    case "lt":
      return nano < at;
    case "le":
      return nano <= at;
  }
}

/** The first moment of the stretch, counted from its beginning, that is on the other side than the beginning is. */
function turnWithin(
  core: Core,
  bound: Bound,
  limit: Limit,
  from: number,
  to: number,
): DurationMs | null {
  const before = isBeyond(limit, boundAt(core, bound, from));
  const turn = firstMoment(from, to, (at) => isBeyond(limit, boundAt(core, bound, at)) !== before);
  return turn === null ? null : DurationMs(turn - from);
}
