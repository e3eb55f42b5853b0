import { NUMBERED, noColumns, push, sorted, type Columns, type MutableColumns } from "./columns.ts";
import type { RowPoint } from "./row-codec.ts";

/**
 * One array for a series' points: with many series of few points, arrays cost more than numbers. Four each, the last of
 * them its mark; two more, boot and number, where that says so.
 */
type Packed = number[];

/**
 * In memory, what stands in the row log and not yet, or not yet surely, in chunks: points by generation and series,
 * as they came. Generations go as a whole, when every series of theirs is in chunks.
 */
export class Tails {
  private readonly generations = new Map<number, Map<number, Packed>>();

  add(generation: number, point: RowPoint): void {
    let bySeries = this.generations.get(generation);
    if (bySeries === undefined)
      this.generations.set(generation, (bySeries = new Map<number, Packed>()));
    let packed = bySeries.get(point.series);
    const { at, received, milli, mark, sequence } = point;
    if (packed === undefined) bySeries.set(point.series, (packed = [at, received, milli, mark]));
    else packed.push(at, received, milli, mark);
    if (sequence !== undefined) packed.push(sequence.boot, sequence.number);
  }

  /** The points of `[from, to)` that are not surely in chunks, in order, each once. */
  of(series: number, from: number, to: number): Columns {
    const columns = noColumns();
    for (const bySeries of this.generations.values())
      unpack(bySeries.get(series) ?? [], from, to, columns);
    return sorted(columns);
  }

  /** Those with the latest time of all, in order. */
  latestOf(series: number): Columns {
    let latest = -Infinity;
    for (const bySeries of this.generations.values()) {
      const packed = bySeries.get(series) ?? [];
      for (let i = 0; i < packed.length; i = after(packed, i))
        latest = Math.max(latest, packed[i] ?? latest);
    }
    return this.of(series, latest, latest + 1);
  }

  /** The points of one generation and series, in order, each once. */
  in(generation: number, series: number): Columns {
    const columns = noColumns();
    unpack(this.generations.get(generation)?.get(series) ?? [], -Infinity, Infinity, columns);
    return sorted(columns);
  }

  seriesIn(generation: number): readonly number[] {
    return [...(this.generations.get(generation)?.keys() ?? [])];
  }

  /** Oldest first. */
  generationsHeld(): readonly number[] {
    return [...this.generations.keys()];
  }

  pointsIn(generation: number): number {
    let count = 0;
    for (const packed of this.generations.get(generation)?.values() ?? [])
      for (let i = 0; i < packed.length; i = after(packed, i)) count++;
    return count;
  }

  has(series: number): boolean {
    for (const bySeries of this.generations.values()) if (bySeries.has(series)) return true;
    return false;
  }

  /** Whether any point was measured before `moment`. */
  reachBefore(moment: number): boolean {
    for (const bySeries of this.generations.values())
      for (const packed of bySeries.values())
        for (let i = 0; i < packed.length; i = after(packed, i))
          if ((packed[i] ?? 0) < moment) return true;
    return false;
  }

  forget(generation: number, series: number): void {
    this.generations.get(generation)?.delete(series);
  }

  forgetBefore(generation: number): void {
    for (const held of this.generations.keys())
      if (held < generation) this.generations.delete(held);
  }
}

function unpack(packed: Packed, from: number, to: number, columns: MutableColumns): void {
  for (let i = 0; i < packed.length; i = after(packed, i)) {
    const at = packed[i] ?? 0;
    if (at < from || at >= to) continue;
    const mark = packed[i + 3] ?? 0;
    const sequence =
      (mark & NUMBERED) === 0
        ? undefined
        : { boot: packed[i + 4] ?? 0, number: packed[i + 5] ?? 0 };
    push(columns, at, packed[i + 1] ?? 0, packed[i + 2] ?? 0, mark, sequence);
  }
}

/** Where the point after that at `i` begins. */
function after(packed: Packed, i: number): number {
  return i + (((packed[i + 3] ?? 0) & NUMBERED) === 0 ? 4 : 6);
}
