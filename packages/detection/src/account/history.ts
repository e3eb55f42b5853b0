import type { StretchAccount } from "./stretch-account.ts";

/**
 * How a history is read that is a list of moments, in order and each once, with what holds from each to the next.
 * `Given` is how it is told, `Items` how it is kept.
 */
export interface History<Given, Items> {
  readonly read: (given: Given) => Items;
  readonly sizeOf: (items: Items) => number;
  /** The moment of an index; infinite where there is none. */
  readonly momentOf: (items: Items, index: number) => number;
  /** How many lie before `moment`. */
  readonly countBefore: (items: Items, moment: number) => number;
  /** Those with an index in `[begin, end)`. */
  readonly slice: (items: Items, begin: number, end: number) => Items;
  /** Both as one; `b` is told later. */
  readonly merge: (a: Items, b: Items) => Items;
  /**
   * The account of `[from, to)`.
   * @param until the first moment at or after `to`, or that up to which there is known to be none.
   */
  readonly fold: (items: Items, from: number, to: number, until: number) => StretchAccount;
}
