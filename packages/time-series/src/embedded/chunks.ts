import type { DatabaseSync, StatementSync } from "node:sqlite";
import { decodeChunk, encodeChunk } from "./chunk-codec.ts";
import { FAULT, type Columns } from "./columns.ts";

/** What a chunk holds, told without decoding it. The chunks of a series do not overlap. */
export interface ChunkHeader {
  readonly series: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  readonly faults: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number;
  /** Row of the encoded points: apart, so that many headers lie on one page. */
  readonly points: number;
}

const HEADER =
  'series, first_at AS "firstAt", last_at AS "lastAt", count, faults, min, max, sum, points';

/** The rows of chunks in the database. Transactions are the caller's. */
export class Chunks {
  private readonly overlapping: StatementSync;
  private readonly lastOf: StatementSync;
  private readonly atOrBefore: StatementSync;
  private readonly afterMoment: StatementSync;
  private readonly pointsOf: StatementSync;

  constructor(db: DatabaseSync) {
    this.overlapping =
      db.prepare(`SELECT ${HEADER} FROM chunk WHERE series = :series AND first_at < :to
      AND first_at >= coalesce((SELECT max(first_at) FROM chunk WHERE series = :series AND first_at <= :from), :from)
      ORDER BY first_at`);
    this.lastOf = db.prepare(
      `SELECT ${HEADER} FROM chunk WHERE series = ? ORDER BY first_at DESC LIMIT 1`,
    );
    this.atOrBefore = db.prepare(
      `SELECT ${HEADER} FROM chunk WHERE series = ? AND first_at <= ? ORDER BY first_at DESC LIMIT 1`,
    );
    this.afterMoment = db.prepare(
      `SELECT ${HEADER} FROM chunk WHERE series = ? AND first_at > ? ORDER BY first_at LIMIT 1`,
    );
    this.pointsOf = db.prepare("SELECT points FROM chunk_points WHERE id = ?");
  }

  /** Headers that may hold points of `[from, to)`, in order; one at the beginning may end before `from`. */
  *between(series: number, from: number, to: number): Generator<ChunkHeader> {
    for (const row of this.overlapping.iterate({ series, from, to })) yield header(row);
  }

  last(series: number): ChunkHeader | null {
    return headerOrNull(this.lastOf.get(series));
  }

  startingAtOrBefore(series: number, moment: number): ChunkHeader | null {
    return headerOrNull(this.atOrBefore.get(series, moment));
  }

  startingAfter(series: number, moment: number): ChunkHeader | null {
    return headerOrNull(this.afterMoment.get(series, moment));
  }

  /** @throws UB_LOG_CORRUPT, UB_LOG_NEWER */
  decode(chunk: ChunkHeader, received: "with-received" | "values-only"): Columns {
    const bytes = this.pointsOf.get(chunk.points)?.["points"];
    return decodeChunk(bytes instanceof Uint8Array ? bytes : new Uint8Array(), received);
  }
}

/** How chunks are changed. */
export class ChunkChanges {
  private readonly insertHeader: StatementSync;
  private readonly deleteHeader: StatementSync;
  private readonly insertPoints: StatementSync;
  private readonly updatePoints: StatementSync;
  private readonly endedBefore: StatementSync;
  private readonly deletePoints: StatementSync;

  constructor(db: DatabaseSync) {
    this.insertHeader = db.prepare("INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.deleteHeader = db.prepare("DELETE FROM chunk WHERE series = ? AND first_at = ?");
    this.insertPoints = db.prepare("INSERT INTO chunk_points(points) VALUES (?)");
    this.updatePoints = db.prepare("UPDATE chunk_points SET points = ? WHERE id = ?");
    this.endedBefore = db.prepare(`SELECT ${HEADER} FROM chunk WHERE last_at < ?`);
    this.deletePoints = db.prepare("DELETE FROM chunk_points WHERE id = ?");
  }

  insert(series: number, columns: Columns): void {
    const { lastInsertRowid } = this.insertPoints.run(encodeChunk(columns));
    this.writeHeader(series, columns, Number(lastInsertRowid));
  }

  replace(chunk: ChunkHeader, columns: Columns): void {
    this.deleteHeader.run(chunk.series, chunk.firstAt);
    this.updatePoints.run(encodeChunk(columns), chunk.points);
    this.writeHeader(chunk.series, columns, chunk.points);
  }

  deleteEndedBefore(moment: number): void {
    for (const row of this.endedBefore.all(moment)) {
      const chunk = header(row);
      this.deletePoints.run(chunk.points);
      this.deleteHeader.run(chunk.series, chunk.firstAt);
    }
  }

  private writeHeader(series: number, { at, milli, mark }: Columns, points: number): void {
    let faults = 0;
    let min: number | null = null;
    let max: number | null = null;
    let sum = 0;
    for (let i = 0; i < at.length; i++) {
      if (((mark[i] ?? 0) & FAULT) !== 0) {
        faults++;
        continue;
      }
      const value = milli[i] ?? 0;
      sum += value;
      if (min === null || value < min) min = value;
      if (max === null || value > max) max = value;
    }
    const firstAt = at[0] ?? 0;
    const lastAt = at.at(-1) ?? 0;
    this.insertHeader.run(series, firstAt, lastAt, at.length, faults, min, max, sum, points);
  }
}

type Row = Readonly<Record<string, unknown>>;

function headerOrNull(row: Row | undefined): ChunkHeader | null {
  return row === undefined ? null : header(row);
}

function header(row: Row): ChunkHeader {
  // The columns are INTEGER in a STRICT table, and the query names them as the interface does.
  return row as unknown as ChunkHeader;
}
