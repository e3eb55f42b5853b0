import type { EpochMs, Milli } from "@unbroken/units";
import type { RunSpan } from "./runs-account.ts";

/** Proven out of range without interruption, with the value that was furthest out and since when it was. */
export interface ProvenRun extends RunSpan {
  readonly peak: Milli;
  readonly peakAt: EpochMs;
}

/** Takes down one run after the other while time goes forward. */
export class ProvenRuns {
  readonly #runs: ProvenRun[] = [];
  #since: number | null = null;
  #peak = 0;
  #peakAt = 0;
  #excess = Number.NEGATIVE_INFINITY;

  turn(at: number, out: boolean): void {
    if (out) {
      if (this.#since !== null) return;
      this.#since = at;
      this.#excess = Number.NEGATIVE_INFINITY;
    } else this.#end(at);
  }

  /** Of values that are equally far out the first is the peak. */
  reach(milli: number, excess: number, at: number): void {
    if (excess <= this.#excess) return;
    this.#excess = excess;
    this.#peak = milli;
    this.#peakAt = at;
  }

  #end(at: number): void {
    if (this.#since === null) return;
    this.#runs.push({
      since: this.#since as EpochMs,
      until: at as EpochMs,
      peak: this.#peak as Milli,
      peakAt: this.#peakAt as EpochMs,
    });
    this.#since = null;
  }

  finish(to: number): readonly ProvenRun[] {
    this.#end(to);
    return this.#runs;
  }
}
