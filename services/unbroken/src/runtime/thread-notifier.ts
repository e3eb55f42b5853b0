import { join } from "node:path";
import { attachEmbeddedLog, openStageReader, openStageStore } from "@unbroken/event-log/embedded";
import { durationOf } from "@unbroken/model";
import { buildNotifier, emailChannel, notifyKey, webhookChannel } from "@unbroken/notifier";
import { createLogger, createMetrics } from "@unbroken/observability";
import { EpochMs } from "@unbroken/units";
import { runInThread } from "./in-thread.ts";
import { ALERT_STORE, type NotifierData } from "./thread-data.ts";

runInThread(async (given, { fatal }) => {
  const data = given as NotifierData;
  const settings = data.settings.notify;
  const log = attachEmbeddedLog(data.log);
  const outputs = openStageReader(join(data.dir, "log"), { partitions: log.partitions });
  const stage = await openStageStore({ dir: join(data.dir, ALERT_STORE.folder), ...ALERT_STORE });
  const metrics = createMetrics();
  const key = notifyKey(data.notifyKey);
  const notifier = buildNotifier({
    settings,
    log,
    outputs,
    stage,
    channels: {
      webhook: webhookChannel({
        key,
        rules: {
          timeoutMs: durationOf(settings.timeout),
          plainHttp: settings.plainHttp,
          privateHosts: new Set(settings.privateHosts.map((host) => host.toLowerCase())),
        },
        version: data.version,
      }),
      email: emailChannel(settings),
    },
    key,
    publicUrl: settings.publicUrl === "" ? data.url : settings.publicUrl,
    version: data.version,
    logger: createLogger("notifier", data.logLevel),
    metrics,
    now: () => EpochMs(Date.now()),
    random: () => Math.random(),
    onFatal: fatal,
  });
  await notifier.start();
  return {
    async handle(what) {
      switch (what) {
        case "metrics":
          await notifier.health();
          return metrics.snapshot();
        case "health":
          return notifier.health();
        default:
          return null;
      }
    },
    async stop() {
      await notifier.stop();
      await stage.close();
      outputs.close();
    },
  };
});
