import { join } from "node:path";
import { buildApi, type HealthReport } from "@unbroken/api";
import { attachEmbeddedLog, openStageReader, openStageStore } from "@unbroken/event-log/embedded";
import { createLogger, createMetrics } from "@unbroken/observability";
import { openEmbeddedSeries } from "@unbroken/time-series/embedded";
import { EpochMs } from "@unbroken/units";
import { runInThread } from "./in-thread.ts";
import { notifyRules } from "./notify-rules.ts";
import { ALERT_STORE, SAID_STORE, type ApiData } from "./thread-data.ts";

runInThread(async (given, { ask }) => {
  const data = given as ApiData;
  const metrics = createMetrics();
  const log = attachEmbeddedLog(data.log);
  const outputs = openStageReader(join(data.dir, "log"), { partitions: log.partitions });
  const series = await openEmbeddedSeries({ dir: join(data.dir, "series"), readOnly: true });
  const said = await openStageStore({ dir: join(data.dir, SAID_STORE.folder), ...SAID_STORE });
  const alerts = openStageReader(join(data.dir, ALERT_STORE.folder), ALERT_STORE);
  const api = buildApi({
    settings: data.settings.http,
    log,
    outputs,
    series,
    said,
    alerts,
    notify: notifyRules(data.settings.notify, data.notifyKey),
    adminTokenSha256: data.adminTokenSha256,
    consoleDir: data.consoleDir,
    health: async () => {
      const parts = (await ask("health")) as HealthReport["parts"];
      return { ready: parts.every(({ ok }) => ok), parts };
    },
    metricsText: async () => (await ask("metrics")) as string,
    logger: createLogger("api", data.logLevel),
    metrics,
    now: () => EpochMs(Date.now()),
    version: data.version,
  });
  const { url, feedUrl } = await api.start();
  return {
    handle(what) {
      if (what === "ready") return { url, feedUrl };
      return what === "metrics" ? metrics.snapshot() : null;
    },
    async stop() {
      await api.stop();
      await series.close();
      alerts.close();
      await said.close();
    },
  };
});
