import { join } from "node:path";
import { attachEmbeddedLog, openStageStore } from "@unbroken/event-log/embedded";
import { createLogger, createMetrics } from "@unbroken/observability";
import { buildProcessor } from "@unbroken/processor";
import { openEmbeddedSeries } from "@unbroken/time-series/embedded";
import { DurationMs, parseIsoDuration, parseIsoTime, type EpochMs } from "@unbroken/units";
import { runInThread } from "./in-thread.ts";
import type { ProcessorData } from "./thread-data.ts";

runInThread(async (data, { fatal }) => {
  const { dir, log: handle, logLevel, settings } = data as ProcessorData;
  const log = attachEmbeddedLog(handle);
  const store = await openStageStore({ dir: join(dir, "log"), partitions: log.partitions });
  const series = await openEmbeddedSeries({ dir: join(dir, "series") });
  const metrics = createMetrics();
  const processor = buildProcessor({
    log,
    store,
    series,
    limits: {
      earliest: parseIsoTime(settings.readings.earliest) ?? (0 as EpochMs),
      futureMax: parseIsoDuration(settings.readings.futureMax) ?? DurationMs(0),
      batchMax: settings.readings.batchMax,
    },
    batchMax: settings.processor.batchMax,
    gatherMs: settings.processor.gatherMs,
    logger: createLogger("processor", logLevel),
    metrics,
    onFatal: fatal,
  });
  await processor.start();
  return {
    async handle(what) {
      switch (what) {
        case "metrics":
          await processor.lag();
          return metrics.snapshot();
        case "health": {
          const lag = await processor.lag();
          return { ok: lag < 100_000, detail: `${lag} records behind the log` };
        }
        case "applied":
          return store.applied(0);
        default:
          return null;
      }
    },
    async stop() {
      await processor.stop();
      await series.close();
      await store.close();
    },
  };
});
