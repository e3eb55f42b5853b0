import type { ChunkChanges, ChunkHeader, Chunks } from "./chunks.ts";
import { indexFrom, isKnownAlike, merged, slice, type Columns } from "./columns.ts";

/** The longest time a chunk spans, in ms (8,925 years): keeps differences of its times exact. */
const CHUNK_SPAN = 2 ** 48;

/**
 * Puts points of one series where they belong. A chunk owns the time from its first point to the next chunk's first
 * point, the first chunk also what lies before; so late points join the chunk they fall into.
 * @param points in order, each once.
 * @param room how many points a chunk may hold; points of one instant stay together, so it may become more.
 */
export function compactSeries(
  chunks: Chunks,
  changes: ChunkChanges,
  series: number,
  points: Columns,
  room: number,
): void {
  let from = 0;
  while (from < points.at.length) {
    const at = points.at[from] ?? 0;
    const owner = chunks.startingAtOrBefore(series, at);
    const next = chunks.startingAfter(series, at);
    const to = next === null ? points.at.length : indexFrom(points, next.firstAt);
    const group = slice(points, from, to);
    from = to;
    const target = owner ?? next;
    if (target === null || standsApart(target, group, room))
      insertAll(changes, series, group, room);
    else mergeInto(chunks, changes, target, group, room);
  }
}

/** A full chunk is left as it is by what lies wholly beside it. */
function standsApart(chunk: ChunkHeader, group: Columns, room: number): boolean {
  const spanned =
    Math.max(chunk.lastAt, group.at.at(-1) ?? 0) - Math.min(chunk.firstAt, group.at[0] ?? 0);
  return sideOf(chunk, group) !== "among" && (chunk.count >= room || spanned > CHUNK_SPAN);
}

function mergeInto(
  chunks: Chunks,
  changes: ChunkChanges,
  chunk: ChunkHeader,
  group: Columns,
  room: number,
): void {
  const held = chunks.decode(chunk, "with-received");
  const all = merged(held, group);
  if (all.at.length === held.at.length && isKnownAlike(all, held)) return;
  const [first, ...rest] = cut(all, sideOf(chunk, group), room);
  if (first !== undefined) changes.replace(chunk, first);
  for (const piece of rest) changes.insert(chunk.series, piece);
}

function insertAll(changes: ChunkChanges, series: number, points: Columns, room: number): void {
  for (const piece of pieces(points, room)) changes.insert(series, piece);
}

type Side = "before" | "after" | "among";

function sideOf(chunk: ChunkHeader, group: Columns): Side {
  if ((group.at[0] ?? 0) > chunk.lastAt) return "after";
  return (group.at.at(-1) ?? 0) < chunk.firstAt ? "before" : "among";
}

/** Full chunks where a series grows, in either direction, and what is over at the growing end. */
function cut(all: Columns, grown: Side, room: number): readonly Columns[] {
  if (grown === "after") return pieces(all, room);
  if (grown === "among") return pieces(all, evenSize(all.at.length, room));
  const over = indexFrom(all, all.at[all.at.length % room] ?? 0);
  return [...pieces(slice(all, 0, over), room), ...pieces(slice(all, over, all.at.length), room)];
}

/** Of a chunk that overflows in the middle, no part should be a splinter. */
function evenSize(count: number, room: number): number {
  return Math.ceil(count / Math.ceil(count / room));
}

function pieces(points: Columns, size: number): readonly Columns[] {
  const result: Columns[] = [];
  for (let from = 0; from < points.at.length;) {
    const within = indexFrom(points, (points.at[from] ?? 0) + CHUNK_SPAN);
    let to = Math.min(from + size, within, points.at.length);
    while (to < points.at.length && points.at[to] === points.at[to - 1]) to++;
    result.push(slice(points, from, to));
    from = to;
  }
  return result;
}
