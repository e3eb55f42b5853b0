import type { Product } from "@unbroken/model";
import { DurationMs } from "@unbroken/units";
import type { Limit } from "../evidence.ts";
import { ONE } from "../fixed-point.ts";
import type { AirSpan } from "./air-span.ts";
import { coreClass, coreEvidence, type EvidenceTurn } from "./core-evidence.ts";
import { advanceCore, startCore, type Core } from "./core-temperature.ts";
import { firstMoment } from "./first-moment.ts";
import { freezingOf, joinFreezing, unfrozen, type Freezing } from "./freezing.ts";
import { joinLife, lifeUsed, shareUsed, unusedLife, type LifeUse } from "./life-use.ts";
import { spoilageOf, type Spoilage } from "./spoilage.ts";

/** All that is known of goods at a moment. A function of the air's history alone, however it was cut. */
export interface ProductState {
  /** Null before the first stretch. */
  readonly core: Core | null;
  readonly life: LifeUse;
  readonly freezing: Freezing;
}

export const untouchedProduct: ProductState = {
  core: null,
  life: unusedLife,
  freezing: unfrozen,
};

/** The goods after `ms` more in that air. */
export function advanceProduct(
  product: Product,
  state: ProductState,
  air: AirSpan,
  ms: DurationMs,
): ProductState {
  const lag = product.lag ?? DurationMs(0);
  const core = advanceCore(state.core ?? startCore(product.initial, air, lag), air, ms, lag);
  const spoilage = spoilageOfProduct(product);
  return {
    core,
    life: spoilage === null ? state.life : joinLife(state.life, lifeUsed(spoilage, core, ms)),
    freezing:
      product.freezes === null
        ? state.freezing
        : joinFreezing(state.freezing, freezingOf(core, ms, product.freezes)),
  };
}

/** What the goods can be judged by: their temperature, or the share of their life that is used up in 10⁻³ %. */
export type ProductQuantity = "product" | "budget";

/**
 * What the next `ms` in that air will have shown of a limit, turn by turn, from `state` on. `unproven` throughout for
 * a budget without a spoilage model.
 */
export function productEvidence(
  product: Product,
  state: ProductState,
  air: AirSpan,
  ms: DurationMs,
  quantity: ProductQuantity,
  limit: Limit,
): readonly EvidenceTurn[] {
  if (ms <= 0) return [];
  const after = advanceProduct(product, state, air, ms);
  if (quantity === "product" && after.core !== null) return coreEvidence(after.core, ms, limit);
  const classAfter = (passed: number): EvidenceTurn["class"] =>
    productClass(product, advanceProduct(product, state, air, DurationMs(passed)), quantity, limit);
  return turnsBetween(ms, classAfter);
}

/** What the goods at this moment show of a limit. */
export function productClass(
  product: Product,
  state: ProductState,
  quantity: ProductQuantity,
  limit: Limit,
): EvidenceTurn["class"] {
  if (quantity === "product")
    return state.core === null ? "unproven" : coreClass(state.core, limit);
  const spoilage = spoilageOfProduct(product);
  if (spoilage === null) return "unproven";
  const used = shareUsed(spoilage, state.life);
  const beyond = (share: bigint): boolean => {
    const [is, bound] = [share * 100_000n, BigInt(limit.limit) * ONE];
    switch (limit.comparison) {
      case "gt":
        return is > bound;
      case "ge":
        return is >= bound;
      case "lt":
        return is < bound;
      case "le":
        return is <= bound;
    }
  };
  const high = used.high === null || beyond(used.high);
  const low = beyond(used.low);
  if (low && high) return "out";
  return low || high ? "unproven" : "in";
}

/** Of what only grows, so that the class turns twice at the most: in, unproven, out, or the other way round. */
function turnsBetween(
  ms: DurationMs,
  classAfter: (passed: number) => EvidenceTurn["class"],
): readonly EvidenceTurn[] {
  const turns: EvidenceTurn[] = [{ from: DurationMs(0), class: classAfter(0) }];
  for (;;) {
    const last = turns.at(-1);
    if (last === undefined) return turns;
    const next = firstMoment(last.from, ms, (passed) => classAfter(passed) !== last.class);
    if (next === null) return turns;
    turns.push({ from: DurationMs(next), class: classAfter(next) });
  }
}

/** The spoilage model of goods, made ready once. */
export function spoilageOfProduct(product: Product): Spoilage | null {
  if (product.spoilage === null) return null;
  let spoilage = ready.get(product.spoilage);
  if (spoilage === undefined)
    ready.set(product.spoilage, (spoilage = spoilageOf(product.spoilage)));
  return spoilage;
}

const ready = new WeakMap<NonNullable<Product["spoilage"]>, Spoilage>();
