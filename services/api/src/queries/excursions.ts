import type { OutputReader } from "@unbroken/event-log";
import type { Excursion } from "@unbroken/model";
import { z } from "zod";
import { readCursor, writeCursor } from "./cursor.ts";
import { merged } from "./merged.ts";
import type { Page } from "./paged-list.ts";
import { compareText, firstDifference } from "./order.ts";
import { scanAll } from "./scan-state.ts";

export interface FoundExcursion {
  readonly organisation: string;
  readonly excursion: Excursion;
}

export interface ExcursionQuery {
  /** The spaces to look in, each once. */
  readonly spaces: readonly { readonly organisation: string; readonly space: string }[];
  /** Those that lasted at some time of `[from, to)`. */
  readonly from: number;
  readonly to: number;
  readonly open?: boolean | undefined;
  /** Also those that late data or a new fact took back. */
  readonly retracted: boolean;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const Position = z.tuple([z.int(), z.string(), z.string(), z.string(), z.string()]);
const ROWS_AT_ONCE = 100;

/** Where the excursions of a space are read, in the order of `since`, from that of `since` on. */
export type ExcursionSource = (
  organisation: string,
  space: string,
  since: number | null,
) => readonly AsyncGenerator<FoundExcursion>[];

/** As they stand now. */
export function presentExcursions(outputs: OutputReader, partitions: number): ExcursionSource {
  return (organisation, space, since) =>
    Array.from({ length: partitions }, (_, partition) =>
      excursionsOf(outputs, partition, organisation, space, since),
    );
}

/** Excursions in the order of `since`, of several spaces as one list. */
export async function findExcursions(
  source: ExcursionSource,
  query: ExcursionQuery,
): Promise<Page<FoundExcursion>> {
  const position = readCursor(Position, query.cursor);
  const sources = query.spaces.flatMap(({ organisation, space }) =>
    source(organisation, space, position?.[0] ?? null),
  );
  const items: FoundExcursion[] = [];
  for await (const found of merged(sources, compareFound)) {
    if (found.excursion.since >= query.to) break;
    if (position !== null && comparePositions(positionOf(found), position) <= 0) continue;
    if (!matches(found.excursion, query)) continue;
    const last = items.at(-1);
    if (items.length === query.limit && last !== undefined)
      return { items, next: writeCursor(positionOf(last)) };
    items.push(found);
  }
  return { items, next: null };
}

function matches(excursion: Excursion, { from, open, retracted }: ExcursionQuery): boolean {
  if (excursion.until !== null && excursion.until <= from && excursion.since < from) return false;
  if (open !== undefined && open !== (excursion.until === null && !excursion.retracted))
    return false;
  return retracted || !excursion.retracted;
}

async function* excursionsOf(
  outputs: OutputReader,
  partition: number,
  organisation: string,
  space: string,
  since: number | null,
): AsyncGenerator<FoundExcursion> {
  const prefix = `excursion/${organisation}/${space}/`;
  // `since` without its rule and side sorts before every key of that moment.
  const after = since === null ? null : prefix + String(since).padStart(16, "0");
  const rows = scanAll(outputs, partition, prefix, after, ROWS_AT_ONCE);
  for await (const { value } of rows) yield { organisation, excursion: value as Excursion };
}

type ExcursionPosition = z.output<typeof Position>;

function positionOf({ organisation, excursion }: FoundExcursion): ExcursionPosition {
  return [excursion.since, organisation, excursion.space, excursion.rule, excursion.side];
}

function compareFound(a: FoundExcursion, b: FoundExcursion): number {
  return comparePositions(positionOf(a), positionOf(b));
}

function comparePositions(a: ExcursionPosition, b: ExcursionPosition): number {
  return firstDifference(
    a[0] - b[0],
    compareText(a[1], b[1]),
    compareText(a[2], b[2]),
    compareText(a[3], b[3]),
    compareText(a[4], b[4]),
  );
}
