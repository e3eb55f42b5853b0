import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import type { InputTopic, LogRecord } from "../record.ts";
import { BatchCursor, type PlacedRecord } from "./batch.ts";
import { blob, guarded, hasSchema, integer, openForReading } from "./database.ts";
import { factsPath } from "./facts-file.ts";
import { ManifestView, type DayEntry } from "./manifest.ts";

/** A read stops here even if fewer records than asked for were found. */
const READ_BYTES_MAX = 8_388_608;

/** Day files that stay open: a replay goes through them one after the other. */
const OPEN_DAYS_MAX = 4;

interface OpenDay {
  readonly path: string;
  readonly db: DatabaseSync;
  readonly at: readonly StatementSync[];
  readonly containing: readonly StatementSync[];
  readonly after: readonly StatementSync[];
}

/** Reads the folder of a log beside its writer, in any thread: each read is a few short transactions of its own. */
export class FolderReader {
  readonly #dir: string;
  readonly #manifest: ManifestView;
  readonly #days = new Map<string, OpenDay>();
  #facts: DatabaseSync | null = null;
  /** Where the last read of each partition stopped inside a batch. */
  readonly #resume = new Map<number, BatchCursor>();

  constructor(dir: string) {
    this.#dir = dir;
    this.#manifest = new ManifestView(dir);
  }

  get partitions(): number {
    return this.#manifest.partitions;
  }

  /** Oldest first. */
  days(): readonly DayEntry[] {
    return this.#manifest.days();
  }

  /** @throws as `LogReader.read` */
  read(partition: number, offset: number, max: number): readonly LogRecord[] {
    this.#requirePartition(partition);
    const days = this.#currentDays();
    const oldest = days[0];
    const firstKept = oldest?.firsts[partition] ?? 0;
    if (offset < firstKept)
      throw new UnbrokenError(
        "UB_LOG_TRIMMED",
        `partition ${partition} begins at offset ${firstKept}; ${offset} was trimmed`,
        { partition, offset, first: firstKept },
      );
    const found: LogRecord[] = [];
    let at = offset;
    let bytes = 0;
    for (const [i, day] of days.entries()) {
      const next = days[i + 1]?.firsts[partition] ?? Number.POSITIVE_INFINITY;
      if (next <= at) continue;
      while (found.length < max && bytes < READ_BYTES_MAX) {
        const cursor = this.#cursorAt(day, partition, at);
        if (cursor === null) break;
        bytes += takeFrom(cursor, partition, max - found.length, found);
        at = cursor.offset;
        this.#resume.set(partition, cursor);
      }
      if (found.length >= max || bytes >= READ_BYTES_MAX) break;
      if (next !== Number.POSITIVE_INFINITY && at !== next)
        throw this.#hole(day.name, partition, at);
    }
    if (at === offset && found.length === 0) this.#refuseBeyondEnd(partition, offset);
    return found;
  }

  /** @throws UB_LOG_CORRUPT, UB_LOG_NEWER */
  readFacts(partition: number, offset: number, max: number): readonly LogRecord[] {
    this.#requirePartition(partition);
    const path = factsPath(this.#dir);
    const db = this.#openFacts(path);
    const rows = guarded(path, () =>
      db
        .prepare(
          `SELECT fact_offset, bytes FROM facts_${partition} WHERE fact_offset >= ? ORDER BY fact_offset LIMIT ?`,
        )
        .all(offset, max),
    );
    const found: LogRecord[] = [];
    for (const row of rows) {
      const place = { file: path, partition, first: integer(row["fact_offset"]) };
      takeFrom(new BatchCursor(blob(row["bytes"]), place), partition, 1, found);
    }
    return found;
  }

  end(partition: number): number {
    this.#requirePartition(partition);
    const day = this.#currentDays().at(-1);
    if (day === undefined) return 0;
    const { path, db } = this.#open(day.name);
    return guarded(path, () => {
      const row = db
        .prepare(
          `SELECT first_offset + records AS n FROM batches_${partition} ORDER BY first_offset DESC LIMIT 1`,
        )
        .get();
      return row === undefined ? (day.firsts[partition] ?? 0) : integer(row["n"]);
    });
  }

  close(): void {
    for (const { db } of this.#days.values()) db.close();
    this.#days.clear();
    this.#resume.clear();
    this.#facts?.close();
    this.#facts = null;
    this.#manifest.close();
  }

  /** The cursor on the record at `offset`, or null if the file ends there. */
  #cursorAt(entry: DayEntry, partition: number, offset: number): BatchCursor | null {
    const resume = this.#resume.get(partition);
    if (resume?.offset === offset && resume.offset < resume.end) return resume;
    const day = this.#open(entry.name);
    return guarded(day.path, () => {
      // Batches follow each other without a hole, so the next one begins where the last one ended.
      const exact = day.at[partition]?.get(offset);
      if (exact !== undefined)
        return new BatchCursor(blob(exact["bytes"]), { file: day.path, partition, first: offset });
      const row = day.containing[partition]?.get(offset);
      if (row === undefined) return this.#endOrHole(day, partition, offset);
      const first = integer(row["first_offset"]);
      const cursor = new BatchCursor(blob(row["bytes"]), { file: day.path, partition, first });
      if (cursor.end <= offset) return this.#endOrHole(day, partition, offset);
      cursor.seek(offset);
      return cursor;
    });
  }

  #endOrHole(day: OpenDay, partition: number, offset: number): BatchCursor | null {
    if (day.after[partition]?.get(offset) === undefined) return null;
    // It may have been appended between the two looks; a later batch is never seen before an earlier one.
    const exact = day.at[partition]?.get(offset);
    if (exact === undefined) throw this.#hole(day.path, partition, offset);
    return new BatchCursor(blob(exact["bytes"]), { file: day.path, partition, first: offset });
  }

  #hole(file: string, partition: number, offset: number): UnbrokenError {
    return new UnbrokenError(
      "UB_LOG_CORRUPT",
      `${file}, partition ${partition}: records from offset ${offset} on are missing`,
      { file, partition, offset },
    );
  }

  // Who asks for more than the end has seen records that are gone: going on would give their offsets to others.
  #refuseBeyondEnd(partition: number, offset: number): void {
    const end = this.end(partition);
    if (offset > end)
      throw new UnbrokenError(
        "UB_LOG_CORRUPT",
        `${this.#dir}, partition ${partition} ends at offset ${end}, before ${offset}: its tail was lost or an older copy was restored`,
        { file: this.#dir, partition, offset, end },
      );
  }

  #requirePartition(partition: number): void {
    if (!Number.isInteger(partition) || partition < 0 || partition >= this.partitions)
      throw new RangeError(`no partition ${partition} of ${this.partitions}`);
  }

  #currentDays(): readonly DayEntry[] {
    const days = this.#manifest.days();
    // A trimmed file that stays open would keep its room on the disk.
    for (const [name, { db }] of this.#days) {
      if (days.some((day) => day.name === name)) continue;
      this.#days.delete(name);
      db.close();
    }
    return days;
  }

  #open(name: string): OpenDay {
    const known = this.#days.get(name);
    if (known !== undefined) return known;
    const [eldest] = this.#days;
    if (eldest !== undefined && this.#days.size >= OPEN_DAYS_MAX) {
      this.#days.delete(eldest[0]);
      eldest[1].db.close();
    }
    const path = join(this.#dir, name);
    const db = openForReading(path);
    const day = this.#prepare(db, path);
    this.#days.set(name, day);
    return day;
  }

  #prepare(db: DatabaseSync, path: string): OpenDay {
    try {
      if (!hasSchema(db, path))
        throw new UnbrokenError("UB_LOG_CORRUPT", `${path} is blank`, { file: path });
      const each = (sql: (table: string) => string): readonly StatementSync[] =>
        Array.from({ length: this.partitions }, (_, p) => db.prepare(sql(`batches_${p}`)));
      return guarded(path, () => ({
        path,
        db,
        at: each((table) => `SELECT bytes FROM ${table} WHERE first_offset = ?`),
        containing: each(
          (table) =>
            `SELECT first_offset, bytes FROM ${table} WHERE first_offset < ? ORDER BY first_offset DESC LIMIT 1`,
        ),
        after: each((table) => `SELECT 1 FROM ${table} WHERE first_offset > ? LIMIT 1`),
      }));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  #openFacts(path: string): DatabaseSync {
    if (this.#facts === null) {
      const db = openForReading(path);
      hasSchema(db, path);
      this.#facts = db;
    }
    return this.#facts;
  }
}

/** Returns the bytes of the records taken. */
function takeFrom(cursor: BatchCursor, partition: number, max: number, into: LogRecord[]): number {
  let bytes = 0;
  for (let taken = 0; taken < max && bytes < READ_BYTES_MAX; taken++) {
    const record = cursor.next();
    if (record === null) break;
    bytes += cursor.lastBytes.byteLength;
    into.push(inputRecord(record, partition));
  }
  return bytes;
}

function inputRecord(record: PlacedRecord, partition: number): LogRecord {
  return { ...record, topic: record.topic as InputTopic, partition };
}
