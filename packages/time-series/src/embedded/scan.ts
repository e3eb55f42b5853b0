import type { ChunkHeader, Chunks } from "./chunks.ts";
import { indexFrom, merged, slice, type Columns } from "./columns.ts";

export type Stretch =
  | { readonly kind: "header"; readonly chunk: ChunkHeader }
  | { readonly kind: "points"; readonly points: Columns };

export interface ScanRequest {
  readonly series: number;
  readonly from: number;
  readonly to: number;
  /** Points of `[from, to)` that may be in chunks as well, in order. */
  readonly tail: Columns;
  readonly received: "with-received" | "values-only";
  /** Whether the header of a chunk that lies wholly in `[from, to)` is enough. */
  readonly headerIsEnough: (chunk: ChunkHeader) => boolean;
}

/** All points of `[from, to)` in order, each once, read chunk by chunk as they are asked for. */
export function* scan(chunks: Chunks, request: ScanRequest): Generator<Stretch> {
  const { series, from, to, tail, received } = request;
  let used = 0;
  for (const chunk of chunks.between(series, from, to)) {
    if (chunk.lastAt < from) continue;
    const begin = indexFrom(tail, chunk.firstAt);
    const end = indexFrom(tail, chunk.lastAt + 1);
    if (begin > used) yield { kind: "points", points: slice(tail, used, begin) };
    used = end;
    const whole = chunk.firstAt >= from && chunk.lastAt < to;
    // A point of the tail may be one of the chunk's: then only the points themselves can tell.
    if (whole && begin === end && request.headerIsEnough(chunk)) {
      yield { kind: "header", chunk };
      continue;
    }
    const held = chunks.decode(chunk, received);
    const inside = slice(held, indexFrom(held, from), indexFrom(held, to));
    yield { kind: "points", points: merged(inside, slice(tail, begin, end)) };
  }
  if (used < tail.at.length) yield { kind: "points", points: slice(tail, used, tail.at.length) };
}
