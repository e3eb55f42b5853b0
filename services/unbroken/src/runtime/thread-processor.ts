import { join } from "node:path";
import { attachEmbeddedLog, openStageStore } from "@unbroken/event-log/embedded";
import { durationOf, momentOf } from "@unbroken/model";
import { createLogger, createMetrics } from "@unbroken/observability";
import { buildProcessor } from "@unbroken/processor";
import { openEmbeddedSeries } from "@unbroken/time-series/embedded";
import type { EpochMs } from "@unbroken/units";
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
      earliest: momentOf(settings.readings.earliest),
      futureMax: durationOf(settings.readings.futureMax),
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
    async handle(what, payload) {
      switch (what) {
        case "metrics":
          await processor.lag();
          return metrics.snapshot();
        case "health": {
          const lag = await processor.lag();
          return { ok: lag < 100_000, detail: `${lag} records behind the log` };
        }
        // The thread that writes the series also forgets, so that the two never meet.
        case "retain":
          return series.retain(payload as EpochMs);
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
