import type { Rule } from "@unbroken/model";
import { MINUTE, Milli, type DurationMs, type EpochMs } from "@unbroken/units";
import { unproven, IN, type Evidence } from "./evidence.ts";
import { rateTable, temperatureOfAgeing } from "./account/reference-rate.ts";
import { ratioHalfUp } from "./ratio-half-up.ts";
import { activationOf } from "./temperature-account.ts";
import { counts, type Track } from "./track.ts";
import { isProven } from "./value-evidence.ts";

/** A rule on windows, of which each has a length. */
export type WindowRule = Rule & { readonly scope: DurationMs };

/**
 * The sums of a window, live: it is looked at each time its grid is passed, from the sums of the cells between.
 * Plain JSON; sums are decimal text.
 */
export interface WindowState {
  /** Since when sums are complete. */
  readonly begun: EpochMs;
  /** Of the cells `[i · grid, (i + 1) · grid)`, oldest first. */
  readonly cells: readonly WindowCell[];
  /** What was found when the grid was passed last. */
  readonly evidence: Evidence;
}

export interface WindowCell {
  readonly index: number;
  /** Rates or values by time, of what was proven: the least and the most that the band leaves possible. */
  readonly low: string;
  readonly high: string;
  /** The same as it was measured. */
  readonly likely: string;
  readonly unprovenMs: number;
}

/** Cells in a window at the most: a quarter of an hour each for a day. */
const CELLS_MAX = 96;

/** The distance between two looks: the scope in up to 96 equal parts, none below a minute. */
export function gridOf({ scope }: WindowRule): DurationMs {
  const most = Math.max(1, Math.min(CELLS_MAX, Math.floor(scope / MINUTE)));
  for (let cells = most; cells > 1; cells -= 1)
    if (scope % cells === 0) return (scope / cells) as DurationMs;
  return scope;
}

export function beginWindow(at: EpochMs): WindowState {
  return { begun: at, cells: [], evidence: unproven("window-too-short") };
}

export function nextGrid(rule: WindowRule, at: EpochMs): EpochMs {
  const grid = gridOf(rule);
  return ((Math.floor(at / grid) + 1) * grid) as EpochMs;
}

/** Adds what holds in `[from, to)`; no edge of the grid lies inside. */
export function accrueWindow(
  rule: WindowRule,
  state: WindowState,
  tracks: readonly Track[],
  from: EpochMs,
  to: EpochMs,
  gap: DurationMs,
): WindowState {
  const index = Math.floor(from / gridOf(rule));
  const last = state.cells.at(-1);
  const cell =
    last?.index === index ? last : { index, low: "0", high: "0", likely: "0", unprovenMs: 0 };
  const ms = BigInt(to - from);
  const heat = heatOf(rule, tracks, from, gap);
  const grown: WindowCell = {
    index,
    low: heat.value === null ? cell.low : sum(cell.low, ms * rateOf(rule, heat.value - heat.band)),
    high:
      heat.value === null ? cell.high : sum(cell.high, ms * rateOf(rule, heat.value + heat.band)),
    likely: heat.value === null ? cell.likely : sum(cell.likely, ms * rateOf(rule, heat.value)),
    unprovenMs: cell.unprovenMs + (heat.complete ? 0 : to - from),
  };
  const first = index - rule.scope / gridOf(rule);
  const kept = state.cells.filter((one) => one.index >= first && one.index !== index);
  return { ...state, cells: [...kept, grown] };
}

function sum(a: string, b: bigint): string {
  return (BigInt(a) + b).toString();
}

/** What sensors show together at one time, of a rule on windows. */
export interface Heat {
  /** The furthest value proven, on the rule's side; null without any. */
  readonly value: number | null;
  readonly band: number;
  readonly complete: boolean;
}

export function heatOf(rule: Rule, tracks: readonly Track[], at: EpochMs, gap: DurationMs): Heat {
  let value: number | null = null;
  let band = 0;
  let any = false;
  let complete = true;
  for (const track of tracks) {
    if (!counts(track, at)) continue;
    any = true;
    const own = rule.side === "high" ? track.highest : track.lowest;
    if (own === null || !isProven(track, at, gap)) complete = false;
    else {
      band = Math.max(band, track.band);
      value =
        value === null ? own : rule.side === "high" ? Math.max(value, own) : Math.min(value, own);
    }
  }
  return { value, band, complete: any && complete };
}

/** What a value adds in a millisecond: itself to a mean, and to a mean kinetic temperature how fast it ages. */
export function rateOf(rule: Rule, value: number): bigint {
  if (rule.quantity !== "mkt") return BigInt(value);
  return rateTable(activationOf(rule))(Milli(value)) >> SPARE_BITS;
}

// A rate is kept with more bits than a checkpoint need carry.
const SPARE_BITS = 96n;

/** Looks at the window that ends at `at`, on the grid. */
export function lookAtWindow(rule: WindowRule, state: WindowState, at: EpochMs): WindowState {
  return { ...state, evidence: windowEvidence(rule, state, at) };
}

function windowEvidence(rule: WindowRule, { begun, cells }: WindowState, at: EpochMs): Evidence {
  if (at - begun < rule.scope) return unproven("window-too-short");
  const grid = gridOf(rule);
  const first = (at - rule.scope) / grid;
  let low = 0n;
  let high = 0n;
  let likely = 0n;
  let unprovenMs = 0;
  for (const cell of cells) {
    if (cell.index < first || cell.index >= at / grid) continue;
    low += BigInt(cell.low);
    high += BigInt(cell.high);
    likely += BigInt(cell.likely);
    unprovenMs += cell.unprovenMs;
  }
  const allowed = rateOf(rule, rule.limit) * BigInt(rule.scope);
  const [proven, possible] = rule.side === "high" ? [low, high] : [high, low];
  // What nobody measured ages by nothing at the least; of a mean it can have been anything.
  if (isBeyond(rule, proven, allowed) && (unprovenMs === 0 || rule.quantity === "mkt"))
    return {
      class: "out",
      value: Milli(Math.floor(meanOf(rule, likely) / 10 + 0.5)),
      at,
      sensor: "",
    };
  if (unprovenMs > 0) return unproven("gap");
  return isBeyond(rule, possible, allowed) ? unproven("accuracy") : IN;
}

/** Whether a sum over a window is beyond what one that is always on the limit would have. */
export function isBeyond({ comparison }: Rule, sum: bigint, allowed: bigint): boolean {
  switch (comparison) {
    case "gt":
      return sum > allowed;
    case "ge":
      return sum >= allowed;
    case "lt":
      return sum < allowed;
    case "le":
      return sum <= allowed;
  }
}

/** The mean of a window by its sum, in tenths of a thousandth of the unit. */
export function meanOf(rule: WindowRule, sum: bigint): number {
  const ms = BigInt(rule.scope);
  if (rule.quantity !== "mkt") return Number(ratioHalfUp(sum * 10n, ms));
  return temperatureOfAgeing(sum << SPARE_BITS, ms, activationOf(rule));
}
