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
} from "@unbroken/model";

/**
 * The profile that a file holds, or a built-in one by its id.
 * @throws UB_PROFILE_UNKNOWN, UB_PROFILE_INVALID naming the field.
 */
export async function loadProfile(fileOrId: string): Promise<Profile> {
  const builtIn = builtInProfiles.find(({ id }) => id === fileOrId);
  if (builtIn !== undefined) return profileOfDocument(builtIn as unknown as Json);
  if (!existsSync(fileOrId)) {
    const ids = builtInProfiles.map(({ id }) => id).join(", ");
    const message = `there is no file ${fileOrId}; built-in profiles are ${ids}`;
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
  const problems = parsed.problems.map(({ pointer, message }) => `${pointer} ${message}`.trim());
  throw new UnbrokenError("UB_PROFILE_INVALID", problems.join("; "));
}
