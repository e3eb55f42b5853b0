import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import { ColumnError, storeError } from "./store-error.ts";

/** The layout of the files that this version writes. Older ones stay readable; a newer one is refused. */
export const FORMAT = 1;

/** "UBLG", at byte 68 of each of our files (SQLite file format §1.3.13), so that `file` can tell them. */
const APPLICATION_ID = 0x55_42_4c_47;

/** The first SQLite without the WAL-reset corruption bug (3.7.0 to 3.51.2: two connections, one restarts the WAL). */
const SQLITE_MIN = [3, 51, 3] as const;

const BUSY_TIMEOUT_MS = 5_000;

/** @throws UB_SQLITE_TOO_OLD */
export function requireSqlite(version: string): void {
  const have = version.split(".").map(Number);
  for (const [i, least] of SQLITE_MIN.entries()) {
    const part = have[i] ?? 0;
    if (part > least) return;
    if (part < least || Number.isNaN(part))
      throw new UnbrokenError(
        "UB_SQLITE_TOO_OLD",
        `SQLite ${version} can corrupt a write-ahead log; at least ${SQLITE_MIN.join(".")} is needed`,
        { version },
      );
  }
}

/** The version of SQLite in this Node. @throws UB_SQLITE_TOO_OLD */
export function sqliteVersion(): string {
  const version = process.versions["sqlite"] ?? "0";
  requireSqlite(version);
  return version;
}

/**
 * The one connection that writes a file: WAL, and a COMMIT returns only after the WAL was flushed (`synchronous=FULL`).
 * `pageBytes` is the page size of a new file; an existing one keeps its own.
 * @throws UB_LOG_CORRUPT if it is no database, UB_LOG_FULL, UB_STORE_IO
 */
export function openForWriting(path: string, pageBytes = 4_096): DatabaseSync {
  sqliteVersion();
  return guarded(path, () => {
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      // node:sqlite has no busy timeout of its own, so it is set in both ways that it knows.
      db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      db.exec(`PRAGMA page_size = ${pageBytes}`);
      db.exec("PRAGMA journal_mode = WAL");
      db.exec("PRAGMA synchronous = FULL");
      db.exec("PRAGMA journal_size_limit = 67108864");
      db.exec("PRAGMA wal_autocheckpoint = 2000");
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  });
}

/** A connection that only reads, for any thread; it neither writes nor checkpoints. @throws as `openForWriting` */
export function openForReading(path: string): DatabaseSync {
  sqliteVersion();
  return guarded(path, () => {
    const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return db;
  });
}

/** Creates the tables in one transaction with the marks that say whose file it is: a torn creation leaves no mark. */
export function createSchema(db: DatabaseSync, path: string, statements: string): void {
  guarded(path, () => {
    transaction(db, () => {
      db.exec(statements);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec(`PRAGMA user_version = ${FORMAT}`);
    });
  });
}

/** True if the schema was created; false if the file is still blank. @throws UB_LOG_NEWER, UB_LOG_CORRUPT */
export function hasSchema(db: DatabaseSync, path: string): boolean {
  return guarded(path, () => {
    const format = pragma(db, "user_version");
    if (format > FORMAT)
      throw new UnbrokenError(
        "UB_LOG_NEWER",
        `${path} has format ${format}; this version reads up to ${FORMAT}`,
        { file: path, format },
      );
    const tables = integer(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]);
    if (format === 0 && tables === 0) return false;
    if (format < 1 || pragma(db, "application_id") !== APPLICATION_ID)
      throw new UnbrokenError("UB_LOG_CORRUPT", `${path} is not a file of this log`, {
        file: path,
      });
    return true;
  });
}

/** All or nothing; a failed statement or COMMIT leaves no transaction open. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite ends the transaction by itself after some errors (SQLITE_FULL, SQLITE_IOERR).
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Turns what SQLite throws into our errors, naming the file. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(error, path);
  }
}

export function pragma(db: DatabaseSync, name: string): number {
  return integer(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

/** A column that our schema says holds an integer. @throws ColumnError */
export function integer(value: SQLOutputValue | undefined): number {
  if (typeof value !== "number") throw new ColumnError("an integer");
  return value;
}

/** A column that our schema says holds bytes. @throws ColumnError */
export function blob(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> {
  // node:sqlite gives null for a blob whose pages cannot be read, where SQLite says SQLITE_CORRUPT.
  if (!(value instanceof Uint8Array)) throw new ColumnError("bytes");
  return value;
}

/** A column that our schema says holds text. @throws ColumnError */
export function text(value: SQLOutputValue | undefined): string {
  if (typeof value !== "string") throw new ColumnError("text");
  return value;
}
