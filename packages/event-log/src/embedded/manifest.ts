import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import {
  createSchema,
  guarded,
  hasSchema,
  integer,
  openForReading,
  openForWriting,
  pragma,
  text,
  transaction,
} from "./database.ts";

/**
 * What files the log consists of and where each begins. A day file counts from the moment it stands here, and is
 * forgotten before it is deleted: whatever else lies in the folder holds nothing that was acknowledged.
 */
export interface DayEntry {
  /** Order of the files; dates cannot say it, since our clock may have been set back. */
  readonly sequence: number;
  readonly name: string;
  /** `2026-05-05`, UTC, by our clock. */
  readonly day: string;
  /** For each partition the offset of the first record that the file can hold. */
  readonly firsts: readonly number[];
}

const SCHEMA = `
  CREATE TABLE settings(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE days(sequence INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, day TEXT NOT NULL);
  CREATE TABLE firsts(
    sequence INTEGER NOT NULL, partition INTEGER NOT NULL, first_offset INTEGER NOT NULL,
    PRIMARY KEY (sequence, partition)) WITHOUT ROWID;
  CREATE TABLE forgotten(name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE trims(partition INTEGER PRIMARY KEY, before_offset INTEGER NOT NULL);
`;

export function manifestPath(dir: string): string {
  return join(dir, "manifest.db");
}

export class Manifest {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly partitions: number;
  #days: readonly DayEntry[];

  private constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.partitions = readPartitions(db, path);
    this.#days = readDays(db, this.partitions);
  }

  /** The writer's; created if there is none. @throws UB_CONFIG_INVALID if the log has another number of partitions */
  static open(dir: string, partitions: number | null): Manifest {
    const path = manifestPath(dir);
    const db = openForWriting(path);
    try {
      if (!hasSchema(db, path)) create(db, path, partitions ?? 1);
      const manifest = guarded(path, () => new Manifest(db, path));
      if (partitions !== null && manifest.partitions !== partitions)
        throw new UnbrokenError(
          "UB_CONFIG_INVALID",
          `${path}: the log has ${manifest.partitions} partitions, not ${partitions}; keys would move`,
          { file: path, partitions: manifest.partitions, asked: partitions },
        );
      return manifest;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Oldest first; the last one is being written. */
  get days(): readonly DayEntry[] {
    return this.#days;
  }

  /** Durable when it returns: the file may be written to. */
  add(name: string, day: string, firsts: readonly number[]): DayEntry {
    return guarded(this.#path, () => {
      const sequence = transaction(this.#db, () => {
        const { lastInsertRowid } = this.#db
          .prepare("INSERT INTO days(name, day) VALUES (?, ?)")
          .run(name, day);
        const insert = this.#db.prepare("INSERT INTO firsts VALUES (?, ?, ?)");
        for (const [partition, first] of firsts.entries())
          insert.run(lastInsertRowid, partition, first);
        return Number(lastInsertRowid);
      });
      const entry = { sequence, name, day, firsts };
      this.#days = [...this.#days, entry];
      return entry;
    });
  }

  /** Notes that nobody needs the partition's records before `offset`, and forgets the files that nobody needs at all. */
  trim(partition: number, offset: number): readonly DayEntry[] {
    return guarded(this.#path, () => {
      const dropped = transaction(this.#db, () => {
        this.#db
          .prepare(
            `INSERT INTO trims VALUES (?, ?) ON CONFLICT(partition)
             DO UPDATE SET before_offset = max(before_offset, excluded.before_offset)`,
          )
          .run(partition, offset);
        const unneeded = this.#unneeded();
        for (const { sequence, name } of unneeded) {
          this.#db.prepare("INSERT INTO forgotten VALUES (?)").run(name);
          this.#db.prepare("DELETE FROM firsts WHERE sequence = ?").run(sequence);
          this.#db.prepare("DELETE FROM days WHERE sequence = ?").run(sequence);
        }
        return unneeded;
      });
      this.#days = this.#days.slice(dropped.length);
      return dropped;
    });
  }

  /** Files that are forgotten and may still have to be deleted. */
  forgotten(): readonly string[] {
    return guarded(this.#path, () =>
      this.#db
        .prepare("SELECT name FROM forgotten")
        .all()
        .map((row) => text(row["name"])),
    );
  }

  deleted(name: string): void {
    guarded(this.#path, () => this.#db.prepare("DELETE FROM forgotten WHERE name = ?").run(name));
  }

  close(): void {
    this.#db.close();
  }

  #unneeded(): readonly DayEntry[] {
    const before = new Map(
      this.#db
        .prepare("SELECT partition, before_offset FROM trims")
        .all()
        .map((row) => [integer(row["partition"]), integer(row["before_offset"])]),
    );
    const kept = this.#days.findIndex((_, i) => {
      const next = this.#days[i + 1];
      return next?.firsts.every((first, p) => first <= (before.get(p) ?? 0)) !== true;
    });
    return this.#days.slice(0, Math.max(kept, 0));
  }
}

/** The manifest as other connections see it; read again only when it was written to. */
export class ManifestView {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly partitions: number;
  #version: number;
  #days: readonly DayEntry[];

  constructor(dir: string) {
    this.#path = manifestPath(dir);
    this.#db = openForReading(this.#path);
    this.partitions = guarded(this.#path, () => {
      if (!hasSchema(this.#db, this.#path))
        throw new UnbrokenError("UB_LOG_CORRUPT", `${this.#path} is blank`, { file: this.#path });
      return readPartitions(this.#db, this.#path);
    });
    // The version first: what is written in between is then read once too often, not once too seldom.
    this.#version = pragma(this.#db, "data_version");
    this.#days = readDays(this.#db, this.partitions);
  }

  days(): readonly DayEntry[] {
    return guarded(this.#path, () => {
      const version = pragma(this.#db, "data_version");
      if (version !== this.#version) {
        this.#days = readDays(this.#db, this.partitions);
        this.#version = version;
      }
      return this.#days;
    });
  }

  close(): void {
    this.#db.close();
  }
}

function create(db: DatabaseSync, path: string, partitions: number): void {
  createSchema(db, path, `${SCHEMA} INSERT INTO settings VALUES ('partitions', ${partitions});`);
}

function readPartitions(db: DatabaseSync, path: string): number {
  const row = db.prepare("SELECT value FROM settings WHERE name = 'partitions'").get();
  if (row === undefined)
    throw new UnbrokenError("UB_LOG_CORRUPT", `${path} does not say how many partitions there are`);
  return integer(row["value"]);
}

// One statement, so that a file and its firsts are seen together.
function readDays(db: DatabaseSync, partitions: number): readonly DayEntry[] {
  const rows = db
    .prepare(
      `SELECT sequence, name, day, partition, first_offset FROM days JOIN firsts USING (sequence)
       ORDER BY sequence, partition`,
    )
    .all();
  const days: DayEntry[] = [];
  for (let i = 0; i + partitions <= rows.length; i += partitions) {
    const own = rows.slice(i, i + partitions);
    days.push({
      sequence: integer(own[0]?.["sequence"]),
      name: text(own[0]?.["name"]),
      day: text(own[0]?.["day"]),
      firsts: own.map((row) => integer(row["first_offset"])),
    });
  }
  return days;
}
