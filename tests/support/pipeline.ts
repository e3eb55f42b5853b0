import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventLog, NewRecord, OutputTopic, StageStore } from "@unbroken/event-log";
import { openEmbeddedLog, openStageStore } from "@unbroken/event-log/embedded";
import {
  encodeMessageBody,
  entityOf,
  keyOf,
  upTopic,
  type EvidenceStretch,
  type Excursion,
  type Fact,
  type JudgementRecord,
} from "@unbroken/model";
import { createLogger, createMetrics } from "@unbroken/observability";
import { buildProcessor, type Processor } from "@unbroken/processor";
import type { Point, SeriesKey, TimeSeries } from "@unbroken/time-series";
import { openEmbeddedSeries } from "@unbroken/time-series/embedded";
import { DAY, DurationMs, EpochMs } from "@unbroken/units";

/** As the gateway, the API and the ticker write them. */
export function messageRecord(
  organisation: string,
  device: string,
  receivedAt: number,
  payload: unknown,
): NewRecord {
  const bytes = payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload));
  const mqttTopic = upTopic(organisation, device);
  return {
    topic: "messages",
    organisation,
    key: keyOf(organisation, device),
    receivedAt: EpochMs(receivedAt),
    clock: "steady",
    body: encodeMessageBody({ publisher: device, mqttTopic, payload: bytes }),
  };
}

export function factRecord(fact: Fact): NewRecord {
  return {
    topic: "facts",
    organisation: fact.organisation,
    key: keyOf(fact.organisation, entityOf(fact.statement)),
    receivedAt: fact.statedAt,
    clock: "steady",
    body: Buffer.from(JSON.stringify(fact)),
  };
}

export function tickRecord(at: number): NewRecord {
  return {
    topic: "ticks",
    organisation: "",
    key: "",
    receivedAt: EpochMs(at),
    clock: "steady",
    body: new Uint8Array(),
  };
}

const APPEND_MAX = 2_000;
const BATCH_MAX = 512;

interface Running {
  readonly store: StageStore;
  readonly series: TimeSeries;
  readonly processor: Processor;
}

/**
 * The real log, processor, state and time series on disk, without the network and without any clock but the one that
 * the records tell.
 */
export class Pipeline {
  readonly dir: string;
  readonly #log: EventLog;
  #running: Running;
  #failure: unknown = null;

  private constructor(dir: string, log: EventLog, running: Running) {
    this.dir = dir;
    this.#log = log;
    this.#running = running;
  }

  static async open(): Promise<Pipeline> {
    const dir = mkdtempSync(join(tmpdir(), "unbroken-pipeline-"));
    const log = await openEmbeddedLog({ dir: join(dir, "log") });
    const failed = (error: unknown): void => {
      pipeline.#failure = error;
    };
    const pipeline: Pipeline = new Pipeline(dir, log, await run(dir, log, BATCH_MAX, failed));
    return pipeline;
  }

  async append(records: readonly NewRecord[]): Promise<void> {
    for (let i = 0; i < records.length; i += APPEND_MAX)
      await this.#log.append(records.slice(i, i + APPEND_MAX));
  }

  /** Resolves when all that was appended is judged and in the time series. */
  async applied(): Promise<void> {
    const { store, series } = this.#running;
    const end = await this.#log.end(0);
    while (
      (await store.applied(0)) < end ||
      (await series.cursor(0)) < (await store.endOfCommits(0))
    ) {
      if (this.#failure !== null) throw new Error("the processor failed", { cause: this.#failure });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Stops the processor wherever it is, forgets all that is in memory, and goes on from what is on disk. */
  async restart(batchMax: number = BATCH_MAX): Promise<void> {
    await this.#stop();
    await this.#start(batchMax);
  }

  /** Deletes everything that was derived, and derives it again from the log. */
  async rebuild(batchMax: number = BATCH_MAX): Promise<void> {
    await this.#stop();
    for (const derived of ["stage", "series"])
      rmSync(join(this.dir, derived), { recursive: true, force: true });
    await this.#start(batchMax);
    await this.applied();
  }

  /** Deletes the time series alone. */
  async loseSeries(): Promise<void> {
    await this.#stop();
    rmSync(join(this.dir, "series"), { recursive: true, force: true });
    await this.#start(BATCH_MAX);
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.#log.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** As they stand, retracted ones too, by space and since. */
  async excursions(organisation: string): Promise<readonly Excursion[]> {
    const rows = await this.#state(`excursion/${organisation}/`);
    return rows.map((row) => row as Excursion);
  }

  /** What is kept of it: three days before the latest judgement. */
  async timeline(organisation: string, space: string): Promise<readonly EvidenceStretch[]> {
    const row = await this.#running.store.getState(0, `timeline/${organisation}/${space}`);
    if (row === null) return [];
    return (parsed(row) as { readonly stretches: readonly EvidenceStretch[] }).stretches;
  }

  /** All that was ever judged, in the order in which it was. */
  async judgements(): Promise<readonly JudgementRecord[]> {
    return (await this.#outputs("judgements")) as readonly JudgementRecord[];
  }

  async points(key: SeriesKey): Promise<readonly Point[]> {
    const { series } = this.#running;
    return series.range(key, EpochMs(0), EpochMs(8.64e15), 1_000_000);
  }

  series(organisation: string): Promise<readonly SeriesKey[]> {
    return this.#running.series.series(organisation, null);
  }

  async #outputs(topic: OutputTopic): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for (let sequence = 0; ;) {
      const commits = await this.#running.store.readCommits(0, sequence, 64);
      const last = commits.at(-1);
      if (last === undefined) return found;
      for (const { outputs } of commits)
        for (const output of outputs) if (output.topic === topic) found.push(parsed(output.body));
      sequence = last.sequence + 1;
    }
  }

  async #state(prefix: string): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for (let after: string | null = null; ;) {
      const rows = await this.#running.store.scanState(0, prefix, after, 1_000);
      found.push(...rows.map(([, row]) => parsed(row)));
      after = rows.at(-1)?.[0] ?? null;
      if (after === null) return found;
    }
  }

  async #start(batchMax: number): Promise<void> {
    this.#running = await run(this.dir, this.#log, batchMax, (error) => {
      this.#failure = error;
    });
  }

  async #stop(): Promise<void> {
    const { processor, series, store } = this.#running;
    await processor.stop();
    await series.close();
    await store.close();
    if (this.#failure !== null) throw new Error("the processor failed", { cause: this.#failure });
  }
}

async function run(
  dir: string,
  log: EventLog,
  batchMax: number,
  onFatal: (error: unknown) => void,
): Promise<Running> {
  const store = await openStageStore({ dir: join(dir, "stage"), partitions: log.partitions });
  const series = await openEmbeddedSeries({ dir: join(dir, "series") });
  const processor = buildProcessor({
    log,
    store,
    series,
    limits: { earliest: EpochMs(0), futureMax: DurationMs(DAY), batchMax: 10_000 },
    batchMax,
    gatherMs: 0,
    logger: createLogger("pipeline", "silent"),
    metrics: createMetrics(),
    onFatal,
  });
  await processor.start();
  return { store, series, processor };
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}
