import { randomBytes } from "node:crypto";
import type { EpochMs } from "@unbroken/units";
import type { Principal } from "../http/principal.ts";

const LIFE_MS = 30_000;
const TICKETS_MAX = 10_000;

/** Tickets that open one feed each, for those who can send neither cookie nor header. */
export class FeedTickets {
  readonly #now: () => EpochMs;
  readonly #tickets = new Map<string, { readonly principal: Principal; readonly until: number }>();

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  issue(principal: Principal): { readonly ticket: string; readonly expiresAt: number } {
    for (const [ticket, { until }] of this.#tickets) {
      if (until > this.#now() && this.#tickets.size < TICKETS_MAX) break;
      this.#tickets.delete(ticket);
    }
    const ticket = randomBytes(32).toString("base64url");
    const expiresAt = this.#now() + LIFE_MS;
    this.#tickets.set(ticket, { principal, until: expiresAt });
    return { ticket, expiresAt };
  }

  /** Each ticket once. @returns who it was issued to, or null if it is unknown, used or too old. */
  redeem(ticket: string): Principal | null {
    const found = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    return found !== undefined && found.until > this.#now() && found.principal.holds()
      ? found.principal
      : null;
  }
}
