import type { AccountLaw } from "./account-law.ts";
import { dyadicAround, isInDyadic, type Dyadic } from "./dyadic.ts";
import { foldInstants } from "./fold-columns.ts";
import {
  instantAt,
  instantsBefore,
  mergeInstants,
  sliceInstants,
  type Instants,
} from "./sensor-columns.ts";
import { concat, type StretchAccount } from "./stretch-account.ts";

/**
 * The instants of one sensor in a binary tree over dyadic stretches of time. A node's account reaches from its first
 * instant to its last one and so depends on its own instants alone: how long the last one holds is known only to who
 * knows the next. Nodes never change; a tree with late readings shares all of the old one but the path to them.
 *
 * The shape is a function of the set of instants, and so is everything that is computed from it.
 */
export type AccountTree = Leaf | Fork;

interface Node {
  readonly first: number;
  readonly last: number;
  /** How many instants. */
  readonly size: number;
  /** Of `[first, last)`. */
  readonly account: StretchAccount;
}

export interface Leaf extends Node {
  readonly kind: "leaf";
  /** At least one. */
  readonly instants: Instants;
}

export interface Fork extends Node, Dyadic {
  readonly kind: "fork";
  /** All instants before `middle`, and all others; both hold some. */
  readonly left: AccountTree;
  readonly right: AccountTree;
}

/** Folding so many again costs about as much as joining the accounts on the way to the root. */
const LEAF_MAX = 128;

/** @returns null for no instants. */
export function treeOf(instants: Instants, law: AccountLaw): AccountTree | null {
  const size = instants.at.length;
  if (size === 0) return null;
  const first = instantAt(instants, 0);
  const last = instantAt(instants, size - 1);
  if (size <= LEAF_MAX) {
    const account = foldInstants(instants, law, first, last, last);
    return { kind: "leaf", first, last, size, account, instants };
  }
  const around = dyadicAround(first, last);
  const begin = instantsBefore(instants, around.middle);
  return forkOf(
    around,
    treeOf(sliceInstants(instants, 0, begin), law),
    treeOf(sliceInstants(instants, begin, size), law),
    law,
  );
}

/** The tree with these instants besides its own. */
export function withInstants(
  tree: AccountTree | null,
  instants: Instants,
  law: AccountLaw,
): AccountTree | null {
  const size = instants.at.length;
  if (tree === null) return treeOf(instants, law);
  if (size === 0) return tree;
  if (tree.kind === "leaf") return treeOf(mergeInstants(tree.instants, instants), law);
  const first = instantAt(instants, 0);
  const last = instantAt(instants, size - 1);
  if (isInDyadic(tree, first) && isInDyadic(tree, last)) {
    const begin = instantsBefore(instants, tree.middle);
    return forkOf(
      tree,
      withInstants(tree.left, sliceInstants(instants, 0, begin), law),
      withInstants(tree.right, sliceInstants(instants, begin, size), law),
      law,
    );
  }
  // Larger than the tree: its middle leaves the whole tree on one side.
  const around = dyadicAround(Math.min(first, tree.first), Math.max(last, tree.last));
  const begin = instantsBefore(instants, around.middle);
  const before = sliceInstants(instants, 0, begin);
  const behind = sliceInstants(instants, begin, size);
  return tree.last < around.middle
    ? forkOf(around, withInstants(tree, before, law), treeOf(behind, law), law)
    : forkOf(around, treeOf(before, law), withInstants(tree, behind, law), law);
}

/** The tree without its instants in `[from, to)`. */
export function withoutInstants(
  tree: AccountTree | null,
  from: number,
  to: number,
  law: AccountLaw,
): AccountTree | null {
  if (tree === null || tree.first >= to || tree.last < from) return tree;
  if (from <= tree.first && tree.last < to) return null;
  if (tree.kind === "fork")
    return forkOf(
      tree,
      withoutInstants(tree.left, from, to, law),
      withoutInstants(tree.right, from, to, law),
      law,
    );
  const { instants } = tree;
  const before = sliceInstants(instants, 0, instantsBefore(instants, from));
  const behind = sliceInstants(instants, instantsBefore(instants, to), tree.size);
  return treeOf(mergeInstants(before, behind), law);
}

function forkOf(
  { middle, half }: Dyadic,
  left: AccountTree | null,
  right: AccountTree | null,
  law: AccountLaw,
): AccountTree | null {
  if (left === null) return right;
  if (right === null) return left;
  const size = left.size + right.size;
  if (size <= LEAF_MAX) return treeOf(mergeInstants(instantsIn(left), instantsIn(right)), law);
  const between = foldInstants(lastOf(left), law, left.last, right.first, right.first);
  const account = concat(concat(left.account, between), right.account);
  return {
    kind: "fork",
    middle,
    half,
    first: left.first,
    last: right.last,
    size,
    account,
    left,
    right,
  };
}

/** All instants of a tree. */
export function instantsIn(tree: AccountTree): Instants {
  return tree.kind === "leaf"
    ? tree.instants
    : mergeInstants(instantsIn(tree.left), instantsIn(tree.right));
}

/** The last instant of a tree, alone. */
export function lastOf(tree: AccountTree): Instants {
  return tree.kind === "fork"
    ? lastOf(tree.right)
    : sliceInstants(tree.instants, tree.size - 1, tree.size);
}
