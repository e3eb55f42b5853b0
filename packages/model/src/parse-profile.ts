import type { z } from "zod";
import { ProfileDocument, profileOf, type Profile } from "./profile.ts";
import { RuleDocument, ruleModes } from "./rule.ts";

/** One thing that is wrong with a profile: where (a JSON pointer, RFC 6901) and what would be right. */
export interface ProfileProblem {
  readonly pointer: string;
  readonly message: string;
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

/**
 * Reads a profile as a person states it, and says of all that is wrong where it is and what would be right.
 * @param hash of the document as it was stated (see `profileOf`).
 */
export function parseProfile(json: unknown, hash: string): ParsedProfile {
  const parsed = ProfileDocument.safeParse(json);
  if (parsed.success) return { ok: true, profile: profileOf(parsed.data, hash) };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, json)) };
}

function problemsOf(issue: z.core.$ZodIssue, json: unknown): readonly ProfileProblem[] {
  const { path, message } = issue;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      pointer: pointerTo([...path, key]),
      message: `${key}: there is no such field; ${fieldsAt(path, json)}`,
    }));
  const field = path.at(-1);
  if (field === "mode" && path.length === 3)
    return [{ pointer: pointerTo(path), message: `mode: one of ${ruleModes.join(", ")}` }];
  const isMissing = issue.code === "invalid_type" && message.endsWith("received undefined");
  return [
    {
      pointer: pointerTo(path),
      message: isMissing ? `${String(field)}: is missing; ${issue.expected} is expected` : message,
    },
  ];
}

/** The fields that may stand where one was found that is not known. */
function fieldsAt(path: readonly PropertyKey[], json: unknown): string {
  const at = path.reduce<unknown>(
    (value, key) => (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key],
    json,
  );
  if (path.length === 0) return `there are ${Object.keys(ProfileDocument.shape).join(", ")}`;
  const [list] = path;
  const { mode } = (at ?? {}) as { readonly mode?: unknown };
  const shape = RuleDocument.options.find((option) => option.shape.mode.value === mode)?.shape;
  if (list !== "rules" || path.length !== 2 || shape === undefined)
    return "the schema names those that there are";
  return `a rule of mode ${String(mode)} has ${Object.keys(shape).join(", ")}`;
}

/** RFC 6901 §3: `~` and `/` in a name are written `~0` and `~1`. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
