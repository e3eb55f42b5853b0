import type { Product } from "@unbroken/model";
import type { Milli } from "@unbroken/units";
import type { Goods } from "./goods.ts";
import { shownCore } from "./product/core-temperature.ts";
import { shareUsed, type ShareUsed } from "./product/life-use.ts";
import { spoilageOfProduct, type ProductState } from "./product/product-state.ts";
import { remainingLife, type RemainingLife } from "./product/remaining-life.ts";

/** What the goods went through in an interval. Filled in the order of time. */
export interface GoodsAccount {
  readonly product: Product;
  /** The best estimate of the core, m°C. */
  coldest: Milli | null;
  warmest: Milli | null;
  /** Beside the sensor where most of the life is used up. */
  used: ShareUsed | null;
  remaining: RemainingLife | null;
  /** The temperature from now on of which `remaining` is told. */
  remainingAt: Milli | null;
}

export function goodsAccountOf(product: Product): GoodsAccount {
  return {
    product,
    coldest: null,
    warmest: null,
    used: null,
    remaining: null,
    remainingAt: null,
  };
}

/** Between two looks a core goes one way, so the looks see all extremes. */
export function lookAtGoods(account: GoodsAccount, goods: Goods): void {
  for (const { core } of goods.values()) {
    if (core === null || core.origin === "unheard") continue;
    const { likely } = shownCore(core);
    if (account.coldest === null || likely < account.coldest) account.coldest = likely;
    if (account.warmest === null || likely > account.warmest) account.warmest = likely;
  }
}

/** The last look: how much of the life is used up, and what remains. */
export function closeGoods(account: GoodsAccount, goods: Goods): void {
  lookAtGoods(account, goods);
  const spoilage = spoilageOfProduct(account.product);
  if (spoilage === null) return;
  let oldest: ProductState | null = null;
  for (const state of goods.values())
    if (oldest === null || state.life.likely > oldest.life.likely) oldest = state;
  if (oldest === null) return;
  account.used = shareUsed(spoilage, oldest.life);
  if (oldest.core === null) return;
  account.remainingAt = shownCore(oldest.core).likely;
  account.remaining = remainingLife(spoilage, oldest.life, account.remainingAt);
}
