import {
  DeviceId,
  ExcursionEntry,
  OrganisationId,
  SpaceId,
  keyOf,
  momentOf,
  pageOf,
  type Excursion,
  type ExcursionView,
  type RevisionView,
} from "@unbroken/model";
import type { OutputReader } from "@unbroken/event-log";
import { DAY, type EpochMs } from "@unbroken/units";
import { z } from "zod";
import type { FactBook } from "../fact-book.ts";
import { RequestRefused } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import { modeOfExcursion } from "../profile-library.ts";
import {
  findExcursions,
  presentExcursions,
  type ExcursionSource,
  type FoundExcursion,
} from "../queries/excursions.ts";
import { namedBy } from "../said/said-keys.ts";
import type { SaidIndex } from "../said/said-index.ts";
import {
  excursionsAsOf,
  lineageOf,
  revisionsOf,
  type ExcursionJudgement,
} from "../said/said-queries.ts";
import { excursionView, iso } from "../views.ts";
import { RevisionsView } from "./api-schemas.ts";
import { found } from "./place-routes.ts";
import { asOfField, flag, isSet, organisationField, paging, span, spanOf } from "./query-fields.ts";

export interface ExcursionDeps {
  readonly book: FactBook;
  readonly said: SaidIndex;
  readonly outputs: OutputReader;
  readonly partitions: number;
  readonly now: () => EpochMs;
}

const ExcursionsQuery = z.strictObject({
  ...organisationField,
  space: SpaceId.optional(),
  device: DeviceId.optional().meta({
    description: "the spaces in which the device or a probe of it was ever placed",
  }),
  ...span,
  open: flag.optional(),
  retracted: flag.optional().meta({
    description: "true: also those that late data or a new fact took back",
  }),
  ...asOfField,
  ...paging,
});

const OneQuery = z.strictObject({
  organisation: OrganisationId.optional().meta({
    description: "needed only where two organisations have an excursion of this id",
  }),
  ...asOfField,
});

const idPath = z.strictObject({ id: z.string().min(1).max(400) });

export function excursionRoutes(deps: ExcursionDeps): readonly Route[] {
  return [listRoute(deps), ...oneRoutes(deps)];
}

function listRoute(deps: ExcursionDeps): Route {
  const { book, said, now } = deps;
  return route({
    id: "listExcursions",
    method: "get",
    path: "/api/v1/excursions",
    tag: "excursions",
    summary: "Excursions that lasted at some time of the span, by since",
    query: ExcursionsQuery,
    answer: pageOf(ExcursionEntry),
    async handle({ query }) {
      const { from, to } = spanOf(query, { from: 0, to: now() + DAY });
      const asOf = momentOrNull(query.as_of);
      await said.catchUp();
      const { items, next } = await findExcursions(sourceOf(deps, asOf), {
        spaces: spacesOf(query, book),
        from,
        to,
        open: isSet(query.open),
        retracted: isSet(query.retracted) ?? false,
        cursor: query.cursor,
        limit: query.limit,
      });
      const entries = items.map((item) => entryOf(deps, item, asOf));
      return { body: { items: await Promise.all(entries), next } };
    },
  });
}

function oneRoutes(deps: ExcursionDeps): readonly Route[] {
  const { book, said } = deps;
  return [
    route({
      id: "getExcursion",
      method: "get",
      path: "/api/v1/excursions/:id",
      tag: "excursions",
      summary: "An excursion as it stands, or as it was said to be at a moment",
      params: idPath,
      query: OneQuery,
      answer: ExcursionEntry,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { id }, query }) {
        const organisation = query.organisation ?? organisationOf(book, id);
        const asOf = momentOrNull(query.as_of);
        // What lasts grows without being said: as it stands now only the state knows.
        const present = asOf === null ? await presentOf(deps, organisation, id) : null;
        const records = await revisionsOf(said, organisation, id, asOf ?? undefined);
        const excursion = present ?? found(records.at(-1), id).judgement.excursion;
        return { body: await entryOf(deps, { organisation, excursion }, asOf) };
      },
    }),
    route({
      id: "listRevisions",
      method: "get",
      path: "/api/v1/excursions/:id/revisions",
      tag: "excursions",
      summary: "All that was ever said of an excursion, the first first",
      params: idPath,
      query: OneQuery,
      answer: RevisionsView,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { id }, query }) {
        const organisation = query.organisation ?? organisationOf(book, id);
        const asOf = momentOrNull(query.as_of);
        const records = await revisionsOf(said, organisation, id, asOf ?? undefined);
        found(records[0], id);
        const { replaces } = await lineageOf(said, organisation, id, asOf ?? undefined);
        const revisions = records.map((record) =>
          revisionView(record, replaces, viewOf(book, organisation, record.judgement.excursion)),
        );
        return { body: { revisions } };
      },
    }),
  ];
}

function momentOrNull(text: string | undefined): EpochMs | null {
  return text === undefined ? null : momentOf(text);
}

function sourceOf(
  { said, outputs, partitions }: ExcursionDeps,
  asOf: number | null,
): ExcursionSource {
  if (asOf === null) return presentExcursions(outputs, partitions);
  return (organisation, space, since) => [excursionsAsOf(said, organisation, space, since, asOf)];
}

async function presentOf(
  { outputs, partitions }: ExcursionDeps,
  organisation: string,
  id: string,
): Promise<Excursion | null> {
  const named = namedBy(id);
  if (named === null) return null;
  const { space, since, rule, side } = named;
  const key = `excursion/${organisation}/${space}/${String(since).padStart(16, "0")}/${rule}/${side}`;
  for (let partition = 0; partition < partitions; partition++) {
    const row = await outputs.getState(partition, key);
    const excursion = row === null ? null : (JSON.parse(Buffer.from(row).toString()) as Excursion);
    if (excursion?.id === id) return excursion;
  }
  return null;
}

async function entryOf(
  { book, said }: ExcursionDeps,
  { organisation, excursion }: FoundExcursion,
  asOf: number | null,
): Promise<ExcursionEntry> {
  const lineage = await lineageOf(said, organisation, excursion.id, asOf ?? undefined);
  return {
    ...viewOf(book, organisation, excursion),
    replaces: [...lineage.replaces],
    replaced_by: [...lineage.replacedBy],
  };
}

function viewOf(book: FactBook, organisation: string, excursion: Excursion): ExcursionView {
  return excursionView(excursion, {
    organisation,
    spaceName: nameOfSpace(book, organisation, excursion.space),
    mode: modeOfExcursion(book.registry, organisation, excursion),
  });
}

function spacesOf(
  query: z.output<typeof ExcursionsQuery>,
  { registry }: FactBook,
): readonly { readonly organisation: string; readonly space: string }[] {
  const { organisation, space, device } = query;
  return [...registry.spaces.values()].filter((entry) => {
    if (organisation !== undefined && entry.organisation !== organisation) return false;
    if (space !== undefined && entry.space !== space) return false;
    if (device === undefined) return true;
    const placements = registry.placements.get(keyOf(entry.organisation, device)) ?? [];
    return placements.some((placement) => placement.space === entry.space);
  });
}

/** @throws UB_NOT_FOUND, or UB_REQUEST_INVALID where the id's space is in several organisations */
function organisationOf({ registry }: FactBook, id: string): string {
  const space = id.slice(0, Math.max(0, id.indexOf("|")));
  const organisations = [...registry.spaces.values()].filter((entry) => entry.space === space);
  const [only, second] = organisations;
  if (second !== undefined)
    throw new RequestRefused("UB_REQUEST_INVALID", "/query/organisation: name the organisation", [
      { pointer: "/query/organisation", detail: "several have a space of this name" },
    ]);
  return found(only, id).organisation;
}

function revisionView(
  { judgedAt, judgement }: ExcursionJudgement,
  replaces: readonly string[],
  excursion: ExcursionView,
): RevisionView {
  const change = judgement.kind.slice("excursion-".length) as RevisionView["change"];
  return {
    change,
    judged_at: iso(judgedAt),
    changed: judgement.kind === "excursion-amended" ? judgement.changed : [],
    replaces: change === "opened" ? [...replaces] : [],
    replaced_by: judgement.kind === "excursion-retracted" ? judgement.replacedBy : [],
    excursion,
  };
}

export function nameOfSpace({ registry }: FactBook, organisation: string, space: string): string {
  return registry.spaces.get(keyOf(organisation, space))?.name ?? space;
}
