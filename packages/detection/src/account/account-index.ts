import type { EpochMs } from "@unbroken/units";
import type { AccountLaw } from "./account-law.ts";
import { AccountTrees, type AccountTree } from "./account-tree.ts";
import { checkedSpan, columnsHistory, type Span } from "./fold-columns.ts";
import type { History } from "./history.ts";
import type { Instants, SensorColumns } from "./sensor-columns.ts";
import { concat, emptyAccount, silentAccount, type StretchAccount } from "./stretch-account.ts";
import { timelineHistory, type TimelineTurn } from "./timeline-turn.ts";

/**
 * A history, ready for the account of any stretch of it: what a fold of the stretch says, to the bit, in logarithmic
 * time. Immutable: whoever holds one keeps the history as it was known then.
 */
export class AccountIndex<Given, Items> {
  readonly #history: History<Given, Items>;
  readonly #trees: AccountTrees<Items>;
  readonly #tree: AccountTree<Items> | null;

  private constructor(history: History<Given, Items>, tree: AccountTree<Items> | null) {
    this.#history = history;
    this.#trees = new AccountTrees(history);
    this.#tree = tree;
  }

  /** Of the readings of one sensor: says what `foldColumns` says. */
  static ofColumns(columns: SensorColumns, law: AccountLaw): AccountIndex<SensorColumns, Instants> {
    return new AccountIndex(columnsHistory(law), null).with(columns);
  }

  /** Of a timeline, as of one moment: says what `foldTimeline` says. */
  static ofTimeline(
    turns: readonly TimelineTurn[],
    law: AccountLaw,
  ): AccountIndex<readonly TimelineTurn[], readonly TimelineTurn[]> {
    return new AccountIndex(timelineHistory(law), null).with(turns);
  }

  /** Of how many moments it tells. */
  get size(): number {
    return this.#tree?.size ?? 0;
  }

  /**
   * With these besides, late or not: only the stretches that they fall in are folded again. Readings of one instant
   * count together; a turn takes the place of one at the same moment.
   */
  with(given: Given): AccountIndex<Given, Items> {
    const items = this.#history.read(given);
    return new AccountIndex(this.#history, this.#trees.with(this.#tree, items));
  }

  /** With these in place of all in `[from, to)`. */
  replace(from: EpochMs, to: EpochMs, given: Given): AccountIndex<Given, Items> {
    const rest = this.#trees.without(this.#tree, from, to);
    return new AccountIndex(this.#history, rest).with(given);
  }

  /**
   * The account of a stretch. `asOf` is of no account in a timeline, whose turns say themselves how long they last.
   * @throws RangeError if the stretch ends before it begins or is not over `asOf`.
   */
  query(span: Span): StretchAccount {
    const { from, to, asOf } = checkedSpan(span);
    const sweep = new Sweep(this.#history, this.#trees, from);
    sweep.passTo(this.#tree, to);
    const next = this.#firstFrom(this.#tree, to);
    return sweep.finish(to, Math.min(next, asOf));
  }

  /** The first moment at or after another. */
  #firstFrom(tree: AccountTree<Items> | null, moment: EpochMs): number {
    if (tree === null || tree.last < moment) return Number.POSITIVE_INFINITY;
    if (tree.first >= moment) return tree.first;
    if (tree.kind === "fork")
      return Math.min(this.#firstFrom(tree.left, moment), this.#firstFrom(tree.right, moment));
    const { momentOf, countBefore } = this.#history;
    return momentOf(tree.items, countBefore(tree.items, moment));
  }
}

/** Joins what it passes, from `from` on. */
class Sweep<Items> {
  readonly #history: History<never, Items>;
  readonly #trees: AccountTrees<Items>;
  readonly #from: EpochMs;
  #account = emptyAccount;
  /** The last moment so far, alone: how long it holds shows with the next one. */
  #last: { readonly at: number; readonly items: Items } | null = null;

  constructor(history: History<never, Items>, trees: AccountTrees<Items>, from: EpochMs) {
    this.#history = history;
    this.#trees = trees;
    this.#from = from;
  }

  /** Passes all moments of a tree before `to`. */
  passTo(tree: AccountTree<Items> | null, to: EpochMs): void {
    if (tree === null || tree.first >= to) return;
    if (tree.last <= this.#from) {
      this.#last = { at: tree.last, items: this.#trees.lastOf(tree) };
    } else if (tree.first > this.#from && tree.last < to) {
      this.#join(tree.first, tree.account);
      this.#last = { at: tree.last, items: this.#trees.lastOf(tree) };
    } else if (tree.kind === "fork") {
      this.passTo(tree.left, to);
      this.passTo(tree.right, to);
    } else this.#passPart(tree.items, to);
  }

  /** The ragged edge: a part of a leaf is folded again. */
  #passPart(items: Items, to: EpochMs): void {
    const { countBefore, slice, momentOf, fold } = this.#history;
    const begin = countBefore(items, this.#from + 1);
    const end = countBefore(items, to);
    if (begin > 0)
      this.#last = { at: momentOf(items, begin - 1), items: slice(items, begin - 1, begin) };
    if (end <= begin) return;
    const first = momentOf(items, begin);
    const last = momentOf(items, end - 1);
    this.#join(first, fold(slice(items, begin, end), first, last, last));
    this.#last = { at: last, items: slice(items, end - 1, end) };
  }

  /** Joins an account that begins at `first`, when the one before ends. */
  #join(first: number, account: StretchAccount): void {
    this.#account = concat(concat(this.#account, this.#held(first, first)), account);
  }

  /** What the last moment leaves behind, from it or from `from` on. */
  #held(to: number, until: number): StretchAccount {
    const last = this.#last;
    if (last === null) return silentAccount(this.#from, to as EpochMs);
    return this.#history.fold(last.items, Math.max(last.at, this.#from), to, until);
  }

  finish(to: EpochMs, until: number): StretchAccount {
    return concat(this.#account, this.#held(to, until));
  }
}
