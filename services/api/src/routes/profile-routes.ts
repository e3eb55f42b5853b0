import { OrganisationId, keyOf, pageOf, profileJsonSchema, type Registry } from "@unbroken/model";
import { z } from "zod";
import type { Commands } from "../commands.ts";
import type { FactBook } from "../fact-book.ts";
import { RequestRefused } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import {
  builtInDocuments,
  documentOfHash,
  isConfirmed,
  readyProfile,
  type NamedDocument,
} from "../profile-library.ts";
import { profileView } from "../profile-view.ts";
import { pageByKey } from "../queries/paged-list.ts";
import { ConfirmProfile, ProfileEntry } from "./api-schemas.ts";
import { factHeader, nameOf } from "./place-routes.ts";
import { organisationField, organisationPath, paging } from "./query-fields.ts";

export interface ProfileDeps {
  readonly book: FactBook;
  readonly commands: Commands;
}

const Hash = z.string().regex(/^[0-9a-f]{64}$/, "a hash: 64 of 0–9 a–f");
const hashPath = z.strictObject({ hash: Hash });
const confirmationPath = z.strictObject({ organisation: OrganisationId, hash: Hash });

/** Rules as documents: a version is its hash, and never changes. */
export function profileRoutes(deps: ProfileDeps): readonly Route[] {
  return [...readRoutes(deps), ...stateRoutes(deps)];
}

function readRoutes({ book }: ProfileDeps): readonly Route[] {
  const { registry } = book;
  return [
    route({
      id: "listProfiles",
      method: "get",
      path: "/api/v1/profiles",
      tag: "profiles",
      summary: "Profiles that come with Unbroken and those that were stated, each version",
      query: z.strictObject({ ...organisationField, ...paging }),
      answer: pageOf(ProfileEntry),
      handle: ({ query }) => {
        const asked = query.organisation ?? null;
        const stated = [...registry.profiles.values()]
          .filter(({ organisation }) => asked === null || asked === organisation)
          .map(({ organisation, profile, hash, document }) =>
            entryOf(registry, { id: profile, hash, document: document as never }, organisation),
          );
        const builtIn = builtInDocuments().map((document) => ({
          ...entryOf(registry, document, asked),
          organisation: null,
        }));
        // Built-in ones first: no organisation's name is empty.
        const keyed = [...builtIn, ...stated].map(
          (entry) => [`${entry.organisation ?? ""}/${entry.id}/${entry.hash}`, entry] as const,
        );
        return { body: pageByKey(keyed, query) };
      },
    }),
    route({
      id: "getProfile",
      method: "get",
      path: "/api/v1/profiles/:hash",
      tag: "profiles",
      summary: "One version of a profile, also one that was replaced long ago",
      params: hashPath,
      query: z.strictObject(organisationField),
      answer: ProfileEntry,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      handle: ({ params: { hash }, query }) => {
        const asked = query.organisation ?? null;
        return { body: entryOfHash(registry, asked, hash) };
      },
    }),
    route({
      id: "getProfileSchema",
      method: "get",
      path: "/api/v1/schemas/profile",
      tag: "profiles",
      summary: "The JSON Schema of a profile",
      access: "open",
      answer: z.record(z.string(), z.json()),
      etag: true,
      handle: () => ({ body: profileJsonSchema() as Record<string, never> }),
    }),
  ];
}

function stateRoutes({ book, commands }: ProfileDeps): readonly Route[] {
  const { registry } = book;
  return [
    route({
      id: "stateProfile",
      method: "post",
      path: "/api/v1/organisations/:organisation/profiles",
      tag: "profiles",
      summary:
        "State a profile. Another document under an id is another version; the one before stays as it is",
      params: organisationPath,
      body: z.record(z.string(), z.json()),
      status: 201,
      answer: ProfileEntry,
      refusals: ["UB_PROFILE_INVALID"],
      async handle({ params: { organisation }, body, principal }) {
        const stated = await commands.stateProfile(organisation, body, nameOf(principal));
        return {
          body: entryOfHash(registry, organisation, stated.hash),
          headers: factHeader(stated.facts),
        };
      },
    }),
    route({
      id: "confirmProfile",
      method: "post",
      path: "/api/v1/organisations/:organisation/profiles/:hash/confirmation",
      tag: "profiles",
      summary:
        "Confirm a template's numbers for an organisation; without it they are nobody's claim",
      params: confirmationPath,
      body: ConfirmProfile,
      status: 201,
      answer: ProfileEntry,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { organisation, hash }, body, principal }) {
        const facts = await commands.confirmProfile(organisation, hash, body, nameOf(principal));
        return { body: entryOfHash(registry, organisation, hash), headers: factHeader(facts) };
      },
    }),
  ];
}

function entryOfHash(registry: Registry, asked: string | null, hash: string): ProfileEntry {
  const document = documentOfHash(registry, asked, hash);
  if (document === null)
    throw new RequestRefused("UB_NOT_FOUND", `no profile has the hash ${hash}`);
  const own = asked !== null && registry.profiles.has(keyOf(asked, hash)) ? asked : null;
  const holder = [...registry.profiles.values()].find((stated) => stated.hash === hash);
  const isBuiltIn = builtInDocuments().some((each) => each.hash === hash);
  const organisation = own ?? (isBuiltIn ? null : (holder?.organisation ?? null));
  return { ...entryOf(registry, document, asked ?? organisation), organisation };
}

/** @param organisation whose confirmation is told; null: nobody's. */
function entryOf(
  registry: Registry,
  { id, hash, document }: NamedDocument,
  organisation: string | null,
): ProfileEntry {
  const profile = readyProfile(hash, document);
  const confirmed = organisation !== null && isConfirmed(registry, organisation, hash);
  const view = profile === null ? null : profileView(profile, { confirmed });
  return {
    id,
    hash,
    organisation,
    title: view?.title ?? id,
    title_zh: view?.title_zh ?? null,
    source: view?.source ?? null,
    edition: view?.edition ?? null,
    confidence: view?.confidence ?? null,
    confirmed,
    effective_from: view?.effective_from ?? null,
    effective_until: view?.effective_until ?? null,
    limits: view?.limits ?? [],
    document: document as ProfileEntry["document"],
  };
}
