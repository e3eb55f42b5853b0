import { createHash } from "node:crypto";
import { UnbrokenError } from "@unbroken/errors";
import {
  builtInProfiles,
  canonicalJson,
  keyOf,
  parseProfile,
  type Excursion,
  type Json,
  type Profile,
  type ProfileProblem,
  type Registry,
  type RuleMode,
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

/** A document that does not follow the rule language, with where in the request and what would be right. */
export class ProfileRefused extends UnbrokenError {
  readonly problems: readonly ProfileProblem[];

  /** @param at where in the body the document stands: a JSON pointer, empty for the whole of it. */
  constructor(problems: readonly ProfileProblem[], at: "" | "/profile") {
    super("UB_PROFILE_INVALID");
    this.problems = problems.map(({ pointer, message }) => ({ pointer: at + pointer, message }));
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
  if (typeof profile !== "string") return statedDocument(profile, "/profile");
  const stated = statedOf(registry, organisation).findLast(({ id }) => id === profile);
  const found = stated ?? builtIn.find(({ id }) => id === profile);
  if (found === undefined)
    throw new UnbrokenError("UB_PROFILE_UNKNOWN", `no profile is called ${profile}`, { profile });
  return found;
}

/** @throws ProfileRefused (UB_PROFILE_INVALID) */
export function statedDocument(
  document: Readonly<Record<string, unknown>>,
  at: "" | "/profile",
): NamedDocument {
  const parsed = parseProfile(document, "");
  if (!parsed.ok) throw new ProfileRefused(parsed.problems, at);
  return named(parsed.profile.id, document as Json);
}

/** The document of a hash: of the organisation, of any if none is named, or one that comes with Unbroken; or null. */
export function documentOfHash(
  registry: Registry,
  organisation: string | null,
  hash: string,
): NamedDocument | null {
  const all = [...builtIn, ...statedOf(registry, organisation)];
  return all.find((document) => document.hash === hash) ?? null;
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

/** The mode of the rule that an excursion was judged by; null where its profile is not known here. */
export function modeOfExcursion(
  registry: Registry,
  organisation: string,
  { profileHash, rule }: Pick<Excursion, "profileHash" | "rule">,
): RuleMode | null {
  const profile = profileOfHash(registry, organisation, profileHash);
  return profile?.rules.find(({ id }) => id === rule)?.mode ?? null;
}

export function isConfirmed(registry: Registry, organisation: string, hash: string): boolean {
  return registry.confirmed.has(keyOf(organisation, hash));
}

/** Profiles are immutable under their hash, so each is made ready once. */
export function readyProfile(hash: string, document: unknown): Profile | null {
  const known = ready.get(hash);
  if (known !== undefined) return known;
  const parsed = parseProfile(document, hash);
  const profile = parsed.ok ? parsed.profile : null;
  ready.set(hash, profile);
  return profile;
}

function named(id: string, document: Json): NamedDocument {
  const hash = createHash("sha256").update(canonicalJson(document)).digest("hex");
  return { id, hash, document };
}
