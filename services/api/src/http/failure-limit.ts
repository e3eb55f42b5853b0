import type { EpochMs } from "@unbroken/units";

const BURST = 20;
const REFILL_MS = 3_000;
const ADDRESSES_MAX = 10_000;

/** Failed logins by address: twenty at once, then one each three seconds. Successes cost nothing. */
export class FailureLimit {
  readonly #now: () => EpochMs;
  readonly #spent = new Map<string, { readonly tokens: number; readonly at: number }>();

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  /** Milliseconds until another attempt is allowed; 0 if it is now. */
  waitMs(address: string): number {
    const left = this.#left(address);
    return left >= 1 ? 0 : Math.ceil((1 - left) * REFILL_MS);
  }

  failed(address: string): void {
    const left = this.#left(address);
    this.#spent.delete(address);
    this.#spent.set(address, { tokens: left - 1, at: this.#now() });
    const oldest = this.#spent.keys().next();
    if (this.#spent.size > ADDRESSES_MAX && oldest.done !== true) this.#spent.delete(oldest.value);
  }

  #left(address: string): number {
    const spent = this.#spent.get(address);
    if (spent === undefined) return BURST;
    return Math.min(BURST, spent.tokens + (this.#now() - spent.at) / REFILL_MS);
  }
}
