import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import { ExactSum } from "./exact-sum.ts";
import type { AccountLaw } from "./account-law.ts";
import type { ProvenRuns } from "./proven-runs.ts";
import { RunsBuilder } from "./runs-account.ts";
import {
  emptyAccount,
  furtherOut,
  msByClass,
  type Extreme,
  type StretchAccount,
} from "./stretch-account.ts";

// The classes as numbers, for columns. Ranked as the union ranks them: high before low before unproven before in.
export const IN = 0;
export const UNPROVEN = 1;
export const LOW = 2;
export const HIGH = 3;
export const OFF = 4;
export type ClassCode = 0 | 1 | 2 | 3 | 4;

/** Builds the account of one stretch while time goes forward from `from`. Used once. */
export class AccountBuilder {
  readonly #law: AccountLaw;
  readonly #from: number;
  readonly #proven: RunsBuilder;
  readonly #possible: RunsBuilder;
  readonly #runs: ProvenRuns | null;
  readonly #ms: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  readonly #above = new ExactSum();
  readonly #below = new ExactSum();
  // Time by temperature: there are far fewer temperatures than readings, and each costs a rate only once.
  readonly #heat = new Map<number, number>();
  #class: ClassCode | null = null;
  #highest: Extreme | null = null;
  #lowest: Extreme | null = null;
  #readings = 0;

  /** @param runs also takes down each run that is proven out of range. */
  constructor(law: AccountLaw, from: number, runs: ProvenRuns | null = null) {
    this.#law = law;
    this.#from = from;
    this.#proven = new RunsBuilder(from);
    this.#possible = new RunsBuilder(from);
    this.#runs = runs;
  }

  /** At the moment `at`, and from it on until told otherwise, it is of this class. */
  turn(at: number, to: ClassCode): void {
    if (to === this.#class) return;
    this.#class = to;
    const out = to === HIGH || to === LOW;
    this.#proven.turn(at, out);
    this.#possible.turn(at, out || to === UNPROVEN);
    this.#runs?.turn(at, out);
  }

  /** It stays of the class last told for `ms`. */
  last(ms: number): void {
    if (this.#class !== null) this.#ms[this.#class] += ms;
  }

  /** The value by which it is out of range from the last turn on. */
  reach(value: Extreme): void {
    this.#runs?.reach(value, this.#excess(value.value));
  }

  /** For `ms` it is out of range by this value. */
  exceed(milli: number, ms: number): void {
    const excess = this.#excess(milli);
    // What is called out by another measure than this limit is not out by so much of it.
    if (excess <= 0) return;
    if (this.#class === HIGH) this.#above.addProduct(excess, ms);
    else this.#below.addProduct(excess, ms);
  }

  /** −∞ where there is no limit on that side. */
  #excess(milli: number): number {
    return this.#class === HIGH ? milli - this.#law.highLimit : this.#law.lowLimit - milli;
  }

  /** For `ms` this value is proven, for means. */
  heat(milli: number, ms: number): void {
    this.#heat.set(milli, (this.#heat.get(milli) ?? 0) + ms);
  }

  /** A value that was measured at `at`, or holds since then. */
  see(highest: number, lowest: number, at: number, sensor: string): void {
    // Time goes forward, so that of equals the one at hand is the earlier.
    if (this.#highest === null || highest > this.#highest.value)
      this.#highest = { value: highest as Milli, at: at as EpochMs, sensor };
    if (this.#lowest === null || lowest < this.#lowest.value)
      this.#lowest = { value: lowest as Milli, at: at as EpochMs, sensor };
  }

  /** As `see`, where it counted since a moment that is not the present one. */
  seeExtreme(highest: Extreme | null, lowest: Extreme | null): void {
    this.#highest = furtherOut(this.#highest, highest, 1);
    this.#lowest = furtherOut(this.#lowest, lowest, -1);
  }

  /** A value was measured. */
  count(readings: number): void {
    this.#readings += readings;
  }

  finish(to: number): StretchAccount {
    if (to <= this.#from) return emptyAccount;
    const [inRange, unproven, low, high, off] = this.#ms;
    return {
      stretch: { from: this.#from as EpochMs, to: to as EpochMs },
      ms: msByClass(inRange, high, low, unproven, off),
      proven: this.#proven.finish(to),
      possible: this.#possible.finish(to),
      aboveMilliMs: this.#above.total,
      belowMilliMs: this.#below.total,
      ...this.#sums(),
      highest: this.#highest,
      lowest: this.#lowest,
      readings: this.#readings,
    };
  }

  #sums(): Pick<StretchAccount, "valueMs" | "valueMilliMs" | "agedMs" | "activation"> {
    const { rateOf, activation } = this.#law;
    const values = new ExactSum();
    let valueMs = 0;
    let agedMs = 0n;
    for (const [milli, ms] of this.#heat) {
      valueMs += ms;
      values.addProduct(milli, ms);
      agedMs += BigInt(ms) * rateOf(milli as Milli);
    }
    return {
      valueMs: valueMs as DurationMs,
      valueMilliMs: values.total,
      agedMs,
      activation: valueMs === 0 ? null : activation,
    };
  }
}
