import { UnbrokenError } from "@unbroken/errors";
import type { TimeSeries } from "../port.ts";
import type { CompactionLimits } from "./compaction.ts";
import { inSnapshot, openDatabase, storeError, type OpenDatabase } from "./database.ts";
import { RowLogFollower } from "./row-log.ts";
import { SeriesReads, bytesOnDisk } from "./series-reads.ts";
import { SeriesWrites } from "./series-writes.ts";
import { Tails } from "./tails.ts";

export interface EmbeddedSeriesOptions {
  /** The folder of `series.db`; made by a writer if it is not there. */
  readonly dir: string;
  /** For another thread or process beside the one writer; the store must exist. Writing to it is a bug. */
  readonly readOnly?: boolean;
  /** Smaller ones make tests short. */
  readonly limits?: CompactionLimits;
}

/** 32 MB of points when both generations are full, and about 0.5 KB for each series that has some. */
const LIMITS: CompactionLimits = {
  generationPoints: 500_000,
  generationRows: 8_192,
  chunkPoints: 512,
};

/**
 * Time series in one SQLite file (WAL, `synchronous=FULL`). `write` and the reads run to their end in the calling
 * thread: a write takes one flush of the disk. Times lie within 2⁴⁹ ms of 1970, values within 10¹² thousandths
 * (RangeError otherwise, a bug of the caller). Beside the port's errors:
 * @throws UB_LOG_LOCKED if another writer has it, UB_LOG_NEWER, UB_LOG_CORRUPT, UB_SQLITE_TOO_OLD, UB_LOG_CLOSED
 */
export function openEmbeddedSeries(options: EmbeddedSeriesOptions): Promise<TimeSeries> {
  return attempt(options.dir, () => {
    const readOnly = options.readOnly ?? false;
    const opened = openDatabase(options.dir, readOnly);
    try {
      return readOnly ? reader(opened) : writer(opened, options.limits ?? LIMITS);
    } catch (cause) {
      opened.close();
      throw cause;
    }
  });
}

type Ask = <T>(question: (reads: SeriesReads) => T) => T;

function writer(opened: OpenDatabase, limits: CompactionLimits): TimeSeries {
  const tails = new Tails();
  new RowLogFollower(opened.db, tails).follow();
  const reads = new SeriesReads(opened.db, tails);
  return timeSeries(
    opened,
    (question) => question(reads),
    new SeriesWrites(opened.db, tails, limits),
  );
}

function reader(opened: OpenDatabase): TimeSeries {
  const { db } = opened;
  const tails = new Tails();
  const follower = new RowLogFollower(db, tails);
  const reads = new SeriesReads(db, tails);
  const ask: Ask = (question) =>
    inSnapshot(db, () => {
      follower.follow();
      return question(reads);
    });
  return timeSeries(opened, ask, null);
}

function timeSeries(opened: OpenDatabase, ask: Ask, writes: SeriesWrites | null): TimeSeries {
  let open = true;
  const run = <T>(work: () => T): Promise<T> =>
    attempt(opened.file, () => {
      if (!open) throw new UnbrokenError("UB_LOG_CLOSED", "the time series are closed");
      return work();
    });
  const change = (work: (writes: SeriesWrites) => void): Promise<void> =>
    run(() => {
      if (writes === null) throw new Error("this store was opened for reading only");
      work(writes);
    });
  return {
    cursor: (partition) => run(() => ask((reads) => reads.cursor(partition))),
    write: (points, moved) => change((to) => to.write(points, moved)),
    range: (key, from, to, max) => run(() => ask((reads) => reads.range(key, from, to, max))),
    last: (key) => run(() => ask((reads) => reads.last(key))),
    envelope: (key, from, to, buckets) =>
      run(() => ask((reads) => reads.envelope(key, from, to, buckets))),
    series: (organisation, device) => run(() => ask((reads) => reads.series(organisation, device))),
    retain: (before) => change((to) => to.retain(before)),
    size: () => run(() => bytesOnDisk(opened.file)),
    close: () =>
      attempt(opened.file, () => {
        if (open) opened.close();
        open = false;
      }),
  };
}

function attempt<T>(file: string, work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (cause) {
    const error = storeError(cause, file);
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}
