/** Who asks, once that is known. There is one administrator so far; roles come with organisations' own accounts. */
export interface Principal {
  readonly name: "admin";
  readonly by: "token" | "session";
  /** Epoch ms; null for the token, which does not expire. */
  readonly expiresAt: number | null;
  /** Whether it still holds: a session may have been ended since. */
  readonly holds: () => boolean;
}
