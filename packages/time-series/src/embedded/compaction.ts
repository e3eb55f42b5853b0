import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ChunkChanges, Chunks } from "./chunks.ts";
import { compactSeries } from "./compact-series.ts";
import type { Tails } from "./tails.ts";

export interface CompactionLimits {
  /** Points of a generation; memory holds two generations at the most, at 32 bytes a point, 48 if numbered. */
  readonly generationPoints: number;
  /** Writes of a generation, so that few sensors with small writes do not leave a long row log. */
  readonly generationRows: number;
  /** How many points a chunk has room for. */
  readonly chunkPoints: number;
}

/** Applies to memory what was committed. */
export type Settle = () => void;

/**
 * Moves the row log into chunks. The active generation of rows fills; once full it is sealed, and its series go into
 * chunks one by one while the next generation fills to the half; then its rows are deleted. A crash in between leaves
 * points both in rows and in chunks, which changes nothing: the same point again is the same point.
 */
export class Compaction {
  private readonly tails: Tails;
  private readonly chunks: Chunks;
  private readonly changes: ChunkChanges;
  private readonly limits: CompactionLimits;
  private readonly deleteRows: StatementSync;
  private readonly setActive: StatementSync;
  private activeGeneration: number;
  private points: number;
  private rows: number;
  private sealed: readonly (readonly [generation: number, series: number])[];
  private next = 0;
  private due = 0;

  constructor(
    db: DatabaseSync,
    tails: Tails,
    chunks: Chunks,
    changes: ChunkChanges,
    limits: CompactionLimits,
  ) {
    this.tails = tails;
    this.chunks = chunks;
    this.changes = changes;
    this.limits = limits;
    this.deleteRows = db.prepare("DELETE FROM recent WHERE generation < ?");
    this.setActive = db.prepare("UPDATE generation SET active = ?");
    this.activeGeneration = Number(db.prepare("SELECT active FROM generation").get()?.["active"]);
    this.points = tails.pointsIn(this.activeGeneration);
    this.rows = Number(
      db
        .prepare("SELECT count(*) AS n FROM recent WHERE generation = ?")
        .get(this.activeGeneration)?.["n"],
    );
    this.sealed = this.seriesBefore(this.activeGeneration);
  }

  /** The generation that new rows belong to. */
  get active(): number {
    return this.activeGeneration;
  }

  /** The share of the work that a write of so many points pays for. Inside the transaction of the write. */
  afterWrite(written: number): Settle {
    const points = this.points + written;
    const rows = this.rows + (written > 0 ? 1 : 0);
    const full = points >= this.limits.generationPoints || rows >= this.limits.generationRows;
    // Twice the pace of the filling, so the sealed generation is gone when the active one is half full.
    const share =
      2 * Math.max(written / this.limits.generationPoints, 1 / this.limits.generationRows);
    const due = this.due + share * this.sealed.length;
    const until = full ? this.sealed.length : Math.min(this.sealed.length, Math.floor(due));
    const done = this.sealed.slice(this.next, until);
    for (const [generation, series] of done) this.compactOne(generation, series);
    const emptied = this.sealed.length > 0 && until === this.sealed.length;
    if (emptied) this.deleteRows.run(this.activeGeneration);
    if (full) this.setActive.run(this.activeGeneration + 1);
    return () => {
      this.points = points;
      this.rows = rows;
      this.due = due;
      this.next = until;
      for (const [generation, series] of done) this.tails.forget(generation, series);
      if (emptied) this.clearSealed();
      if (full) this.seal();
    };
  }

  /** Everything into chunks, now. Inside a transaction. */
  all(): Settle {
    const successor = this.activeGeneration + 1;
    for (const [generation, series] of this.seriesBefore(successor))
      this.compactOne(generation, series);
    this.deleteRows.run(successor);
    this.setActive.run(successor);
    return () => {
      this.clearSealed();
      this.activeGeneration = successor;
      this.points = 0;
      this.rows = 0;
      this.tails.forgetBefore(successor);
    };
  }

  private compactOne(generation: number, series: number): void {
    const points = this.tails.in(generation, series);
    compactSeries(this.chunks, this.changes, series, points, this.limits.chunkPoints);
  }

  private seriesBefore(generation: number): readonly (readonly [number, number])[] {
    return this.tails
      .generationsHeld()
      .filter((held) => held < generation)
      .flatMap((held) => this.tails.seriesIn(held).map((series) => [held, series] as const));
  }

  private clearSealed(): void {
    this.sealed = [];
    this.next = 0;
    this.due = 0;
    this.tails.forgetBefore(this.activeGeneration);
  }

  private seal(): void {
    this.activeGeneration++;
    this.points = 0;
    this.rows = 0;
    this.sealed = this.seriesBefore(this.activeGeneration);
    this.next = 0;
    this.due = 0;
  }
}
