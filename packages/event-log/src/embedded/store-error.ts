import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { UnbrokenError } from "@unbroken/errors";

// Primary result codes of SQLite (https://sqlite.org/rescode.html): the low byte of an extended code.
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
// Extended: a flush failed. What the kernel dropped is unknown, so it is never taken for a full disk.
const SQLITE_IOERR_FSYNC = 1034;
const SQLITE_IOERR_DIR_FSYNC = 1290;

/** Less room than this on the device counts as none. */
const ROOM_MIN_BYTES = 1_048_576;

/** A row does not hold what our schema says. */
export class ColumnError extends Error {
  override readonly name = "ColumnError";
  constructor(expected: string) {
    super(`a column that holds ${expected} holds something else, or cannot be read`);
  }
}

/** What a failure of the disk or of SQLite means to the caller, naming the file. Our own errors and bugs pass through. */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof UnbrokenError || !(error instanceof Error)) return error;
  if (error instanceof ColumnError)
    return new UnbrokenError(
      "UB_LOG_CORRUPT",
      `${path}: ${error.message}`,
      { file: path },
      { cause: error },
    );
  const system = "code" in error && typeof error.code === "string" ? error.code : "";
  const extended = "errcode" in error && typeof error.errcode === "number" ? error.errcode : null;
  // Not ERR_…, which is how Node reports a wrong use of itself.
  if (extended === null && !/^E[A-Z]+$/.test(system)) return error;
  const details = { file: path, cause: extended ?? system };
  if (isFull(system, extended, path))
    return new UnbrokenError("UB_LOG_FULL", `no room on the disk for ${path}`, details, {
      cause: error,
    });
  const primary = extended === null ? null : extended & 0xff;
  if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB)
    return new UnbrokenError("UB_LOG_CORRUPT", `${path}: ${error.message}`, details, {
      cause: error,
    });
  return new UnbrokenError("UB_STORE_IO", `${path}: ${error.message}`, details, { cause: error });
}

/** Whether SQLite says that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  return typeof error.errcode === "number" && (error.errcode & 0xff) === SQLITE_BUSY;
}

function isFull(system: string, extended: number | null, path: string): boolean {
  if (system === "ENOSPC" || system === "EDQUOT") return true;
  if (extended === null) return false;
  if ((extended & 0xff) === SQLITE_FULL) return true;
  if (extended === SQLITE_IOERR_FSYNC || extended === SQLITE_IOERR_DIR_FSYNC) return false;
  // Growing the shared-memory file of the WAL on a full disk is reported as SQLITE_IOERR_SHMSIZE, not as FULL.
  return (extended & 0xff) === SQLITE_IOERR && hasNoRoom(path);
}

function hasNoRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < ROOM_MIN_BYTES;
  } catch {
    return false;
  }
}
