import { createHash } from "node:crypto";
import { UnbrokenError } from "@unbroken/errors";
import {
  ProfileDocument,
  builtInProfiles,
  canonicalJson,
  keyOf,
  profileOf,
  type Json,
  type Profile,
  type Registry,
} from "@unbroken/model";

/** A profile document as it was stated, and the hash that names it. */
export interface NamedDocument {
  readonly id: string;
  readonly hash: string;
  readonly document: Json;
}

const builtIn: readonly NamedDocument[] = builtInProfiles.map((document) =>
  named(document.id, document as unknown as Json),
);

/** A document that does not follow the rule language, with where and why. */
export class ProfileRefused extends UnbrokenError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];

  constructor(issues: ProfileRefused["issues"]) {
    super("UB_PROFILE_INVALID");
    this.issues = issues;
  }
}

/**
 * The document that an id or a document names: stated ones of the organisation, the latest first, before built-in ones.
 * @throws UB_PROFILE_UNKNOWN, ProfileRefused (UB_PROFILE_INVALID)
 */
export function documentOf(
  registry: Registry,
  organisation: string,
  profile: string | Readonly<Record<string, unknown>>,
): NamedDocument {
  if (typeof profile !== "string") {
    const parsed = ProfileDocument.safeParse(profile);
    if (!parsed.success) throw new ProfileRefused(parsed.error.issues);
    return named(parsed.data.id, profile as Json);
  }
  const stated = statedOf(registry, organisation).findLast(({ id }) => id === profile);
  const found = stated ?? builtIn.find(({ id }) => id === profile);
  if (found === undefined)
    throw new UnbrokenError("UB_PROFILE_UNKNOWN", `no profile is called ${profile}`, { profile });
  return found;
}

export function builtInDocuments(): readonly NamedDocument[] {
  return builtIn;
}

/** In the order in which they were first stated; of all organisations if none is named. */
export function statedOf(
  registry: Registry,
  organisation: string | null,
): readonly NamedDocument[] {
  return [...registry.profiles.values()]
    .filter((stated) => organisation === null || stated.organisation === organisation)
    .map(({ profile, hash, document }) => ({ id: profile, hash, document: document as Json }));
}

const ready = new Map<string, Profile | null>();

/** The profile of a stated hash; null if it was never stated or its document is of a language unknown here. */
export function profileOfHash(
  registry: Registry,
  organisation: string,
  hash: string,
): Profile | null {
  const stated = registry.profiles.get(keyOf(organisation, hash));
  return stated === undefined ? null : readyProfile(hash, stated.document);
}

/** Profiles are immutable under their hash, so each is made ready once. */
export function readyProfile(hash: string, document: unknown): Profile | null {
  const known = ready.get(hash);
  if (known !== undefined) return known;
  const parsed = ProfileDocument.safeParse(document);
  const profile = parsed.success ? profileOf(parsed.data, hash) : null;
  ready.set(hash, profile);
  return profile;
}

function named(id: string, document: Json): NamedDocument {
  const hash = createHash("sha256").update(canonicalJson(document)).digest("hex");
  return { id, hash, document };
}
