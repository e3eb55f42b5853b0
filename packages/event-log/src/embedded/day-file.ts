import type { DatabaseSync, StatementSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import { sealBatch, type PackedBatch } from "./batch.ts";
import {
  blob,
  createSchema,
  guarded,
  hasSchema,
  integer,
  openForReading,
  openForWriting,
} from "./database.ts";

/** A group of a few dozen messages fits into one page, which saves writes; a group of one does not cost many more bytes. */
const PAGE_BYTES = 8_192;

/** The tables of a day: one for each partition, so that each grows at its right edge only. */
function schemaOf(partitions: number): string {
  const tables = Array.from(
    { length: partitions },
    (_, p) => `
    CREATE TABLE batches_${p}(
      first_offset INTEGER PRIMARY KEY, records INTEGER NOT NULL, facts INTEGER NOT NULL, bytes BLOB NOT NULL);
    CREATE INDEX facts_${p} ON batches_${p}(first_offset) WHERE facts > 0;`,
  );
  return tables.join("\n");
}

/** The day file that is being written. */
export class DayFile {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #inserts: readonly StatementSync[];

  private constructor(db: DatabaseSync, path: string, partitions: number) {
    this.path = path;
    this.#db = db;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#inserts = Array.from({ length: partitions }, (_, p) =>
      db.prepare(`INSERT INTO batches_${p} VALUES (?, ?, ?, ?)`),
    );
  }

  /** A new file. `pagesMax` bounds its size; 0 leaves it to the disk. */
  static create(path: string, partitions: number, pagesMax: number): DayFile {
    return DayFile.#opened(path, partitions, pagesMax, (db) =>
      createSchema(db, path, schemaOf(partitions)),
    );
  }

  /** @throws UB_LOG_CORRUPT if the file is blank: it stands in the manifest, so it had its tables once */
  static open(path: string, partitions: number, pagesMax: number): DayFile {
    return DayFile.#opened(path, partitions, pagesMax, (db) => {
      if (!hasSchema(db, path))
        throw new UnbrokenError("UB_LOG_CORRUPT", `${path} is blank`, { file: path });
    });
  }

  static #opened(
    path: string,
    partitions: number,
    pagesMax: number,
    prepare: (db: DatabaseSync) => void,
  ): DayFile {
    const db = openForWriting(path, PAGE_BYTES);
    try {
      prepare(db);
      if (pagesMax > 0) db.exec(`PRAGMA max_page_count = ${pagesMax}`);
      return guarded(path, () => new DayFile(db, path, partitions));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /**
   * Stores the batches in one transaction and flushes. `nexts` holds the next offset of each partition; the batches'
   * places in order are returned, and nothing else is changed if it fails.
   */
  write(batches: readonly PackedBatch[], nexts: readonly number[]): readonly number[] {
    return guarded(this.path, () => {
      this.#begin.run();
      try {
        const ends = [...nexts];
        const firsts = batches.map((batch) => {
          const first = ends[batch.partition] ?? 0;
          sealBatch(batch, first);
          this.#inserts[batch.partition]?.run(first, batch.count, batch.facts, batch.bytes);
          ends[batch.partition] = first + batch.count;
          return first;
        });
        this.#commit.run();
        return firsts;
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** The partition's last batch, or null if the file has none of it. */
  lastBatch(partition: number): { first: number; bytes: Uint8Array<ArrayBuffer> } | null {
    return guarded(this.path, () => {
      const row = this.#db
        .prepare(
          `SELECT first_offset, bytes FROM batches_${partition} ORDER BY first_offset DESC LIMIT 1`,
        )
        .get();
      if (row === undefined) return null;
      return { first: integer(row["first_offset"]), bytes: blob(row["bytes"]) };
    });
  }

  /** The first offsets of the batches that hold a fact, from the batch that begins at `first` on. */
  batchesWithFacts(partition: number, first: number): readonly number[] {
    return guarded(this.path, () =>
      this.#db
        .prepare(
          `SELECT first_offset FROM batches_${partition} WHERE facts > 0 AND first_offset >= ? ORDER BY first_offset`,
        )
        .all(first)
        .map((row) => integer(row["first_offset"])),
    );
  }

  batchBytes(partition: number, first: number): Uint8Array<ArrayBuffer> {
    return guarded(this.path, () => {
      const row = this.#db
        .prepare(`SELECT bytes FROM batches_${partition} WHERE first_offset = ?`)
        .get(first);
      return blob(row?.["bytes"]);
    });
  }

  /** Moves the write-ahead log into the file, as far as readers allow, and lets go of it. */
  close(): void {
    guarded(this.path, () => {
      try {
        this.#db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } finally {
        this.#db.close();
      }
    });
  }
}

/** Whether a file that nothing refers to holds anything. @throws as `openForReading` */
export function isEmptyDayFile(path: string, partitions: number): boolean {
  const db = openForReading(path);
  try {
    if (!hasSchema(db, path)) return true;
    return guarded(path, () =>
      Array.from({ length: partitions }, (_, p) => p).every(
        (p) => db.prepare(`SELECT 1 FROM batches_${p} LIMIT 1`).get() === undefined,
      ),
    );
  } finally {
    db.close();
  }
}
