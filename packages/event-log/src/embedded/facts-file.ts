import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  createSchema,
  guarded,
  hasSchema,
  integer,
  openForWriting,
  transaction,
} from "./database.ts";
import { BatchCursor, BatchPacker, sealBatch } from "./batch.ts";
import type { DayFile } from "./day-file.ts";

export function factsPath(dir: string): string {
  return join(dir, "facts.db");
}

/**
 * Every fact once more, where no trim reaches it. The day file is what makes a fact durable, in one transaction with
 * the records beside it; this copy follows before the append is answered, and after a crash it is caught up on.
 */
export class FactsFile {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #inserts: readonly StatementSync[];
  /** The offset after the last copied fact, by partition. */
  readonly #ends: number[];

  private constructor(db: DatabaseSync, path: string, partitions: number) {
    this.#db = db;
    this.#path = path;
    const each = Array.from({ length: partitions }, (_, p) => p);
    this.#inserts = each.map((p) => db.prepare(`INSERT INTO facts_${p} VALUES (?, ?)`));
    this.#ends = each.map((p) =>
      integer(
        db.prepare(`SELECT coalesce(max(fact_offset) + 1, 0) AS n FROM facts_${p}`).get()?.["n"],
      ),
    );
  }

  static open(dir: string, partitions: number): FactsFile {
    const path = factsPath(dir);
    const db = openForWriting(path);
    try {
      if (!hasSchema(db, path)) {
        const tables = Array.from(
          { length: partitions },
          (_, p) =>
            `CREATE TABLE facts_${p}(fact_offset INTEGER PRIMARY KEY, bytes BLOB NOT NULL);`,
        );
        createSchema(db, path, tables.join("\n"));
      }
      return guarded(path, () => new FactsFile(db, path, partitions));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Copies the facts of the day that are not here yet. Durable when it returns; repeating it changes nothing. */
  copyFrom(day: DayFile): void {
    guarded(this.#path, () => {
      const ends = transaction(this.#db, () =>
        this.#ends.map((end, partition) => this.#copyPartition(day, partition, end)),
      );
      for (const [partition, end] of ends.entries()) this.#ends[partition] = end;
    });
  }

  close(): void {
    this.#db.close();
  }

  #copyPartition(day: DayFile, partition: number, from: number): number {
    let end = from;
    // Batches are copied whole, so one that begins before the end of the copied was copied.
    for (const first of day.batchesWithFacts(partition, from)) {
      const bytes = day.batchBytes(partition, first);
      const cursor = new BatchCursor(bytes, { file: day.path, partition, first });
      for (let record = cursor.next(); record !== null; record = cursor.next()) {
        if (record.topic !== "facts") continue;
        const packer = new BatchPacker(partition);
        packer.addPacked(cursor.lastBytes);
        const own = packer.take();
        sealBatch(own, record.offset);
        this.#inserts[partition]?.run(record.offset, own.bytes);
        end = record.offset + 1;
      }
    }
    return end;
  }
}
