import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { FolderReader } from "./reader.ts";
import { sqliteVersion } from "./database.ts";

export interface DayInspection {
  /** `2026-05-05`, UTC, by our clock. */
  readonly day: string;
  readonly name: string;
  readonly bytes: number;
  /** Of partition 0: the first offset that the file can hold, and the one after its last. */
  readonly firstOffset: number;
  readonly nextOffset: number;
  /** The same by partition. */
  readonly firsts: readonly number[];
  readonly nexts: readonly number[];
}

export interface LogInspection {
  readonly sqliteVersion: string;
  readonly partitions: number;
  /** Bytes on the disk by kind, write-ahead logs included. */
  readonly bytes: { readonly messages: number; readonly facts: number; readonly state: number };
  /** Oldest first; the last one is being written. */
  readonly days: readonly DayInspection[];
  /** When the last record of each partition came in, the latest of them; null if there is none. Epoch ms. */
  readonly newestReceivedAt: number | null;
}

/**
 * Looks into a log's folder, open or not, without holding it up.
 * @throws UB_STORE_IO if there is no log, UB_LOG_CORRUPT, UB_LOG_NEWER, UB_SQLITE_TOO_OLD
 */
export function inspectLog(dir: string): LogInspection {
  const folder = resolve(dir);
  const reader = new FolderReader(folder);
  try {
    const each = Array.from({ length: reader.partitions }, (_, p) => p);
    const sizes = sizesOf(folder);
    const entries = reader.days();
    const ends = each.map((p) => reader.end(p));
    const days = entries.map(({ day, name, firsts }, i): DayInspection => {
      const nexts = entries[i + 1]?.firsts ?? ends;
      const bytes = sizes.get(name) ?? 0;
      const [firstOffset = 0] = firsts;
      const [nextOffset = 0] = nexts;
      return { day, name, bytes, firstOffset, nextOffset, firsts, nexts };
    });
    return {
      sqliteVersion: sqliteVersion(),
      partitions: reader.partitions,
      bytes: {
        messages: days.reduce((sum, { bytes }) => sum + bytes, 0),
        facts: sizes.get("facts.db") ?? 0,
        state: [...sizes].reduce((sum, [name, bytes]) => sum + (isState(name) ? bytes : 0), 0),
      },
      days,
      newestReceivedAt: newestOf(reader, ends, entries.at(-1)?.firsts ?? []),
    };
  } finally {
    reader.close();
  }
}

function isState(name: string): boolean {
  return name.startsWith("state") && !name.endsWith(".lock.db");
}

function newestOf(
  reader: FolderReader,
  ends: readonly number[],
  firsts: readonly number[],
): number | null {
  // Of a partition without a record in the last file nothing newer is known than what the others say.
  const newest = ends.flatMap((end, p) =>
    end > (firsts[p] ?? 0) ? reader.read(p, end - 1, 1).map(({ receivedAt }) => receivedAt) : [],
  );
  return newest.length === 0 ? null : Math.max(...newest);
}

/** Bytes by database, each with its write-ahead log. */
function sizesOf(dir: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const file of readdirSync(dir)) {
    const name = file.replace(/-(?:wal|shm)$/, "");
    const bytes = statSync(join(dir, file), { throwIfNoEntry: false })?.size ?? 0;
    sizes.set(name, (sizes.get(name) ?? 0) + bytes);
  }
  return sizes;
}
