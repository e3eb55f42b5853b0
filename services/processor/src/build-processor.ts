import type { DecodeLimits } from "@unbroken/devices";
import { UnbrokenError } from "@unbroken/errors";
import type { AcceptedCommit, Commit, LogReader, StageStore } from "@unbroken/event-log";
import type { Logger, Metrics } from "@unbroken/observability";
import type { TimeSeries } from "@unbroken/time-series";
import { PartitionProcessor } from "./partition-processor.ts";
import { SeriesProjection } from "./series-projection.ts";

export interface ProcessorDeps {
  readonly log: LogReader;
  readonly store: StageStore;
  readonly series: TimeSeries;
  readonly limits: DecodeLimits;
  /** Records in one batch: enough to make a flush worth while, few enough to keep alerts quick. */
  readonly batchMax: number;
  /** With a busy log, how long to gather before the next batch, in ms: each batch costs one flush. */
  readonly gatherMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Something is wrong that cannot be mended here: the process ends and recovers. */
  readonly onFatal: (error: unknown) => void;
}

export interface Processor {
  /** Recovers, then keeps up with the log until stopped. Resolves when the recovery is done. */
  start(): Promise<void>;
  /** Finishes the batch in hand. */
  stop(): Promise<void>;
  /** Offsets not yet applied, over all partitions. */
  lag(): Promise<number>;
}

const FULL_RETRY_MS = 500;

export function buildProcessor(deps: ProcessorDeps): Processor {
  const { log, store, series, limits, batchMax, gatherMs, metrics } = deps;
  const partitions = Array.from({ length: log.partitions }, (_, partition) => ({
    partition,
    processor: new PartitionProcessor(store, partition, limits, metrics),
    projection: new SeriesProjection(store, series, partition),
    applied: 0,
  }));
  const bell = new Bell();
  let running: Promise<void> | null = null;
  let stopping = false;
  let unsubscribe = (): void => undefined;

  async function recover(): Promise<void> {
    for (const entry of partitions) {
      entry.applied = await store.applied(entry.partition);
      await entry.processor.recall(await factsBefore(log, entry.partition, entry.applied));
      await entry.projection.catchUp();
    }
  }

  // A full batch is followed by a pause of nothing: SQLite answers at once, so without it no question to this thread
  // (health, stop) would be heard before the backlog is done.
  async function run(): Promise<void> {
    while (!isStopping()) {
      let records = 0;
      for (const entry of partitions) records += await advance(entry);
      if (records === 0) await bell.rung();
      else await pause(records < batchMax ? gatherMs : 0);
    }
  }

  async function advance(entry: (typeof partitions)[number]): Promise<number> {
    const records = await log.read(entry.partition, entry.applied, batchMax);
    const last = records.at(-1);
    if (last === undefined) return 0;
    const draft = await entry.processor.process(records);
    const started = performance.now();
    const accepted = await commitWhenThereIsRoom(
      draft.commit(entry.partition, entry.applied, last.offset + 1),
    );
    metrics.observe("unbroken_processor_commit_seconds", (performance.now() - started) / 1_000);
    entry.applied = last.offset + 1;
    for (const { judgement } of draft.judgements) {
      metrics.count("unbroken_processor_judgements_total", 1, { kind: judgement.kind });
    }
    for (const { receivedAt, measuredAt } of draft.readings.slice(0, 16)) {
      metrics.observe("unbroken_processor_lateness_seconds", (receivedAt - measuredAt) / 1_000);
    }
    metrics.set("unbroken_processor_applied_offset", entry.applied, {
      partition: String(entry.partition),
    });
    await storeWhenThereIsRoom(() =>
      entry.projection.storeReadings(draft.readings, accepted.sequence),
    );
    return records.length;
  }

  const commitWhenThereIsRoom = (commit: Commit): Promise<AcceptedCommit> =>
    storeWhenThereIsRoom(() => store.commit(commit));

  /** A full disk is waited out: nothing was kept of the attempt, and nothing is lost by trying again. */
  async function storeWhenThereIsRoom<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof UnbrokenError) || error.code !== "UB_LOG_FULL" || isStopping())
          throw error;
        if (tries % 20 === 0)
          deps.logger.error({ code: error.code }, "the disk is full; judging waits for room");
        await pause(FULL_RETRY_MS);
      }
    }
  }

  // Read through a function: the compiler cannot see that `stop` changes it meanwhile.
  const isStopping = (): boolean => stopping;

  return {
    async start() {
      await recover();
      unsubscribe = log.onAppended(() => bell.ring());
      running = run().catch((error: unknown) => {
        if (!isStopping()) deps.onFatal(error);
      });
    },
    async stop() {
      stopping = true;
      unsubscribe();
      bell.ring();
      await running;
    },
    async lag() {
      let sum = 0;
      for (const { partition, applied } of partitions) {
        const lag = Math.max(0, (await log.end(partition)) - applied);
        metrics.set("unbroken_processor_lag_records", lag, { partition: String(partition) });
        sum += lag;
      }
      return sum;
    },
  };
}

async function factsBefore(
  log: LogReader,
  partition: number,
  end: number,
): Promise<Awaited<ReturnType<LogReader["readFacts"]>>> {
  const facts = [];
  for (let offset = 0; ;) {
    const page = await log.readFacts(partition, offset, 1_000);
    facts.push(...page.filter((record) => record.offset < end));
    const last = page.at(-1);
    if (last === undefined || last.offset >= end) return facts;
    offset = last.offset + 1;
  }
}

/** Wakes one waiter; a ring that nobody waits for is kept. */
class Bell {
  #waiter: (() => void) | null = null;
  #rung = false;

  ring(): void {
    if (this.#waiter === null) this.#rung = true;
    else this.#waiter();
    this.#waiter = null;
  }

  rung(): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiter = resolve;
    });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
