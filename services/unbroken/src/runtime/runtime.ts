import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "@unbroken/config";
import { openEmbeddedLog } from "@unbroken/event-log/embedded";
import { durationOf } from "@unbroken/model";
import { createMetrics, exposition, type Logger } from "@unbroken/observability";
import { EpochMs } from "@unbroken/units";
import { notifyKeyIn } from "./notify-key-file.ts";
import { startThread, type ServiceThread } from "./service-thread.ts";
import { startTicker } from "./ticker.ts";
import { startTrimmer } from "./trimmer.ts";
import {
  ALERT_STORE,
  type ApiData,
  type ApiReady,
  type GatewayData,
  type GatewayReady,
  type NotifierData,
  type ProcessorData,
} from "./thread-data.ts";

/** One process is one partition: order over everything, and no relay between stages. */
export const PARTITIONS = 1;
/** How long a service may take to finish before it is ended by force. */
const STOP_GRACE_MS = 10_000;

export interface RuntimeOptions {
  readonly dir: string;
  readonly settings: Settings;
  readonly adminTokenSha256: string;
  readonly consoleDir: string | null;
  readonly version: string;
  readonly logger: Logger;
  /** Called once, when a part has failed and everything must start anew. */
  readonly onFailure: (error: unknown) => void;
}

export interface Addresses {
  readonly mqtt: string;
  readonly mqtts: string;
  readonly http: string;
  readonly feed: string;
}

export interface Runtime {
  readonly addresses: Addresses;
  /** Stops taking messages, finishes what is in hand, lets go of the folder. */
  stop(): Promise<void>;
  /** Ends everything at once, as after a failure. */
  kill(): Promise<void>;
}

/**
 * All services in one process: the log and its writer, then processor, gateway, API and notifier, each in a thread of its
 * own, so that neither a heavy query nor a burst of judging holds up an acknowledgement.
 * @throws UB_LOG_LOCKED, UB_PORT_IN_USE, UB_SQLITE_TOO_OLD, UB_LOG_NEWER and what else keeps a part from starting.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { dir, settings, logger } = options;
  // A part that fails while it starts refuses to say that it is ready; nobody else need be told.
  let state: "starting" | "running" | "failed" = "starting";
  const fail = (part: string) => (error: unknown) => {
    if (state !== "running") return;
    state = "failed";
    logger.error({ part, err: error }, "a part failed");
    options.onFailure(error);
  };
  const metrics = createMetrics();
  const log = await openEmbeddedLog({
    dir: join(dir, "log"),
    partitions: PARTITIONS,
    lingerMs: settings.log.lingerMs,
    groupMax: settings.log.groupMax,
    pendingBytesMax: settings.log.pendingBytesMax,
    onFatal: fail("log"),
    onFlush: (seconds, records) => {
      metrics.observe("unbroken_log_flush_seconds", seconds);
      metrics.observe("unbroken_log_group_records", records);
    },
  });
  const threads: ServiceThread[] = [];
  const begin = (
    name: string,
    module: string,
    data: object,
    handle?: (what: string, payload: unknown) => unknown,
  ): ServiceThread => {
    const logHandle = log.handle();
    const thread = startThread({
      name,
      module,
      data: { ...data, dir, log: logHandle, logLevel: settings.observability.logLevel },
      transfer: [logHandle.port],
      onFailure: fail(name),
      ...(handle === undefined ? {} : { handle }),
    });
    threads.push(thread);
    return thread;
  };
  const killAll = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.kill()));
    await log.close().catch(() => undefined);
  };
  try {
    const notifyKey = notifyKeyIn(dir);
    mkdirSync(join(dir, ALERT_STORE.folder), { recursive: true });
    const processor = begin("processor", "thread-processor", {
      settings,
    } satisfies Partial<ProcessorData>);
    await processor.ask("ready");
    const gateway = begin("gateway", "thread-gateway", { settings } satisfies Partial<GatewayData>);
    const bound = (await gateway.ask("ready")) as GatewayReady;
    const health = async (): Promise<unknown> =>
      Promise.all(
        [processor, gateway, notifier].map(async (thread) => {
          const answer = thread
            .ask("health")
            .catch((error: unknown) => ({ ok: false, detail: String(error) }));
          return { name: thread.name, ...((await answer) as object) };
        }),
      );
    const metricsText = async (): Promise<string> => {
      const parts = await Promise.all(
        [processor, gateway, api, notifier].map((thread) => thread.ask("metrics")),
      );
      return exposition([
        await metrics.snapshot(),
        ...(parts as Awaited<ReturnType<typeof metrics.snapshot>>[]),
      ]);
    };
    const api = begin(
      "api",
      "thread-api",
      {
        settings,
        adminTokenSha256: options.adminTokenSha256,
        consoleDir: options.consoleDir,
        version: options.version,
        notifyKey,
      } satisfies Partial<ApiData>,
      (what) => (what === "health" ? health() : what === "metrics" ? metricsText() : null),
    );
    const web = (await api.ask("ready")) as ApiReady;
    // Last: what it sends leads back to the API.
    const notifier: ServiceThread = begin("notifier", "thread-notifier", {
      settings,
      notifyKey,
      url: web.url,
      version: options.version,
    } satisfies Partial<NotifierData>);
    await notifier.ask("ready");
    const tick = durationOf(settings.log.tick);
    const ticker = startTicker(log, tick, () => EpochMs(Date.now()), fail("ticker"));
    const trimmer = startTrimmer({
      log,
      dir: join(dir, "log"),
      keepMessages: durationOf(settings.log.keepMessages),
      keepReadings: durationOf(settings.readings.keep),
      processor,
      logger,
    });
    state = "running";
    return {
      addresses: {
        mqtt: `mqtt://${bound.plain}`,
        mqtts: `mqtts://${bound.tls}`,
        http: web.url,
        feed: web.feedUrl,
      },
      async stop() {
        ticker.stop();
        trimmer.stop();
        // Downstream last, so that what was acknowledged is also judged and shown.
        for (const thread of [gateway, processor, notifier, api]) await thread.stop(STOP_GRACE_MS);
        await log.close();
      },
      async kill() {
        ticker.stop();
        trimmer.stop();
        await killAll();
      },
    };
  } catch (error) {
    state = "failed";
    await killAll();
    throw error;
  }
}
