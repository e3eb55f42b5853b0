import type { ClockState } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";

/** A jump of the wall clock against the monotonic clock beyond this is a step, not slewing, in ms. */
const STEP_MS = 1_000;
/** For how long records say that the clock was stepped: time for an operator's chart to show it, in ms. */
const STEPPED_FOR_MS = 60_000;

export interface Stamp {
  readonly receivedAt: EpochMs;
  readonly clock: ClockState;
}

/**
 * Our clock with its doubt: it compares the wall clock with the monotonic one at each stamp, and for a minute
 * after a step says so. NTP slews by 500 ppm at most (RFC 5905 §11.3), far below the limit between two stamps.
 */
export class ClockWatch {
  readonly #now: () => EpochMs;
  readonly #monotonic: () => number;
  #offset: number;
  #steppedUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => EpochMs, monotonic: () => number) {
    this.#now = now;
    this.#monotonic = monotonic;
    this.#offset = now() - monotonic();
  }

  stamp(): Stamp {
    const wall = this.#now();
    const mono = this.#monotonic();
    if (Math.abs(wall - mono - this.#offset) > STEP_MS) this.#steppedUntil = mono + STEPPED_FOR_MS;
    this.#offset = wall - mono;
    return {
      receivedAt: EpochMs(wall),
      clock: mono < this.#steppedUntil ? "stepped" : "steady",
    };
  }
}
