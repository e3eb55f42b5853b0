import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";

/** 2: points may be numbered. The tables are those of 1, and so is every byte of points without numbers. */
const SCHEMA = 2;
/** Before it, a checkpoint of the write-ahead log could overtake a writer and lose a commit (SQLite 3.51.3 notes). */
const SQLITE_MIN = [3, 51, 3] as const;

/** SQLite result codes (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

export interface OpenDatabase {
  readonly db: DatabaseSync;
  readonly file: string;
  close(): void;
}

/**
 * `series.db` in `dir`. A writer is alone: it holds `series.lock` while it lives, also against its own process.
 * @throws UB_LOG_LOCKED, UB_LOG_NEWER, UB_SQLITE_TOO_OLD, UB_STORE_IO
 */
export function openDatabase(dir: string, readOnly: boolean): OpenDatabase {
  const file = join(dir, "series.db");
  let lock: DatabaseSync | null = null;
  let db: DatabaseSync | null = null;
  try {
    if (!readOnly) {
      mkdirSync(dir, { recursive: true });
      lock = takeLock(join(dir, "series.lock"));
    }
    db = new DatabaseSync(file, { readOnly });
    db.exec("PRAGMA busy_timeout = 5000");
    refuseOldSqlite(db);
    if (!readOnly) db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    const version = numberOf(db, "PRAGMA user_version");
    if (version > SCHEMA)
      throw new UnbrokenError("UB_LOG_NEWER", `${file} was written by a newer version`, { file });
    if (version === 0 && !readOnly) createSchema(db);
    else if (version < SCHEMA && !readOnly) db.exec(`PRAGMA user_version = ${SCHEMA}`);
    return {
      db,
      file,
      close: closer(db, lock),
    };
  } catch (cause) {
    db?.close();
    lock?.close();
    throw storeError(cause, file);
  }
}

/** What the database reported, under a stable code. An error that has one passes through. */
export function storeError(cause: unknown, file: string): unknown {
  if (cause instanceof UnbrokenError || !isSqliteError(cause)) return cause;
  // Extended codes keep the primary one in the low byte.
  const full = (cause.errcode & 0xff) === SQLITE_FULL;
  return new UnbrokenError(
    full ? "UB_LOG_FULL" : "UB_STORE_IO",
    `${file}: ${cause.message}`,
    { file, sqlite: cause.errcode },
    { cause },
  );
}

function isSqliteError(cause: unknown): cause is Error & { readonly errcode: number } {
  return cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number";
}

/** The kernel lets go of the lock when the process dies, however it dies. */
function takeLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(file);
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock.close();
    if (isSqliteError(cause) && (cause.errcode & 0xff) === SQLITE_BUSY)
      throw new UnbrokenError("UB_LOG_LOCKED", "the time series are open for writing elsewhere", {
        file,
      });
    throw cause;
  }
}

function refuseOldSqlite(db: DatabaseSync): void {
  const version = String(db.prepare("SELECT sqlite_version() AS v").get()?.["v"]);
  const parts = version.split(".").map(Number);
  const order = SQLITE_MIN.map((least, i) => (parts[i] ?? 0) - least).find((d) => d !== 0) ?? 0;
  if (order < 0)
    throw new UnbrokenError("UB_SQLITE_TOO_OLD", `SQLite ${version} is too old`, { version });
}

function createSchema(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE;
    CREATE TABLE series(id INTEGER PRIMARY KEY AUTOINCREMENT, organisation TEXT NOT NULL, sensor TEXT NOT NULL,
      quantity TEXT NOT NULL, UNIQUE(organisation, sensor, quantity)) STRICT;
    CREATE TABLE cursor(partition INTEGER PRIMARY KEY, cursor INTEGER NOT NULL) STRICT;
    CREATE TABLE recent(id INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, points BLOB NOT NULL) STRICT;
    CREATE TABLE generation(id INTEGER PRIMARY KEY CHECK (id = 1), active INTEGER NOT NULL) STRICT;
    INSERT INTO generation VALUES (1, 1);
    CREATE TABLE chunk(series INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
      count INTEGER NOT NULL, faults INTEGER NOT NULL, min INTEGER, max INTEGER, sum INTEGER NOT NULL,
      points INTEGER NOT NULL, PRIMARY KEY(series, first_at)) STRICT, WITHOUT ROWID;
    CREATE TABLE chunk_points(id INTEGER PRIMARY KEY, points BLOB NOT NULL) STRICT;
    PRAGMA user_version = ${SCHEMA};
    COMMIT`);
}

function numberOf(db: DatabaseSync, query: string): number {
  return Number(Object.values(db.prepare(query).get() ?? {})[0] ?? 0);
}

function closer(db: DatabaseSync, lock: DatabaseSync | null): () => void {
  return () => {
    db.close();
    lock?.close();
  };
}

/** All of `work` or nothing of it, durable when this returns. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (cause) {
    // A full disk has rolled back by itself in some cases (sqlite.org/lang_transaction.html, "Response To Errors").
    if (db.isTransaction) db.exec("ROLLBACK");
    throw cause;
  }
}

/** One view of the database for several questions, beside a writer. */
export function inSnapshot<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN");
  try {
    return work();
  } finally {
    if (db.isTransaction) db.exec("COMMIT");
  }
}
