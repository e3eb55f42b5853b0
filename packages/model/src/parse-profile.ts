import { ProfileDocument, profileOf, type Profile } from "./profile.ts";
import { ruleModes } from "./rule.ts";

/** One thing that is wrong with a profile: where (a JSON pointer, RFC 6901) and what would be right. */
export interface ProfileProblem {
  readonly pointer: string;
  readonly message: string;
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

/**
 * Reads a profile as a person states it.
 * @param hash of the document as it was stated (see `profileOf`).
 */
export function parseProfile(json: unknown, hash: string): ParsedProfile {
  const parsed = ProfileDocument.safeParse(json);
  if (parsed.success) return { ok: true, profile: profileOf(parsed.data, hash) };
  const problems = parsed.error.issues.map(({ path, message }) => {
    const unjudged = path.at(-1) === "mode" && path.length === 3;
    return {
      pointer: path.map((key) => `/${String(key)}`).join(""),
      message: unjudged ? `mode: one of ${ruleModes.join(", ")}` : message,
    };
  });
  return { ok: false, problems };
}
