import { fromMilli } from "@unbroken/units";
import type { GoodsAccount } from "./goods-account.ts";
import { percentOf } from "./product/life-use.ts";

/** What the goods went through. Temperatures in °C, shares of the life in %, durations in minutes. */
export interface ProductEntry {
  /** The best estimate of the core; null while no air was measured. */
  readonly core_min_c: number | null;
  readonly core_max_c: number | null;
  /** At the least and at the most; the most is null where the spoilage model does not hold. Null without a model. */
  readonly life_used_pct: readonly [number, number | null] | null;
  /** How long the goods last at the temperature they have at the end; null where nothing can be said. */
  readonly remaining: {
    readonly at_c: number;
    /** At the least, most likely, at the most. Null: longer than can be said. */
    readonly minutes: readonly [number, number, number] | null;
  } | null;
}

export function productEntry(goods: GoodsAccount): ProductEntry {
  const { coldest, warmest, used, remaining, remainingAt } = goods;
  return {
    core_min_c: coldest === null ? null : fromMilli(coldest),
    core_max_c: warmest === null ? null : fromMilli(warmest),
    life_used_pct:
      used === null
        ? null
        : [
            fromMilli(percentOf(used.low)),
            used.high === null ? null : fromMilli(percentOf(used.high)),
          ],
    remaining:
      remaining === null || remainingAt === null || remaining.kind === "none"
        ? null
        : {
            at_c: fromMilli(remainingAt),
            minutes:
              remaining.kind === "unlimited"
                ? null
                : [
                    Math.floor(remaining.low / 60_000),
                    Math.floor(remaining.likely / 60_000),
                    Math.floor(remaining.high / 60_000),
                  ],
          },
  };
}
