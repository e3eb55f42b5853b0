import { DatabaseSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import { isBusy, storeError } from "./store-error.ts";

/** How long to wait for a predecessor that was killed and is still being buried. */
const PATIENCE_MS = 2_000;

/** Held until `release`, or until the process ends in whatever way. */
export interface FolderLock {
  release(): void;
}

/**
 * Locks through SQLite: an exclusive transaction on an empty file. The operating system frees it with the process, so
 * SIGKILL leaves nothing to clean up. Nobody may open this file by other means within the process: POSIX drops the
 * locks of a process on a file when it closes any descriptor of it (fcntl(2)).
 * @throws UB_LOG_LOCKED
 */
export function lockFolder(path: string): FolderLock {
  const db = openLock(path);
  try {
    db.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (isBusy(error))
      throw new UnbrokenError("UB_LOG_LOCKED", `another process or thread holds ${path}`, {
        file: path,
      });
    throw storeError(error, path);
  }
  return { release: () => db.close() };
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: PATIENCE_MS });
  } catch (error) {
    throw storeError(error, path);
  }
}
