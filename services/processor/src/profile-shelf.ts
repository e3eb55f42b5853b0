import { ProfileDocument, keyOf, profileOf, type Profile, type Registry } from "@unbroken/model";

/** Profiles ready to judge, parsed once. */
export class ProfileShelf {
  readonly #registry: Registry;
  readonly #parsed = new Map<string, Profile | null>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Null where no such profile was stated, or where what was stated does not follow the rule language. */
  get(organisation: string, hash: string): Profile | null {
    const key = keyOf(organisation, hash);
    const found = this.#parsed.get(key);
    if (found !== undefined) return found;
    const stated = this.#registry.profiles.get(key);
    // Not yet stated: look again next time.
    if (stated === undefined) return null;
    const parsed = ProfileDocument.safeParse(stated.document);
    const profile = parsed.success ? profileOf(parsed.data, hash) : null;
    this.#parsed.set(key, profile);
    return profile;
  }
}
