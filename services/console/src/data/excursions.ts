import type { ExcursionEntry, ExcursionView, RevisionView, SpaceNow } from "@unbroken/model";
import { getJson } from "./api.ts";
import type { Range } from "./envelope.ts";
import type { Page } from "./page.ts";

const iso = (at: number) => new Date(at).toISOString();

/** Excursions of a space that touch the range, newest first; retracted ones too. */
export async function fetchExcursions(
  space: { readonly organisation: string; readonly space: string },
  range: Range,
  signal: AbortSignal,
): Promise<readonly ExcursionEntry[]> {
  const query = {
    organisation: space.organisation,
    space: space.space,
    from: iso(range.from),
    to: iso(range.to),
    retracted: "true",
    limit: 200,
  };
  const page = await getJson<Page<ExcursionEntry>>("/excursions", query, signal);
  return page.items.toSorted((a, b) => Date.parse(b.since) - Date.parse(a.since));
}

/** What was said of an excursion, first to last. */
export async function fetchRevisions(
  excursion: ExcursionView,
  signal: AbortSignal,
): Promise<readonly RevisionView[]> {
  const path = `/excursions/${encodeURIComponent(excursion.id)}/revisions`;
  const query = { organisation: excursion.organisation };
  const view = await getJson<{ readonly revisions: readonly RevisionView[] }>(path, query, signal);
  return view.revisions;
}

export interface Timeline {
  /** Epoch ms; before it the server keeps no timeline at hand, which is not the same as no evidence. */
  readonly knownFrom: number | null;
  readonly stretches: SpaceNow["timeline"];
}

export async function fetchTimeline(
  space: { readonly organisation: string; readonly space: string },
  range: Range,
  signal: AbortSignal,
): Promise<Timeline> {
  const { organisation, space: id } = space;
  const path = `/organisations/${organisation}/spaces/${id}/timeline`;
  const query = { from: iso(range.from), to: iso(range.to) };
  const view = await getJson<{
    readonly known_from: string | null;
    readonly stretches: SpaceNow["timeline"];
  }>(path, query, signal);
  return {
    knownFrom: view.known_from === null ? null : Date.parse(view.known_from),
    stretches: view.stretches,
  };
}
