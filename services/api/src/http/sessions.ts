import { createHash, randomBytes } from "node:crypto";
import type { EpochMs } from "@unbroken/units";

const LIFE_MS = 12 * 3_600_000;
const SESSIONS_MAX = 10_000;

/**
 * Logins of browsers, in memory: a restart ends them all. A session's secret is 32 random bytes, kept only as its
 * SHA-256; when there are too many, the oldest ends.
 */
export class Sessions {
  readonly #now: () => EpochMs;
  /** In the order of their making, which is that of their ending. */
  readonly #sessions = new Map<string, number>();

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  open(): { readonly secret: string; readonly expiresAt: number; readonly lifeMs: number } {
    this.#forgetEnded();
    const secret = randomBytes(32).toString("base64url");
    const expiresAt = this.#now() + LIFE_MS;
    this.#sessions.set(hashOf(secret), expiresAt);
    return { secret, expiresAt, lifeMs: LIFE_MS };
  }

  /** @returns when it ends, or null if there is no such session (any more). */
  expiryOf(secret: string): number | null {
    const expiresAt = this.#sessions.get(hashOf(secret));
    return expiresAt === undefined || expiresAt <= this.#now() ? null : expiresAt;
  }

  close(secret: string): void {
    this.#sessions.delete(hashOf(secret));
  }

  #forgetEnded(): void {
    const now = this.#now();
    for (const [hash, expiresAt] of this.#sessions) {
      if (expiresAt > now && this.#sessions.size < SESSIONS_MAX) break;
      this.#sessions.delete(hash);
    }
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
