import { dyadicAround, isInDyadic, type Dyadic } from "./dyadic.ts";
import type { History } from "./history.ts";
import { concat, type StretchAccount } from "./stretch-account.ts";

/**
 * The moments of a history in a binary tree over dyadic stretches of time. A node's account reaches from its first
 * moment to its last one and so depends on its own moments alone: how long the last one holds is known only to who
 * knows the next. Nodes never change; a tree with late readings shares all of the old one but the path to them.
 *
 * The shape is a function of the set of moments, and so is everything that is computed from it.
 */
export type AccountTree<Items> = Leaf<Items> | Fork<Items>;

interface Node {
  readonly first: number;
  readonly last: number;
  /** How many moments. */
  readonly size: number;
  /** Of `[first, last)`. */
  readonly account: StretchAccount;
}

export interface Leaf<Items> extends Node {
  readonly kind: "leaf";
  /** At least one. */
  readonly items: Items;
}

export interface Fork<Items> extends Node, Dyadic {
  readonly kind: "fork";
  /** All moments before `middle`, and all others; both hold some. */
  readonly left: AccountTree<Items>;
  readonly right: AccountTree<Items>;
}

type Tree<Items> = AccountTree<Items> | null;

/** Folding so many again costs about as much as joining the accounts on the way to the root. */
const LEAF_MAX = 128;

/** Grows and cuts the trees of histories of one kind. No tree: no moments. */
export class AccountTrees<Items> {
  readonly #history: History<never, Items>;

  constructor(history: History<never, Items>) {
    this.#history = history;
  }

  of(items: Items): Tree<Items> {
    const { sizeOf, momentOf, fold } = this.#history;
    const size = sizeOf(items);
    if (size === 0) return null;
    const first = momentOf(items, 0);
    const last = momentOf(items, size - 1);
    if (size <= LEAF_MAX)
      return { kind: "leaf", first, last, size, account: fold(items, first, last, last), items };
    const around = dyadicAround(first, last);
    const [before, behind] = this.#split(items, around.middle);
    return this.#fork(around, this.of(before), this.of(behind));
  }

  /** The tree with these besides its own. */
  with(tree: Tree<Items>, items: Items): Tree<Items> {
    const { sizeOf, momentOf, merge } = this.#history;
    const size = sizeOf(items);
    if (tree === null) return this.of(items);
    if (size === 0) return tree;
    if (tree.kind === "leaf") return this.of(merge(tree.items, items));
    const first = momentOf(items, 0);
    const last = momentOf(items, size - 1);
    if (isInDyadic(tree, first) && isInDyadic(tree, last)) {
      const [before, behind] = this.#split(items, tree.middle);
      return this.#fork(tree, this.with(tree.left, before), this.with(tree.right, behind));
    }
    // Larger than the tree: its middle leaves the whole tree on one side.
    const around = dyadicAround(Math.min(first, tree.first), Math.max(last, tree.last));
    const [before, behind] = this.#split(items, around.middle);
    return tree.last < around.middle
      ? this.#fork(around, this.with(tree, before), this.of(behind))
      : this.#fork(around, this.of(before), this.with(tree, behind));
  }

  /** The tree without what is in `[from, to)`. */
  without(tree: Tree<Items>, from: number, to: number): Tree<Items> {
    if (tree === null || tree.first >= to || tree.last < from) return tree;
    if (from <= tree.first && tree.last < to) return null;
    if (tree.kind === "fork")
      return this.#fork(
        tree,
        this.without(tree.left, from, to),
        this.without(tree.right, from, to),
      );
    const { merge } = this.#history;
    const [before] = this.#split(tree.items, from);
    const [, behind] = this.#split(tree.items, to);
    return this.of(merge(before, behind));
  }

  /** The last moment of a tree, alone. */
  lastOf(tree: AccountTree<Items>): Items {
    if (tree.kind === "fork") return this.lastOf(tree.right);
    return this.#history.slice(tree.items, tree.size - 1, tree.size);
  }

  #fork({ middle, half }: Dyadic, left: Tree<Items>, right: Tree<Items>): Tree<Items> {
    if (left === null) return right;
    if (right === null) return left;
    const { merge, fold } = this.#history;
    const size = left.size + right.size;
    if (size <= LEAF_MAX) return this.of(merge(this.#itemsOf(left), this.#itemsOf(right)));
    const { first } = left;
    const { last } = right;
    const between = fold(this.lastOf(left), left.last, right.first, right.first);
    const account = concat(concat(left.account, between), right.account);
    return { kind: "fork", middle, half, first, last, size, account, left, right };
  }

  #itemsOf(tree: AccountTree<Items>): Items {
    if (tree.kind === "leaf") return tree.items;
    return this.#history.merge(this.#itemsOf(tree.left), this.#itemsOf(tree.right));
  }

  #split(items: Items, moment: number): readonly [before: Items, behind: Items] {
    const { slice, countBefore, sizeOf } = this.#history;
    const begin = countBefore(items, moment);
    return [slice(items, 0, begin), slice(items, begin, sizeOf(items))];
  }
}
