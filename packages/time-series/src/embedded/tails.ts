import { noColumns, push, sorted, type Columns, type MutableColumns } from "./columns.ts";
import type { RowPoint } from "./row-codec.ts";

/** One array for a series' points, four numbers each: with many series of few points, arrays cost more than numbers. */
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
    const packed = bySeries.get(point.series);
    if (packed === undefined)
      bySeries.set(point.series, [point.at, point.received, point.milli, point.mark]);
    else packed.push(point.at, point.received, point.milli, point.mark);
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
      for (let i = 0; i < packed.length; i += 4) latest = Math.max(latest, packed[i] ?? latest);
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
      count += packed.length / 4;
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
        for (let i = 0; i < packed.length; i += 4) if ((packed[i] ?? 0) < moment) return true;
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
  for (let i = 0; i < packed.length; i += 4) {
    const at = packed[i] ?? 0;
    if (at >= from && at < to)
      push(columns, at, packed[i + 1] ?? 0, packed[i + 2] ?? 0, packed[i + 3] ?? 0);
  }
}
