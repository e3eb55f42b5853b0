import { ApiProblem, request, whenSignedOut } from "./api.ts";
import { WritableStore } from "./external-store.ts";

export type Session = "unknown" | "signed-in" | "signed-out";
export type SignInResult = "signed-in" | "refused" | "limited" | "unreachable";

export const session = new WritableStore<Session>("unknown");

whenSignedOut(() => session.set("signed-out"));

/** Asks whether the cookie still opens the door. Without an answer the state stays as it was. */
export async function checkSession(): Promise<void> {
  const token = tokenFromLink();
  if (token !== null && (await signIn(token)) === "signed-in") return;
  try {
    await request("/session", {});
    session.set("signed-in");
  } catch (problem) {
    if (problem instanceof ApiProblem) session.set("signed-out");
    else if (session.get() === "unknown") window.setTimeout(() => void checkSession(), 2_000);
  }
}

export async function signIn(token: string): Promise<SignInResult> {
  try {
    await request("/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) return "unreachable";
    return problem.status === 429 ? "limited" : "refused";
  }
  session.set("signed-in");
  return "signed-in";
}

export async function signOut(): Promise<void> {
  try {
    await request("/session", { method: "DELETE" });
  } finally {
    session.set("signed-out");
  }
}

const TOKEN_LINK = /^#token=([A-Za-z0-9_-]+)$/;

/**
 * The token of a link that `unbroken demo` prints, taken out of the address at once. A fragment is never sent to a server
 * and does not stand in its log.
 */
function tokenFromLink(): string | null {
  const token = TOKEN_LINK.exec(window.location.hash)?.[1] ?? null;
  if (token !== null) {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
  return token;
}
