import { addressGroupOf } from "./listen-address.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface AdmissionLimits {
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly connectsPerSecondPerAddress: number;
}

interface Address {
  open: number;
  readonly connects: TokenBucket;
}

/** Which TCP connections are let in: a cap on all, a cap on one address, a rate for one address. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #monotonic: () => number;
  readonly #addresses = new Map<string, Address>();
  #open = 0;

  constructor(limits: AdmissionLimits, monotonic: () => number) {
    this.#limits = limits;
    this.#monotonic = monotonic;
  }

  get open(): number {
    return this.#open;
  }

  /** @returns how to give the place back when the connection closes, or null if it may not come in. */
  admit(remote: string | undefined): (() => void) | null {
    const group = addressGroupOf(remote);
    const address = this.#addressOf(group);
    if (!address.connects.take(this.#monotonic())) return null;
    if (this.#open >= this.#limits.connectionsMax) return null;
    if (address.open >= this.#limits.connectionsPerAddressMax) return null;
    this.#open += 1;
    address.open += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#open -= 1;
      address.open -= 1;
    };
  }

  /** Forgets addresses of which nothing is left to remember. */
  sweep(): void {
    const now = this.#monotonic();
    for (const [group, address] of this.#addresses)
      if (address.open === 0 && address.connects.isFull(now)) this.#addresses.delete(group);
  }

  #addressOf(group: string): Address {
    const known = this.#addresses.get(group);
    if (known !== undefined) return known;
    const rate = this.#limits.connectsPerSecondPerAddress;
    const address = { open: 0, connects: new TokenBucket(rate, rate, this.#monotonic()) };
    this.#addresses.set(group, address);
    return address;
  }
}
