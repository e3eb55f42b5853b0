import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UnbrokenError } from "@unbroken/errors";
import { formatIsoTime, type EpochMs } from "@unbroken/units";
import { BatchCursor, type PackedBatch } from "./batch.ts";
import { DayFile, isEmptyDayFile } from "./day-file.ts";
import { FactsFile } from "./facts-file.ts";
import { lockFolder, type FolderLock } from "./folder-lock.ts";
import { dayFileName, looksLikeDayFile } from "./day-file-name.ts";
import { Manifest, type DayEntry } from "./manifest.ts";

export interface WriterOptions {
  readonly dir: string;
  /** null: as many as the log has; a new one has 1. */
  readonly partitions: number | null;
  /** The most pages of 8 KiB that one day file may have; 0: as many as the disk holds. */
  readonly pagesMax: number;
}

/** What one caller hands over at once: kept whole or not at all. */
export interface PackedAppend {
  readonly batches: readonly PackedBatch[];
  /** When the last of the records was received: our clock, and the only one that the writer knows. */
  readonly receivedAt: number;
}

/** Our clock may be set back this far without a new file. */
const SET_BACK_MS = 3_600_000;

/** Owns the folder: the one that appends, rolls and trims. Synchronous; it lives in a thread of its own. */
export class LogWriter {
  readonly #options: WriterOptions;
  readonly #lock: FolderLock;
  readonly #manifest: Manifest;
  readonly #facts: FactsFile;
  #day: DayFile | null = null;
  #entry: DayEntry | null = null;
  /** The next offset of each partition. */
  readonly #nexts: number[];
  #factsBehind = false;

  /** @throws UB_LOG_LOCKED, UB_LOG_NEWER, UB_LOG_CORRUPT, UB_LOG_FULL, UB_STORE_IO, UB_SQLITE_TOO_OLD, UB_CONFIG_INVALID */
  constructor(options: WriterOptions) {
    this.#options = options;
    mkdirSync(options.dir, { recursive: true });
    this.#lock = lockFolder(join(options.dir, "lock.db"));
    try {
      this.#manifest = Manifest.open(options.dir, options.partitions);
      this.#facts = FactsFile.open(options.dir, this.#manifest.partitions);
      this.#nexts = Array.from({ length: this.#manifest.partitions }, () => 0);
      this.#removeStrays();
      this.#resume();
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  get partitions(): number {
    return this.#manifest.partitions;
  }

  /**
   * Makes the appends durable in one transaction. Returns the first offset of each batch, by append.
   * @throws UB_LOG_FULL with nothing kept; anything else means that the writer must not be used again
   */
  commit(appends: readonly PackedAppend[]): readonly (readonly number[])[] {
    const day = this.#dayFor(appends.at(-1)?.receivedAt ?? 0);
    const batches = appends.flatMap((append) => append.batches);
    const firsts = day.write(batches, this.#nexts);
    for (const [i, batch] of batches.entries()) {
      this.#nexts[batch.partition] = (firsts[i] ?? 0) + batch.count;
      if (batch.facts > 0) this.#factsBehind = true;
    }
    this.catchUpOnFacts();
    let at = 0;
    return appends.map((append) => firsts.slice(at, (at += append.batches.length)));
  }

  /** Copies facts that a full disk kept from being copied. Returns false while there is still no room. */
  catchUpOnFacts(): boolean {
    if (!this.#factsBehind || this.#day === null) return true;
    try {
      this.#facts.copyFrom(this.#day);
    } catch (error) {
      // The facts are durable in the day file, so the append succeeded; only the copy has to wait.
      if (error instanceof UnbrokenError && error.code === "UB_LOG_FULL") return false;
      throw error;
    }
    this.#factsBehind = false;
    return true;
  }

  /** Returns the first kept offset of the partition. */
  trim(partition: number, offset: number): number {
    this.#manifest.trim(partition, offset);
    this.#deleteForgotten();
    return this.#manifest.days[0]?.firsts[partition] ?? 0;
  }

  close(): void {
    try {
      this.catchUpOnFacts();
      this.#day?.close();
      this.#facts.close();
      this.#manifest.close();
    } finally {
      this.#lock.release();
    }
  }

  /** The file for records of this time; a new one when the day changes, forwards or (the clock was set) backwards. */
  #dayFor(receivedAt: number): DayFile {
    const name = dayOf(receivedAt);
    if (this.#day !== null && this.#entry !== null) {
      const { day } = this.#entry;
      const early = dayOf(receivedAt + SET_BACK_MS);
      if (name === day || (name < day && early >= day)) return this.#day;
      // A day is left only with all its facts copied, so that the last file is all that there is to catch up on.
      if (!this.catchUpOnFacts()) return this.#day;
    }
    return this.#roll(name);
  }

  #roll(day: string): DayFile {
    const { dir, pagesMax } = this.#options;
    const name = dayFileName(day, new Set(readdirSync(dir)));
    const before = this.#day;
    let created: DayFile | null = null;
    try {
      created = DayFile.create(join(dir, name), this.partitions, pagesMax);
      syncFolder(dir);
      this.#entry = this.#manifest.add(name, day, [...this.#nexts]);
    } catch (error) {
      created?.close();
      this.#remove(name);
      throw error;
    }
    this.#day = created;
    closeQuietlyWhenFull(before);
    return created;
  }

  /** Finds out where the log ends, and that its end is whole. */
  #resume(): void {
    const { dir, pagesMax } = this.#options;
    const entry = this.#manifest.days.at(-1);
    if (entry === undefined) return;
    this.#entry = entry;
    const day = DayFile.open(join(dir, entry.name), this.partitions, pagesMax);
    this.#day = day;
    for (const [partition, first] of entry.firsts.entries()) {
      const last = day.lastBatch(partition);
      this.#nexts[partition] = first;
      if (last === null) continue;
      const cursor = new BatchCursor(last.bytes, { file: day.path, partition, first: last.first });
      while (cursor.next() !== null);
      this.#nexts[partition] = cursor.end;
    }
    this.#factsBehind = true;
    this.catchUpOnFacts();
  }

  /** What a crash left behind: files that were forgotten but not deleted, and one that was not in use yet. */
  #removeStrays(): void {
    const { dir } = this.#options;
    this.#deleteForgotten();
    const known = new Set(this.#manifest.days.map(({ name }) => name));
    for (const name of readdirSync(dir)) {
      if (!looksLikeDayFile(name) || known.has(name)) continue;
      const path = join(dir, name);
      if (!isEmptyDayFile(path, this.partitions))
        throw new UnbrokenError(
          "UB_LOG_CORRUPT",
          `${path} holds records, but manifest.db does not know it: was one of them restored alone?`,
          { file: path },
        );
      this.#remove(name);
    }
  }

  #deleteForgotten(): void {
    for (const name of this.#manifest.forgotten()) {
      this.#remove(name);
      this.#manifest.deleted(name);
    }
  }

  #remove(name: string): void {
    for (const suffix of ["", "-wal", "-shm"])
      rmSync(join(this.#options.dir, `${name}${suffix}`), { force: true });
  }
}

/** UTC, so that a day has 24 hours everywhere. */
function dayOf(at: number): string {
  return formatIsoTime(at as EpochMs).slice(0, 10);
}

// SQLite flushes the folder when it creates a journal; a new name must not depend on that.
function syncFolder(dir: string): void {
  const fd = openSync(dir, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

// Without room the write-ahead log stays beside the file, where readers find it; nothing is lost by that.
function closeQuietlyWhenFull(day: DayFile | null): void {
  try {
    day?.close();
  } catch (error) {
    if (!(error instanceof UnbrokenError) || error.code !== "UB_LOG_FULL") throw error;
  }
}
