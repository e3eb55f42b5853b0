import type { EpochMs } from "@unbroken/units";
import type { RunSpan } from "./runs-account.ts";
import type { Extreme } from "./stretch-account.ts";

/** Proven out of range without interruption. */
export interface ProvenRun extends RunSpan {
  /** The value that was furthest out, of several the first; null where none was told. */
  readonly peak: Extreme | null;
}

/** Takes down one run after the other while time goes forward. */
export class ProvenRuns {
  readonly #runs: ProvenRun[] = [];
  #since: number | null = null;
  #peak: Extreme | null = null;
  #excess = 0;

  turn(at: number, out: boolean): void {
    if (!out) this.#end(at);
    else this.#since ??= at;
  }

  reach(peak: Extreme, excess: number): void {
    if (this.#peak !== null && excess <= this.#excess) return;
    this.#excess = excess;
    this.#peak = peak;
  }

  #end(at: number): void {
    if (this.#since === null) return;
    this.#runs.push({
      since: this.#since as EpochMs,
      until: at as EpochMs,
      peak: this.#peak,
    });
    this.#since = null;
    this.#peak = null;
  }

  finish(to: number): readonly ProvenRun[] {
    this.#end(to);
    return this.#runs;
  }
}
