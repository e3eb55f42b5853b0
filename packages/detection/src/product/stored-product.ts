import type { Core } from "./core-temperature.ts";
import type { Freezing } from "./freezing.ts";
import type { ProductState } from "./product-state.ts";

/** A product's state as JSON can hold it: shares of life as decimal text of their whole multiples of 2⁻⁹⁶. */
export interface StoredProduct {
  readonly core: Core | null;
  readonly life: readonly [low: string, likely: string, high: string];
  readonly outside: { readonly proven: number; readonly possible: number };
  readonly freezing: Freezing;
}

export function storedProduct({ core, life, freezing }: ProductState): StoredProduct {
  return {
    core,
    life: [life.low.toString(), life.likely.toString(), life.high.toString()],
    outside: life.outside,
    freezing,
  };
}

export function productOfStored({ core, life, outside, freezing }: StoredProduct): ProductState {
  const [low, likely, high] = life;
  return {
    core,
    life: { low: BigInt(low), likely: BigInt(likely), high: BigInt(high), outside },
    freezing,
  };
}
