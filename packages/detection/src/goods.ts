import type { Product, Rule, Thermal } from "@unbroken/model";
import { DurationMs, Milli, type EpochMs } from "@unbroken/units";
import { Combined } from "./combined.ts";
import type { Evidence, Limit } from "./evidence.ts";
import { earlier, NEVER } from "./moment.ts";
import { COLDEST_AIR, HOTTEST_AIR, unmeasuredAir, type AirSpan } from "./product/air-span.ts";
import { coreRise, spanOf, type CoreSpan } from "./core-rise.ts";
import { shownCore, type Core } from "./product/core-temperature.ts";
import {
  advanceProduct,
  productEvidence,
  untouchedProduct,
  type ProductQuantity,
  type ProductState,
} from "./product/product-state.ts";
import { counts, doubtOf, type Track } from "./track.ts";

/** What is known of the goods beside each sensor. */
export type Goods = ReadonlyMap<string, ProductState>;

/** The goods after what holds in `[from, to)`. */
export function advanceGoods(
  product: Product,
  goods: Goods,
  tracks: readonly Track[],
  from: EpochMs,
  to: EpochMs,
  gap: DurationMs,
  thermals: readonly Thermal[],
): Goods {
  const advanced = new Map(goods);
  for (const track of tracks) {
    if (!counts(track, from)) continue;
    const state = goods.get(track.sensor) ?? untouchedProduct;
    const air = airOf(track, from, gap, thermals);
    advanced.set(track.sensor, advanceProduct(product, state, air, DurationMs(to - from)));
  }
  return advanced;
}

/**
 * The stretches of one air that a core has left behind, beside each sensor, while they are in the scope of a rise.
 * Changed in place.
 */
export type CoreSpans = Record<string, readonly CoreSpan[]>;

/** What a rise remembers of the goods, where their air is another in `[from, to)` than before. */
export function rememberCores(
  { scope }: Rule,
  spans: CoreSpans,
  before: Goods,
  after: Goods,
  from: EpochMs,
  to: EpochMs,
): void {
  for (const [sensor, { core }] of before) {
    const now = after.get(sensor)?.core ?? null;
    if (core === null || now === null || now.ms === core.ms + (to - from)) continue;
    const kept = (spans[sensor] ?? []).filter(
      ([, , until]) => scope === null || from < until + scope,
    );
    spans[sensor] = [...kept, spanOf(core, from)];
  }
}

/** What the goods show of a rule on how far they are from their own lowest (highest). */
export function coreRiseEvidence(rule: Rule, spans: CoreSpans, asked: GoodsAsked): GoodsShown {
  const { product, goods, tracks, at, horizon, gap, thermals } = asked;
  const combined = new Combined(rule);
  let until = NEVER;
  for (const track of tracks) {
    if (!counts(track, at)) continue;
    const air = airOf(track, at, gap, thermals);
    const state = goods.get(track.sensor) ?? untouchedProduct;
    const own = (spans[track.sensor] ?? []).filter(
      ([, , end]) => rule.scope === null || at < end + rule.scope,
    );
    for (const [, , end] of own)
      if (rule.scope !== null) until = earlier(until, (end + rule.scope) as EpochMs);
    const coreIn = (ms: DurationMs): Core | null => advanceProduct(product, state, air, ms).core;
    const found = coreRise(rule, own, coreIn, Math.max(1, horizon - at));
    if (found?.turnsIn !== undefined && found.turnsIn !== null)
      until = earlier(until, (at + found.turnsIn) as EpochMs);
    if (found === null || found.class === "unproven")
      combined.addDoubt(doubtOf(track, at, gap) ?? "estimate");
    else if (found.class === "out") combined.addOut(found.value, begunOf(state, at), track.sensor);
    else if (found.class === "near") combined.addNear();
    else combined.addIn();
  }
  return { evidence: combined.evidence(), until };
}

/** The air beside a sensor from `at` on: as measured, or between what is stated to surround it. */
function airOf(track: Track, at: EpochMs, gap: DurationMs, thermals: readonly Thermal[]): AirSpan {
  const { highest, lowest, band } = track;
  if (highest !== null && lowest !== null && doubtOf(track, at, gap) === null)
    return {
      coldest: possibleAir(lowest - band),
      likely: possibleAir(highest),
      hottest: possibleAir(highest + band),
    };
  const thermal = thermals.findLast(({ from }) => from <= at);
  if (thermal === undefined || highest === null || lowest === null || track.fault !== null)
    return unmeasuredAir();
  const coldest = thermal.coldest === null ? COLDEST_AIR : Math.min(thermal.coldest, lowest - band);
  return unmeasuredAir(
    possibleAir(coldest),
    possibleAir(Math.max(thermal.ambient, highest + band)),
  );
}

function possibleAir(value: number): Milli {
  return Milli(Math.min(Math.max(value, COLDEST_AIR), HOTTEST_AIR));
}

interface GoodsAsked {
  readonly product: Product;
  readonly goods: Goods;
  readonly tracks: readonly Track[];
  readonly at: EpochMs;
  /** Nothing of the air changes before this moment. */
  readonly horizon: EpochMs;
  readonly gap: DurationMs;
  readonly thermals: readonly Thermal[];
}

export interface GoodsShown {
  readonly evidence: Evidence;
  /** The first moment at which it can be other. */
  readonly until: EpochMs;
}

/** What the goods show of a rule at `at`, and until when: turn by turn as their core passes its limit. */
export function goodsEvidence(rule: Rule, asked: GoodsAsked): GoodsShown {
  const { product, goods, tracks, at, horizon, gap, thermals } = asked;
  const quantity: ProductQuantity = rule.quantity === "budget" ? "budget" : "product";
  const ms = DurationMs(Math.max(1, horizon - at));
  const combined = new Combined(rule);
  let until = NEVER;
  for (const track of tracks) {
    if (!counts(track, at)) continue;
    const air = airOf(track, at, gap, thermals);
    const state = goods.get(track.sensor) ?? untouchedProduct;
    const classBy = (limit: Limit): string | undefined => {
      const [now, next] = productEvidence(product, state, air, ms, quantity, limit);
      if (next !== undefined) until = earlier(until, (at + next.from) as EpochMs);
      return now?.class;
    };
    const found = classBy(rule);
    if (found === "out") combined.addOut(reachedOf(state, rule), begunOf(state, at), track.sensor);
    else if (found !== "in") combined.addDoubt(doubtOf(track, at, gap) ?? "estimate");
    else if (rule.hysteresis > 0 && classBy(innerLimit(rule)) !== "in") combined.addNear();
    else combined.addIn();
  }
  return { evidence: combined.evidence(), until };
}

/** In range by no more than the hysteresis is on or beyond this limit. */
function innerLimit(rule: Rule): Limit {
  const inner = rule.side === "high" ? 0 - rule.hysteresis : rule.hysteresis;
  return {
    comparison: rule.side === "high" ? "ge" : "le",
    limit: Milli(rule.limit + inner),
    side: rule.side,
  };
}

/**
 * What is surely reached: the limit, or where the core was when its air became what it is. Not where it is at this
 * moment, so that it does not show at which moments one looked.
 */
function reachedOf({ core }: ProductState, { quantity, side, limit }: Rule): Milli {
  if (quantity === "budget" || core === null) return limit;
  const from = shownCore({ ...core, ms: DurationMs(0) });
  return Milli(side === "high" ? Math.max(limit, from.low) : Math.min(limit, from.high));
}

function begunOf({ core }: ProductState, at: EpochMs): EpochMs {
  return core === null ? at : ((at - core.ms) as EpochMs);
}
