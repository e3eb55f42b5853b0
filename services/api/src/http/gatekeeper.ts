import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { EpochMs } from "@unbroken/units";
import { FailureLimit } from "./failure-limit.ts";
import type { Principal } from "./principal.ts";
import { RequestRefused } from "./problem.ts";
import { Sessions } from "./sessions.ts";

export const SESSION_COOKIE = "unbroken_session";

/** Knows who asks, and from which page. The one place where credentials are compared. */
export class Gatekeeper {
  readonly sessions: Sessions;
  readonly #failures: FailureLimit;
  readonly #admin: Buffer;
  readonly #origins: ReadonlySet<string>;

  constructor(adminTokenSha256: string, origins: readonly string[], now: () => EpochMs) {
    this.#admin = Buffer.from(adminTokenSha256, "hex");
    this.#origins = new Set(origins);
    this.sessions = new Sessions(now);
    this.#failures = new FailureLimit(now);
  }

  /** @throws UB_AUTH_FAILED, UB_RATE_LIMITED */
  login(token: string, request: IncomingMessage): void {
    const address = request.socket.remoteAddress ?? "";
    const waitMs = this.#failures.waitMs(address);
    if (waitMs > 0)
      throw new RequestRefused("UB_RATE_LIMITED", "too many failed logins from this address", [], {
        "Retry-After": String(Math.ceil(waitMs / 1_000)),
      });
    const hash = createHash("sha256").update(token).digest();
    if (hash.length === this.#admin.length && timingSafeEqual(hash, this.#admin)) return;
    this.#failures.failed(address);
    throw new RequestRefused("UB_AUTH_FAILED", "the token is wrong");
  }

  /** Who asks, by `Authorization: Bearer` or the session cookie; null for nobody. @throws as `login` */
  principalOf(request: IncomingMessage): Principal | null {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1];
      if (token === undefined)
        throw new RequestRefused("UB_AUTH_FAILED", "Authorization: Bearer TOKEN is expected");
      this.login(token, request);
      return { name: "admin", by: "token", expiresAt: null, holds: () => true };
    }
    const secret = sessionSecretOf(request);
    const expiresAt = secret === null ? null : this.sessions.expiryOf(secret);
    if (secret === null || expiresAt === null) return null;
    const holds = (): boolean => this.sessions.expiryOf(secret) !== null;
    return { name: "admin", by: "session", expiresAt, holds };
  }

  /** Whether a page of this origin may use API and feed: one of our own host, or one that the settings name. */
  isAllowedOrigin(origin: string, host: string | undefined): boolean {
    if (this.#origins.has(origin)) return true;
    return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
  }

  isForeignAllowed(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /**
   * A browser sends the cookie by itself, so a request that changes something must show that our page made it.
   * @throws UB_ORIGIN_REFUSED
   */
  refuseForeignPage(request: IncomingMessage, principal: Principal | null): void {
    const { origin, host } = request.headers;
    if (origin !== undefined) {
      if (this.isAllowedOrigin(origin, host)) return;
      throw new RequestRefused("UB_ORIGIN_REFUSED", `pages of ${origin} may not do this`);
    }
    if (principal?.by === "session" && request.headers["sec-fetch-site"] !== "same-origin")
      throw new RequestRefused(
        "UB_ORIGIN_REFUSED",
        "with a session, a change needs an Origin or Sec-Fetch-Site header of this site",
      );
  }
}

export function sessionSecretOf(request: IncomingMessage): string | null {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at !== -1 && pair.slice(0, at).trim() === SESSION_COOKIE) return pair.slice(at + 1).trim();
  }
  return null;
}

/** Whether the browser speaks https, be it to us or to a proxy before us. */
export function isHttps(request: IncomingMessage): boolean {
  return "encrypted" in request.socket || (request.headers.origin ?? "").startsWith("https://");
}

/** On this machine, and not by way of a proxy that stands here. */
export function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? "";
  const loopback = address === "::1" || /^(?:::ffff:)?127\./.test(address);
  return loopback && request.headers["x-forwarded-for"] === undefined;
}
