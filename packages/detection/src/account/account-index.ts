import type { EpochMs } from "@unbroken/units";
import type { AccountLaw } from "./account-law.ts";
import { lastOf, treeOf, withInstants, withoutInstants, type AccountTree } from "./account-tree.ts";
import { checkedSpan, foldInstants, type Span } from "./fold-columns.ts";
import {
  instantsBefore,
  instantsOf,
  sliceInstants,
  type Instants,
  type SensorColumns,
} from "./sensor-columns.ts";
import { concat, emptyAccount, silentAccount, type StretchAccount } from "./stretch-account.ts";

/**
 * The history of one sensor, ready for the account of any stretch of it: what `foldColumns` says, to the bit, in
 * logarithmic time. Immutable: whoever holds one keeps the history as it was known then.
 */
export class AccountIndex {
  readonly #law: AccountLaw;
  readonly #tree: AccountTree | null;

  private constructor(law: AccountLaw, tree: AccountTree | null) {
    this.#law = law;
    this.#tree = tree;
  }

  static of(columns: SensorColumns, law: AccountLaw): AccountIndex {
    return new AccountIndex(law, treeOf(ownInstantsOf(columns), law));
  }

  /** At how many instants the sensor was heard. */
  get size(): number {
    return this.#tree?.size ?? 0;
  }

  /** With these readings besides, late or not: only the stretches that they fall in are folded again. */
  with(columns: SensorColumns): AccountIndex {
    return new AccountIndex(this.#law, withInstants(this.#tree, ownInstantsOf(columns), this.#law));
  }

  /** With these readings in place of all in `[from, to)`. */
  replace(from: EpochMs, to: EpochMs, columns: SensorColumns): AccountIndex {
    const rest = withoutInstants(this.#tree, from, to, this.#law);
    return new AccountIndex(this.#law, rest).with(columns);
  }

  /** @throws RangeError if the stretch ends before it begins or is not over `asOf`. */
  query(span: Span): StretchAccount {
    const { from, to, asOf } = checkedSpan(span);
    const sweep = new Sweep(this.#law, from);
    sweep.passTo(this.#tree, to);
    const next = firstFrom(this.#tree, to);
    return sweep.finish(to, Math.min(next, asOf));
  }
}

/** Joins what it passes, from `from` on. */
class Sweep {
  readonly #law: AccountLaw;
  readonly #from: EpochMs;
  #account = emptyAccount;
  /** The last instant so far, alone: how long it holds shows with the next one. */
  #last: Instants | null = null;

  constructor(law: AccountLaw, from: EpochMs) {
    this.#law = law;
    this.#from = from;
  }

  /** Passes all instants of a tree before `to`. */
  passTo(tree: AccountTree | null, to: EpochMs): void {
    if (tree === null || tree.first >= to) return;
    if (tree.last <= this.#from) {
      this.#last = lastOf(tree);
    } else if (tree.first > this.#from && tree.last < to) {
      this.#pass(tree.first, tree.account, lastOf(tree));
    } else if (tree.kind === "fork") {
      this.passTo(tree.left, to);
      this.passTo(tree.right, to);
    } else this.#passPart(tree.instants, to);
  }

  /** The ragged edge: a part of a leaf is folded again. */
  #passPart(instants: Instants, to: EpochMs): void {
    const begin = instantsBefore(instants, this.#from + 1);
    const end = instantsBefore(instants, to);
    if (begin > 0) this.#last = sliceInstants(instants, begin - 1, begin);
    if (end <= begin) return;
    const part = sliceInstants(instants, begin, end);
    const last = sliceInstants(instants, end - 1, end);
    const [first = this.#from] = part.at;
    const [until = to] = last.at;
    this.#pass(first, foldInstants(part, this.#law, first, until, until), last);
  }

  #pass(first: number, account: StretchAccount, last: Instants): void {
    this.#account = concat(concat(this.#account, this.#holding(first, first)), account);
    this.#last = last;
  }

  /** What the last instant leaves behind, from it or from `from` on. */
  #holding(to: number, until: number): StretchAccount {
    const last = this.#last;
    if (last === null) return silentAccount(this.#from, to as EpochMs);
    return foldInstants(last, this.#law, Math.max(last.at[0] ?? to, this.#from), to, until);
  }

  finish(to: EpochMs, until: number): StretchAccount {
    return concat(this.#account, this.#holding(to, until));
  }
}

/** The first instant at or after a moment. */
function firstFrom(tree: AccountTree | null, moment: EpochMs): number {
  if (tree === null || tree.last < moment) return Number.POSITIVE_INFINITY;
  if (tree.first >= moment) return tree.first;
  if (tree.kind === "fork")
    return Math.min(firstFrom(tree.left, moment), firstFrom(tree.right, moment));
  return tree.instants.at[instantsBefore(tree.instants, moment)] ?? Number.POSITIVE_INFINITY;
}

/** The caller may go on writing into its columns. */
function ownInstantsOf({ sensor, at, milli }: SensorColumns): Instants {
  return instantsOf({ sensor, at: at.slice(), milli: milli.slice() });
}
