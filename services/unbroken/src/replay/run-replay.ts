import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clockFindingsIn, type ClockFindings } from "@unbroken/api";
import type { Settings } from "@unbroken/config";
import type { NewRecord, OutputTopic, StageStore } from "@unbroken/event-log";
import { openEmbeddedLog, openStageStore } from "@unbroken/event-log/embedded";
import { durationOf, momentOf, type JudgementRecord, type QuarantineRecord } from "@unbroken/model";
import { createLogger, createMetrics } from "@unbroken/observability";
import { buildProcessor } from "@unbroken/processor";
import type { TimeSeries } from "@unbroken/time-series";
import { openEmbeddedSeries } from "@unbroken/time-series/embedded";
import type { DurationMs, EpochMs } from "@unbroken/units";

/** A recording that ran through the pipeline: what was judged on the way, and what is stored in the end. */
export interface Replayed {
  readonly judgements: readonly JudgementRecord[];
  readonly quarantined: readonly QuarantineRecord[];
  readonly series: TimeSeries;
  readonly clocks: ClockFindings;
}

const RECORDS_PER_APPEND = 2_000;
/** Replays look back: a longer batch costs nothing but memory. */
const RECORDS_PER_BATCH = 2_048;
const COMMITS_PER_READ = 64;

/**
 * Runs records through the real log, processor and series, in a folder of their own that is gone afterwards. The only
 * clock is the one that the records tell, with a tick each `tick` between them.
 * @param look what to make of it, while the series is still there.
 */
export async function replay<T>(
  records: readonly NewRecord[],
  settings: Settings,
  tick: DurationMs,
  look: (replayed: Replayed) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "unbroken-replay-"));
  try {
    return await replayIn(dir, withTicks(records, tick), settings, look);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function replayIn<T>(
  dir: string,
  records: Iterable<NewRecord>,
  settings: Settings,
  look: (replayed: Replayed) => Promise<T>,
): Promise<T> {
  const failure: { error: unknown } = { error: null };
  const log = await openEmbeddedLog({ dir: join(dir, "log") });
  const store = await openStageStore({ dir: join(dir, "stage"), partitions: log.partitions });
  const series = await openEmbeddedSeries({ dir: join(dir, "series") });
  const processor = buildProcessor({
    log,
    store,
    series,
    limits: {
      earliest: momentOf(settings.readings.earliest),
      futureMax: durationOf(settings.readings.futureMax),
      batchMax: settings.readings.batchMax,
    },
    batchMax: RECORDS_PER_BATCH,
    gatherMs: 0,
    logger: createLogger("replay", "silent"),
    metrics: createMetrics(),
    onFatal: (error) => {
      failure.error = error;
    },
  });
  await processor.start();
  try {
    let part: NewRecord[] = [];
    for (const record of records) {
      part.push(record);
      if (part.length < RECORDS_PER_APPEND) continue;
      await log.append(part);
      part = [];
    }
    if (part.length > 0) await log.append(part);
    const end = await log.end(0);
    while (
      (await store.applied(0)) < end ||
      (await series.cursor(0)) < (await store.endOfCommits(0))
    ) {
      if (failure.error !== null) throw new Error("the processor failed", { cause: failure.error });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return await look({
      judgements: (await outputsOf(store, "judgements")) as readonly JudgementRecord[],
      quarantined: (await outputsOf(store, "quarantine")) as readonly QuarantineRecord[],
      series,
      clocks: clockFindingsIn(store, log.partitions),
    });
  } finally {
    await processor.stop();
    await series.close();
    await store.close();
    await log.close();
  }
}

async function outputsOf(store: StageStore, topic: OutputTopic): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (let sequence = 0; ;) {
    const commits = await store.readCommits(0, sequence, COMMITS_PER_READ);
    const last = commits.at(-1);
    if (last === undefined) return found;
    for (const { outputs } of commits)
      for (const { topic: of, body } of outputs)
        if (of === topic) found.push(JSON.parse(Buffer.from(body).toString()));
    sequence = last.sequence + 1;
  }
}

/** Our clock goes on while nothing comes in, so that a replay notices silence when the original did. */
function* withTicks(records: readonly NewRecord[], tick: DurationMs): Generator<NewRecord> {
  let due: number | null = null;
  for (const record of records) {
    // Statements may be of years before the first message: nothing is silent yet.
    if (record.topic === "messages") due ??= record.receivedAt + tick;
    for (; due !== null && due <= record.receivedAt; due += tick) yield tickAt(due as EpochMs);
    yield record;
  }
}

function tickAt(receivedAt: EpochMs): NewRecord {
  return {
    topic: "ticks",
    organisation: "",
    key: "",
    receivedAt,
    clock: "steady",
    body: new Uint8Array(),
  };
}
