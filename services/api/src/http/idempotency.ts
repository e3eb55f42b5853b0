import { createHash } from "node:crypto";
import type { EpochMs } from "@unbroken/units";
import { RequestRefused } from "./problem.ts";
import type { Answer } from "./route.ts";

const LIFE_MS = 10 * 60_000;
const KEPT_MAX = 1_000;

interface Kept {
  readonly request: string;
  readonly answer: Promise<Answer<unknown>>;
  readonly until: number;
}

/**
 * Repeats of a command under the same Idempotency-Key get the first answer, for ten minutes and in this process.
 * A command that failed is not kept: it may be tried again.
 */
export class Idempotency {
  readonly #now: () => EpochMs;
  readonly #kept = new Map<string, Kept>();

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  /** @throws UB_CONFLICT if the key was used for another request, UB_REQUEST_INVALID for a key of a wrong form */
  once(
    key: string | undefined,
    target: string,
    body: unknown,
    run: () => Promise<Answer<unknown>>,
  ): Promise<Answer<unknown>> {
    if (key === undefined) return run();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new RequestRefused(
        "UB_REQUEST_INVALID",
        "Idempotency-Key: 1 to 255 visible characters",
      );
    this.#forget();
    const request = createHash("sha256")
      .update(JSON.stringify([target, body]))
      .digest("base64");
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      if (kept.request === request) return kept.answer;
      throw new RequestRefused("UB_CONFLICT", "this Idempotency-Key was used for another request");
    }
    const answer = run();
    this.#kept.set(key, { request, answer, until: this.#now() + LIFE_MS });
    answer.catch(() => this.#kept.delete(key));
    return answer;
  }

  #forget(): void {
    for (const [key, { until }] of this.#kept) {
      if (until > this.#now() && this.#kept.size < KEPT_MAX) break;
      this.#kept.delete(key);
    }
  }
}
