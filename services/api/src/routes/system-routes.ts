import { ProfileDocument, pageOf } from "@unbroken/model";
import { z } from "zod";
import type { HealthReport } from "../api-deps.ts";
import type { FactBook } from "../fact-book.ts";
import { route, type Route } from "../http/route.ts";
import { builtInDocuments, readyProfile, type NamedDocument } from "../profile-library.ts";
import { pageByKey } from "../queries/paged-list.ts";
import { profileView } from "../views.ts";
import { AliveView, HealthView, ProfileEntry } from "./api-schemas.ts";
import { organisationField, paging } from "./query-fields.ts";

export interface SystemDeps {
  readonly book: FactBook;
  readonly health: () => Promise<HealthReport>;
  readonly metricsText: () => Promise<string>;
  readonly version: string;
  readonly document: () => unknown;
}

export function systemRoutes(deps: SystemDeps): readonly Route[] {
  return [profilesRoute(deps), ...healthRoutes(deps), ...documentRoutes(deps)];
}

function profilesRoute({ book }: SystemDeps): Route {
  return route({
    id: "listProfiles",
    method: "get",
    path: "/api/v1/profiles",
    tag: "profiles",
    summary: "Profiles that come with Unbroken and those that were stated",
    query: z.strictObject({ ...organisationField, ...paging }),
    answer: pageOf(ProfileEntry),
    handle: ({ query }) => {
      const stated = [...book.registry.profiles.values()]
        .filter((entry) => (query.organisation ?? entry.organisation) === entry.organisation)
        .map(({ organisation, profile, hash, document }) =>
          keyed(
            { id: profile, hash, document: document as NamedDocument["document"] },
            organisation,
          ),
        );
      const builtIn = builtInDocuments().map((document) => keyed(document, null));
      return { body: pageByKey([...builtIn, ...stated], query) };
    },
  });
}

function keyed(
  { id, hash, document }: NamedDocument,
  organisation: string | null,
): readonly [string, ProfileEntry] {
  const parsed = ProfileDocument.safeParse(document);
  const profile = readyProfile(hash, document);
  const entry: ProfileEntry = {
    id,
    hash,
    organisation,
    title: profile?.title ?? id,
    source: parsed.data?.source ?? null,
    edition: parsed.data?.edition ?? null,
    limits: profile === null ? [] : profileView(profile).limits,
    document: document as ProfileEntry["document"],
  };
  // Built-in ones first: no organisation's name is empty.
  return [`${organisation ?? ""}/${id}/${hash}`, entry];
}

function healthRoutes({ health, metricsText, version }: SystemDeps): readonly Route[] {
  return [
    route({
      id: "getHealth",
      method: "get",
      path: "/api/v1/health",
      tag: "system",
      summary: "Every part of the installation and whether it works",
      answer: HealthView,
      async handle() {
        const { ready, parts } = await health();
        return { body: { ready, version, parts: parts.map((part) => ({ ...part })) } };
      },
    }),
    route({
      id: "isAlive",
      method: "get",
      path: "/healthz",
      tag: "system",
      summary: "The process answers",
      access: "open",
      answer: AliveView,
      handle: () => ({ body: { status: "ok" as const, version } }),
    }),
    route({
      id: "isReady",
      method: "get",
      path: "/readyz",
      tag: "system",
      summary: "Requests can be answered rightly; 503 while they cannot",
      access: "open",
      // To strangers it says no more than whether.
      answer: z.strictObject({ ready: z.boolean() }),
      async handle() {
        const { ready } = await health();
        return { body: { ready }, status: ready ? 200 : 503 };
      },
    }),
    route({
      id: "getMetrics",
      method: "get",
      path: "/metrics",
      tag: "system",
      summary: "Prometheus metrics; without a login only from this machine",
      access: "local",
      answer: null,
      mediaType: "text/plain; version=0.0.4; charset=utf-8",
      handle: async () => ({ body: await metricsText() }),
    }),
  ];
}

function documentRoutes({ document }: SystemDeps): readonly Route[] {
  return ["/openapi.json", "/api/v1/openapi.json"].map((path, i) =>
    route({
      id: i === 0 ? "getDocument" : "getDocumentOfVersion",
      method: "get",
      path,
      tag: "system",
      summary: "This document",
      access: "open",
      answer: z.record(z.string(), z.json()),
      etag: true,
      handle: () => ({ body: document() as Record<string, never> }),
    }),
  );
}
