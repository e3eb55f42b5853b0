import {
  DeviceId,
  ExcursionView,
  OrganisationId,
  SpaceId,
  keyOf,
  pageOf,
  type Excursion,
  type RevisionView,
} from "@unbroken/model";
import type { OutputReader } from "@unbroken/event-log";
import { DAY, type EpochMs } from "@unbroken/units";
import { z } from "zod";
import type { FactBook } from "../fact-book.ts";
import { RequestRefused } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import { modeOfExcursion } from "../profile-library.ts";
import { findExcursions, revisionsOf, type ExcursionJudgement } from "../queries/excursions.ts";
import { excursionView, iso } from "../views.ts";
import { RevisionsView } from "./api-schemas.ts";
import { found } from "./place-routes.ts";
import { flag, isSet, organisationField, paging, span, spanOf } from "./query-fields.ts";

export interface ExcursionDeps {
  readonly book: FactBook;
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
  ...paging,
});

const RevisionsQuery = z.strictObject({
  organisation: OrganisationId.optional().meta({
    description: "needed only where two organisations have an excursion of this id",
  }),
});

export function excursionRoutes(deps: ExcursionDeps): readonly Route[] {
  const { book, outputs, partitions, now } = deps;
  const view = (organisation: string, excursion: Excursion) =>
    excursionView(excursion, {
      organisation,
      spaceName: nameOfSpace(book, organisation, excursion.space),
      mode: modeOfExcursion(book.registry, organisation, excursion),
    });
  return [
    route({
      id: "listExcursions",
      method: "get",
      path: "/api/v1/excursions",
      tag: "excursions",
      summary: "Excursions that lasted at some time of the span, by since",
      query: ExcursionsQuery,
      answer: pageOf(ExcursionView),
      async handle({ query }) {
        const { from, to } = spanOf(query, { from: 0, to: now() + DAY });
        const { items, next } = await findExcursions(outputs, partitions, {
          spaces: spacesOf(query, book),
          from,
          to,
          open: isSet(query.open),
          retracted: isSet(query.retracted) ?? false,
          cursor: query.cursor,
          limit: query.limit,
        });
        return {
          body: { items: items.map((item) => view(item.organisation, item.excursion)), next },
        };
      },
    }),
    route({
      id: "listRevisions",
      method: "get",
      path: "/api/v1/excursions/:id/revisions",
      tag: "excursions",
      summary: "All that was ever said of an excursion, the first first",
      params: z.strictObject({ id: z.string().min(1).max(400) }),
      query: RevisionsQuery,
      answer: RevisionsView,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { id }, query }) {
        const organisation = query.organisation ?? organisationOf(book, id);
        const records = await revisionsOf(outputs, organisation, id);
        found(records[0], id);
        return {
          body: {
            revisions: records.map((record) =>
              revisionView(record, view(organisation, record.judgement.excursion)),
            ),
          },
        };
      },
    }),
  ];
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
  excursion: ExcursionView,
): RevisionView {
  const change = judgement.kind.slice("excursion-".length) as RevisionView["change"];
  return {
    change,
    judged_at: iso(judgedAt),
    changed: judgement.kind === "excursion-amended" ? judgement.changed : [],
    replaced_by: judgement.kind === "excursion-retracted" ? judgement.replacedBy : [],
    excursion,
  };
}

export function nameOfSpace({ registry }: FactBook, organisation: string, space: string): string {
  return registry.spaces.get(keyOf(organisation, space))?.name ?? space;
}
