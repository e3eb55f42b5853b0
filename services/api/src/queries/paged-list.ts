import { z } from "zod";
import { readCursor, writeCursor } from "./cursor.ts";

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** One page of a list that is in memory, ordered by its unique key. */
export function pageByKey<T>(
  entries: Iterable<readonly [key: string, item: T]>,
  query: { readonly cursor?: string | undefined; readonly limit: number },
): Page<T> {
  const after = readCursor(z.string().max(200), query.cursor);
  const rest = [...entries]
    .filter(([key]) => after === null || key > after)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(([, item]) => item),
    next: last === undefined || rest.length <= query.limit ? null : writeCursor(last[0]),
  };
}
