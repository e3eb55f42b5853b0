import type { Rule } from "@unbroken/model";
import { DurationMs, Milli, type EpochMs } from "@unbroken/units";
import { isBeyond } from "./product/core-evidence.ts";
import { coreAt, NANO_PER_MILLI, type Core } from "./product/core-temperature.ts";
import { firstMoment } from "./product/first-moment.ts";

/** What a core was at least and at most, in 10⁻⁹ °C, while its air was one, and until when. */
export type CoreSpan = readonly [lowest: CoreEnds, highest: CoreEnds, until: EpochMs];

/** Where the core surely was not below, and surely not above. */
interface CoreEnds {
  readonly low: number;
  readonly high: number;
}

/** The stretch of one air that ended at `until`: between two changes of its air a core goes one way. */
export function spanOf(core: Core, until: EpochMs): CoreSpan {
  const { from } = core;
  const now = coreAt(core);
  return [
    { low: Math.min(from.low, now.low), high: Math.min(from.high, now.high) },
    { low: Math.max(from.low, now.low), high: Math.max(from.high, now.high) },
    until,
  ];
}

/** How far a core is from its own lowest (highest): surely, and possibly; 10⁻⁹ K, signed as the rule's limit. */
function distancesOf(
  rule: Rule,
  spans: readonly CoreSpan[],
  core: Core,
): { readonly proven: number; readonly possible: number } {
  const now = coreAt(core);
  const all = [...spans, spanOf(core, 0 as EpochMs)];
  if (rule.side === "high") {
    const sure = Math.min(...all.map(([lowest]) => lowest.high));
    const may = Math.min(...all.map(([lowest]) => lowest.low));
    return { proven: now.low - sure, possible: now.high - may };
  }
  const sure = Math.max(...all.map(([, highest]) => highest.low));
  const may = Math.max(...all.map(([, highest]) => highest.high));
  return { proven: now.high - sure, possible: now.low - may };
}

export interface CoreRise {
  readonly class: "in" | "near" | "unproven" | "out";
  /** The distance in thousandths, as far as it was when its air began. */
  readonly value: Milli;
  /** In how many ms the class turns; null if not before the horizon. */
  readonly turnsIn: number | null;
}

/** @param coreIn the core in so many ms from now. */
export function coreRise(
  rule: Rule,
  spans: readonly CoreSpan[],
  coreIn: (ms: DurationMs) => Core | null,
  horizonMs: number,
): CoreRise | null {
  const classIn = (ms: number): CoreRise["class"] => {
    const core = coreIn(DurationMs(ms));
    return core === null ? "unproven" : classOf(rule, distancesOf(rule, spans, core));
  };
  const core = coreIn(DurationMs(0));
  if (core === null) return null;
  const now = classIn(0);
  const begun = distancesOf(rule, spans, { ...core, ms: DurationMs(0) }).proven;
  const reached = Math.trunc(begun / NANO_PER_MILLI);
  return {
    class: now,
    value: Milli(
      rule.side === "high" ? Math.max(rule.limit, reached) : Math.min(rule.limit, reached),
    ),
    turnsIn: firstMoment(1, horizonMs, (ms) => classIn(ms) !== now),
  };
}

function classOf(
  rule: Rule,
  { proven, possible }: { readonly proven: number; readonly possible: number },
): CoreRise["class"] {
  if (isBeyond(rule, proven)) return "out";
  if (isBeyond(rule, possible)) return "unproven";
  const left = Math.abs(rule.limit * NANO_PER_MILLI - possible);
  return rule.hysteresis > 0 && left <= rule.hysteresis * NANO_PER_MILLI ? "near" : "in";
}
