import { join } from "node:path";
import { attachEmbeddedLog } from "@unbroken/event-log/embedded";
import { buildGateway, type GatewayHealth } from "@unbroken/gateway";
import { createLogger, createMetrics } from "@unbroken/observability";
import { EpochMs } from "@unbroken/units";
import { runInThread } from "./in-thread.ts";
import type { GatewayData } from "./thread-data.ts";

runInThread(async (data, { fatal }) => {
  const { dir, log: handle, logLevel, settings } = data as GatewayData;
  const metrics = createMetrics();
  const gateway = buildGateway({
    settings: settings.mqtt,
    log: attachEmbeddedLog(handle),
    certificateDir: join(dir, "tls"),
    logger: createLogger("gateway", logLevel),
    metrics,
    now: () => EpochMs(Date.now()),
    monotonic: () => performance.now(),
    onFatal: fatal,
  });
  const bound = await gateway.start();
  return {
    handle(what) {
      switch (what) {
        case "ready":
          return bound;
        case "metrics":
          return metrics.snapshot();
        case "health":
          return healthOf(gateway.health());
        default:
          return null;
      }
    },
    stop: () => gateway.stop(),
  };
});

/** Past this age of the oldest message without an acknowledgement, something is wrong with the disk. */
const UNACKNOWLEDGED_MAX_MS = 5_000;

function healthOf({ connections, oldestUnacknowledgedMs, log }: GatewayHealth): {
  readonly ok: boolean;
  readonly detail: string;
} {
  const ok = log === "ok" && oldestUnacknowledgedMs < UNACKNOWLEDGED_MAX_MS;
  const waiting = `oldest unacknowledged message ${Math.round(oldestUnacknowledgedMs)} ms`;
  return { ok, detail: `${connections} connections, log ${log}, ${waiting}` };
}
