import type { EvidenceStretch, Excursion, JudgementRecord } from "@unbroken/model";
import { cut, replaced } from "../board/timeline.ts";
import type { FoundExcursion } from "../queries/excursions.ts";
import { scanAll } from "../queries/scan-state.ts";
import type { Lineage, SaidIndex } from "./said-index.ts";
import {
  excursionPrefix,
  excursionsPrefix,
  lineageKey,
  namedBy,
  timelinePrefix,
} from "./said-keys.ts";

export type ExcursionJudgement = JudgementRecord & {
  readonly judgement: Extract<JudgementRecord["judgement"], { readonly excursion: Excursion }>;
};

/** All that was ever said of one excursion, the first first; of what was said until `asOf` alone if it is given. */
export async function revisionsOf(
  index: SaidIndex,
  organisation: string,
  id: string,
  asOf: number = Number.POSITIVE_INFINITY,
): Promise<readonly ExcursionJudgement[]> {
  const named = namedBy(id);
  if (named === null) return [];
  await index.catchUp();
  const found: ExcursionJudgement[] = [];
  for await (const { value } of scanAll(index.rows, 0, excursionPrefix(organisation, named))) {
    const record = value as ExcursionJudgement;
    if (record.judgedAt <= asOf) found.push(record);
  }
  return found;
}

/** What took an excursion's place and whose place it took, as far as that was said until `asOf`. */
export async function lineageOf(
  index: SaidIndex,
  organisation: string,
  id: string,
  asOf: number = Number.POSITIVE_INFINITY,
): Promise<{ readonly replaces: readonly string[]; readonly replacedBy: readonly string[] }> {
  const row = await index.rows.getState(0, lineageKey(organisation, id));
  if (row === null) return { replaces: [], replacedBy: [] };
  const { replaces, replacedBy } = JSON.parse(Buffer.from(row).toString()) as Lineage;
  const said = (list: Lineage["replaces"]): readonly string[] =>
    list.flatMap((each) => (each.at <= asOf ? [each.id] : []));
  return { replaces: said(replaces), replacedBy: said(replacedBy) };
}

/** The excursions of a space as they were said to be at `asOf`, in the order of `since`, from that of `since` on. */
export async function* excursionsAsOf(
  index: SaidIndex,
  organisation: string,
  space: string,
  since: number | null,
  asOf: number,
): AsyncGenerator<FoundExcursion> {
  const prefix = excursionsPrefix(organisation, space);
  const after = since === null ? null : prefix + String(since).padStart(16, "0");
  let last: Excursion | null = null;
  for await (const { value } of scanAll(index.rows, 0, prefix, after)) {
    const { judgedAt, judgement } = value as ExcursionJudgement;
    if (judgedAt > asOf) continue;
    // Rows of one excursion stand together, the latest last.
    if (last !== null && last.id !== judgement.excursion.id)
      yield { organisation, excursion: last };
    last = judgement.excursion;
  }
  if (last !== null) yield { organisation, excursion: last };
}

/** The timeline of a space in `[from, to)`, as it was said to be at `asOf`. */
export async function timelineAsOf(
  index: SaidIndex,
  organisation: string,
  space: string,
  span: { readonly from: number; readonly to: number },
  asOf: number,
): Promise<readonly EvidenceStretch[]> {
  await index.catchUp();
  let timeline: readonly EvidenceStretch[] = [];
  for await (const { value } of scanAll(index.rows, 0, timelinePrefix(organisation, space))) {
    const { judgedAt, judgement } = value as JudgementRecord;
    if (judgement.kind !== "timeline-changed" || judgedAt > asOf) continue;
    if (judgement.from >= span.to) continue;
    // What lies before the span is not asked for; the rest stays short.
    timeline = cut(
      replaced(timeline, judgement.from, judgement.stretches),
      span.from,
      Number.POSITIVE_INFINITY,
    );
  }
  return timeline;
}
