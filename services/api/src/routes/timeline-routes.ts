import type { OutputReader } from "@unbroken/event-log";
import {
  QuarantineView,
  keyOf,
  momentOf,
  pageOf,
  type EvidenceStretch,
  type QuarantineRecord,
} from "@unbroken/model";
import { DAY, type EpochMs } from "@unbroken/units";
import { z } from "zod";
import { cut } from "../board/timeline.ts";
import type { FactBook } from "../fact-book.ts";
import { route, type Route } from "../http/route.ts";
import { readCursor, writeCursor } from "../queries/cursor.ts";
import type { SaidIndex } from "../said/said-index.ts";
import { timelineAsOf } from "../said/said-queries.ts";
import { iso, isoOrNull, quarantineView } from "../views.ts";
import { TimelineView } from "./api-schemas.ts";
import { found } from "./place-routes.ts";
import { asOfField, organisationField, paging, span, spacePath, spanOf } from "./query-fields.ts";

export interface TimelineDeps {
  readonly book: FactBook;
  readonly said: SaidIndex;
  readonly outputs: OutputReader;
  readonly partitions: number;
  readonly now: () => EpochMs;
}

const Position = z.tuple([z.int(), z.int()]);

/** What the evidence shows of a space's time, and what could not be understood. */
export function timelineRoutes(deps: TimelineDeps): readonly Route[] {
  const { book, outputs, now } = deps;
  return [
    route({
      id: "getTimeline",
      method: "get",
      path: "/api/v1/organisations/:organisation/spaces/:space/timeline",
      tag: "excursions",
      summary:
        "Proven in range, out, or unproven: stretch after stretch; the last 24 hours unless said otherwise",
      params: spacePath,
      query: z.strictObject({ ...span, ...asOfField }),
      answer: TimelineView,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { organisation, space }, query }) {
        found(book.registry.spaces.get(keyOf(organisation, space)), space);
        const asOf = query.as_of === undefined ? null : momentOf(query.as_of);
        const end = asOf ?? now();
        const asked = spanOf(query, { from: end - DAY, to: end });
        const { from, to } = asked;
        const known =
          asOf === null
            ? await timelineOf(deps, organisation, space)
            : await timelineAsOf(deps.said, organisation, space, asked, asOf);
        const stretches = cut(known, from, to).map((stretch) => ({
          from: iso(stretch.from),
          to: isoOrNull(stretch.to),
          class: stretch.class,
        }));
        const known_from = isoOrNull(known[0]?.from ?? null);
        return {
          body: { organisation, space, from: iso(from), to: iso(to), known_from, stretches },
        };
      },
    }),
    route({
      id: "listQuarantine",
      method: "get",
      path: "/api/v1/quarantine",
      tag: "quarantine",
      summary: "What was acknowledged and could not be understood, the newest first",
      query: z.strictObject({ ...organisationField, ...paging }),
      answer: pageOf(QuarantineView),
      async handle({ query: { organisation, cursor, limit } }) {
        const position = readCursor(Position, cursor);
        const before = position === null ? null : { sequence: position[0], index: position[1] };
        const rows = await outputs.recentOutputs(
          "quarantine",
          organisation ?? null,
          before,
          limit + 1,
        );
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        const more = rows.length > limit && last !== undefined;
        return {
          body: {
            items: page.map(({ output }) =>
              quarantineView(JSON.parse(Buffer.from(output.body).toString()) as QuarantineRecord),
            ),
            next: more ? writeCursor([last.sequence, last.index]) : null,
          },
        };
      },
    }),
  ];
}

async function timelineOf(
  { outputs, partitions }: TimelineDeps,
  organisation: string,
  space: string,
): Promise<readonly EvidenceStretch[]> {
  for (let partition = 0; partition < partitions; partition++) {
    const row = await outputs.getState(partition, `timeline/${organisation}/${space}`);
    if (row !== null)
      return (JSON.parse(Buffer.from(row).toString()) as { stretches: EvidenceStretch[] })
        .stretches;
  }
  return [];
}
