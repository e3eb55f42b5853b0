import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SeriesKey, SeriesPoint } from "../port.ts";
import { ChunkChanges, Chunks } from "./chunks.ts";
import { MILLI_MAX, MOMENT_MAX, markOf } from "./columns.ts";
import { Compaction, type CompactionLimits } from "./compaction.ts";
import { inTransaction } from "./database.ts";
import { encodeRow, type RowPoint } from "./row-codec.ts";
import type { Tails } from "./tails.ts";

export interface CursorMove {
  readonly partition: number;
  readonly cursor: number;
}

/**
 * The one writer. A write is one row of the row log, whatever number of series it touches, and the cursor; chunks
 * follow a bounded share at a time in the transactions of later writes. Memory changes only after the commit.
 */
export class SeriesWrites {
  private readonly db: DatabaseSync;
  private readonly tails: Tails;
  private readonly compaction: Compaction;
  private readonly changes: ChunkChanges;
  private readonly ids = new Map<string, number>();
  private readonly insertSeries: StatementSync;
  private readonly allSeries: StatementSync;
  private readonly seriesWithoutChunks: StatementSync;
  private readonly deleteSeries: StatementSync;
  private readonly insertRow: StatementSync;
  private readonly moveCursor: StatementSync;

  /** @param tails what the row log holds. */
  constructor(db: DatabaseSync, tails: Tails, limits: CompactionLimits) {
    this.db = db;
    this.tails = tails;
    this.changes = new ChunkChanges(db);
    this.compaction = new Compaction(db, tails, new Chunks(db), this.changes, limits);
    this.insertSeries = db.prepare(
      "INSERT INTO series(organisation, sensor, quantity) VALUES (?, ?, ?)",
    );
    this.allSeries = db.prepare("SELECT id, organisation, sensor, quantity FROM series");
    this.seriesWithoutChunks = db.prepare(
      "SELECT id FROM series WHERE NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.series = series.id)",
    );
    this.deleteSeries = db.prepare("DELETE FROM series WHERE id = ?");
    this.insertRow = db.prepare("INSERT INTO recent(generation, points) VALUES (?, ?)");
    this.moveCursor = db.prepare(
      "INSERT INTO cursor VALUES (?, ?) ON CONFLICT(partition) DO UPDATE SET cursor = excluded.cursor",
    );
    this.readIds();
  }

  write(points: readonly SeriesPoint[], moved: CursorMove | null): void {
    points.forEach(assertStorable);
    const made = new Map<string, number>();
    const generation = this.compaction.active;
    let rows: readonly RowPoint[] = [];
    const settle = inTransaction(this.db, () => {
      rows = points.map((point) => this.rowOf(point, made));
      if (rows.length > 0) this.insertRow.run(generation, encodeRow(rows));
      if (moved !== null) this.moveCursor.run(moved.partition, moved.cursor);
      return this.compaction.afterWrite(rows.length);
    });
    for (const [name, id] of made) this.ids.set(name, id);
    for (const row of rows) this.tails.add(generation, row);
    settle();
  }

  retain(before: number): void {
    const settle = inTransaction(this.db, () => {
      const settled = this.tails.reachBefore(before) ? this.compaction.all() : null;
      this.changes.deleteEndedBefore(before);
      for (const { id } of this.seriesWithoutChunks.all())
        if (settled !== null || !this.tails.has(Number(id))) this.deleteSeries.run(Number(id));
      return settled;
    });
    settle?.();
    this.ids.clear();
    this.readIds();
  }

  private readIds(): void {
    for (const row of this.allSeries.iterate())
      this.ids.set(
        nameOf(String(row["organisation"]), String(row["sensor"]), String(row["quantity"])),
        Number(row["id"]),
      );
  }

  private rowOf(point: SeriesPoint, made: Map<string, number>): RowPoint {
    return {
      series: this.idOf(point, made),
      at: point.measuredAt,
      received: point.receivedAt,
      milli: point.fault === null ? (point.milli ?? 0) : 0,
      mark: markOf(point),
      sequence: point.sequence,
    };
  }

  private idOf(key: SeriesKey, made: Map<string, number>): number {
    const name = nameOf(key.organisation, key.sensor, key.quantity);
    const known = this.ids.get(name) ?? made.get(name);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.insertSeries.run(key.organisation, key.sensor, key.quantity);
    made.set(name, Number(lastInsertRowid));
    return Number(lastInsertRowid);
  }
}

function nameOf(organisation: string, sensor: string, quantity: string): string {
  return `${organisation}\n${sensor}\n${quantity}`;
}

/** Decoding and quarantine stand before the store, so a point that it cannot hold is a bug. */
function assertStorable(point: SeriesPoint): void {
  if ((point.milli === null) === (point.fault === null))
    throw new RangeError(`${point.sensor}: a point has either a value or a fault`);
  if (Math.abs(point.milli ?? 0) > MILLI_MAX)
    throw new RangeError(`${point.sensor}: a value beyond ${MILLI_MAX} thousandths`);
  if (Math.max(Math.abs(point.measuredAt), Math.abs(point.receivedAt)) > MOMENT_MAX)
    throw new RangeError(`${point.sensor}: a time beyond ${MOMENT_MAX} ms from 1970`);
  const { boot, number } = point.sequence ?? { boot: 0, number: 0 };
  if (!isCount(boot) || !isCount(number))
    throw new RangeError(`${point.sensor}: a boot or number that counts nothing`);
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}
