import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { UnbrokenError } from "@unbroken/errors";
import {
  builtInProfiles,
  canonicalJson,
  parseProfile,
  type Json,
  type Profile,
  type ProfileProblem,
} from "@unbroken/model";

/** A profile that does not follow the rule language. Its message names each place and what would be right. */
export class ProfileFaulty extends UnbrokenError {
  readonly problems: readonly ProfileProblem[];

  constructor(problems: readonly ProfileProblem[]) {
    const lines = problems.map(({ pointer, message }) => `${pointer} ${message}`.trim());
    super("UB_PROFILE_INVALID", lines.join("; "));
    this.problems = problems;
  }
}

/**
 * The profile that a file holds, or a built-in one by its id.
 * @throws UB_PROFILE_UNKNOWN; ProfileFaulty (UB_PROFILE_INVALID) with everything that is wrong with it.
 */
export async function loadProfile(fileOrId: string): Promise<Profile> {
  const builtIn = builtInProfiles.find(({ id }) => id === fileOrId);
  if (builtIn !== undefined) return profileOfDocument(builtIn as unknown as Json);
  if (!existsSync(fileOrId)) {
    const ids = nearest(fileOrId).join(", ");
    const message = `there is no file ${fileOrId} and no profile of this id; similar are ${ids}, and --profile list prints all`;
    throw new UnbrokenError("UB_PROFILE_UNKNOWN", message);
  }
  return profileOfDocument(documentOf(fileOrId, await readFile(fileOrId, "utf8")));
}

function documentOf(file: string, text: string): Json {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch (cause) {
    throw new UnbrokenError("UB_PROFILE_INVALID", `${file} is not JSON`, {}, { cause });
  }
}

function profileOfDocument(document: Json): Profile {
  const hash = createHash("sha256").update(canonicalJson(document)).digest("hex");
  const parsed = parseProfile(document, hash);
  if (parsed.ok) return parsed.profile;
  throw new ProfileFaulty(parsed.problems);
}

/** Ids that share the most with what was asked for, by pairs of letters: `chiled.cn` is `chilled.cn`. */
function nearest(id: string): readonly string[] {
  const asked = pairsOf(id);
  const shared = (candidate: string): number =>
    pairsOf(candidate).filter((pair) => asked.includes(pair)).length / (candidate.length + 1);
  return builtInProfiles
    .map((profile) => profile.id)
    .sort((a, b) => shared(b) - shared(a))
    .slice(0, 4);
}

function pairsOf(id: string): readonly string[] {
  const text = ` ${id.toLowerCase()} `;
  return Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2));
}
