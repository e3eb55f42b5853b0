import type { EpochMs } from "@unbroken/units";

/** `[since, until)`. */
export interface RunSpan {
  readonly since: EpochMs;
  readonly until: EpochMs;
}

/**
 * The uninterrupted runs of one kind in a stretch of time. What touches an edge is kept apart, so that a run that
 * goes on in the next stretch is one run. A run may last for no time at all: a single moment is one.
 */
export interface RunsAccount {
  /** Whether one run is the whole stretch. */
  readonly whole: boolean;
  /** The end of the run that is there when the stretch begins; null without one. */
  readonly leadUntil: EpochMs | null;
  /** The beginning of the run that is still there when the stretch ends; null without one. */
  readonly tailSince: EpochMs | null;
  /** Of several of one length the first. */
  readonly longest: RunSpan | null;
  readonly count: number;
}

export const noRuns: RunsAccount = {
  whole: false,
  leadUntil: null,
  tailSince: null,
  longest: null,
  count: 0,
};

/** The runs of two stretches that meet. */
export function concatRuns(a: RunsAccount, b: RunsAccount): RunsAccount {
  const joined =
    a.tailSince === null || b.leadUntil === null
      ? null
      : { since: a.tailSince, until: b.leadUntil };
  return {
    whole: a.whole && b.whole,
    leadUntil: a.whole ? (b.leadUntil ?? a.leadUntil) : a.leadUntil,
    tailSince: b.whole ? (a.tailSince ?? b.tailSince) : b.tailSince,
    longest: longerRun(joined, longerRun(a.longest, b.longest)),
    count: a.count + b.count - (joined === null ? 0 : 1),
  };
}

/** The longer one, the earlier of equals: whichever is asked first. */
function longerRun(a: RunSpan | null, b: RunSpan | null): RunSpan | null {
  if (a === null) return b;
  if (b === null) return a;
  const difference = a.until - a.since - (b.until - b.since);
  if (difference !== 0) return difference > 0 ? a : b;
  return a.since <= b.since ? a : b;
}

/** Finds the runs of one kind while time goes forward. */
export class RunsBuilder {
  readonly #from: number;
  #leading = true;
  #leadUntil: number | null = null;
  #since: number | null = null;
  #longestSince = 0;
  #longestMs = -1;
  #count = 0;

  constructor(from: number) {
    this.#from = from;
  }

  /** From `at` on it is, or is not, a run. */
  turn(at: number, inRun: boolean): void {
    if (inRun) {
      if (this.#since !== null) return;
      this.#since = this.#leading ? this.#from : at;
      this.#count += 1;
    } else if (this.#since !== null) this.#end(this.#since, at);
    else this.#leading = false;
  }

  #end(since: number, at: number): void {
    if (this.#leading) this.#leadUntil = at;
    this.#leading = false;
    this.#since = null;
    this.#measure(since, at);
  }

  #measure(since: number, until: number): void {
    if (until - since <= this.#longestMs) return;
    this.#longestMs = until - since;
    this.#longestSince = since;
  }

  finish(to: number): RunsAccount {
    const since = this.#since;
    if (since !== null) this.#measure(since, to);
    const whole = this.#leading && since !== null;
    const longestSince = this.#longestSince;
    return {
      whole,
      leadUntil: (whole ? to : this.#leadUntil) as EpochMs | null,
      tailSince: since as EpochMs | null,
      longest:
        this.#longestMs < 0
          ? null
          : {
              since: longestSince as EpochMs,
              until: (longestSince + this.#longestMs) as EpochMs,
            },
      count: this.#count,
    };
  }
}
