import type { Settings } from "@unbroken/config";
import type { LogReader, OutputReader, StageStore } from "@unbroken/event-log";
import { durationOf } from "@unbroken/model";
import type { Logger, Metrics } from "@unbroken/observability";
import { DAY, HOUR, type EpochMs } from "@unbroken/units";
import { AlertDesk } from "./alert-desk.ts";
import { alertPolicyOf } from "./alert/alert-policy.ts";
import type { Channels } from "./channel/channel.ts";
import { InputFollower } from "./follow-inputs.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { NotifyKey } from "./notify-key.ts";
import { NotifyStore, isDiskFull } from "./notify-store.ts";
import { Outbox } from "./outbox.ts";

export interface NotifierDeps {
  readonly settings: Settings["notify"];
  readonly log: LogReader;
  /** The processor's. */
  readonly outputs: OutputReader;
  /** The notifier's own, of one partition. The caller closes it. */
  readonly stage: StageStore;
  readonly channels: Channels;
  readonly key: NotifyKey;
  /** Where people reach the board. */
  readonly publicUrl: string;
  readonly version: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => EpochMs;
  /** In [0, 1). */
  readonly random: () => number;
  /** Something is wrong that cannot be mended here: the process ends and recovers. */
  readonly onFatal: (error: unknown) => void;
}

export interface NotifierHealth {
  readonly ok: boolean;
  readonly detail: string;
}

export interface Notifier {
  /** Takes up where it left off, then follows. Resolves when it has read all that there was. */
  start(): Promise<void>;
  /** Finishes what is under way. */
  stop(): Promise<void>;
  health(): Promise<NotifierHealth>;
  /** Looks at once instead of at the next occasion; resolves when all that is known is stored and on its way. */
  look(): Promise<void>;
}

/** Time alone makes things due: repeats, silences, ends. */
const LOOK_EVERY_MS = 1_000;
/** A busy processor commits many times a second; nobody is told later for looking four times. */
const PAUSE_MS = 250;
const SOON_MS = 20;
const FORGET_EVERY_MS = 6 * HOUR;
const LAG_COMMITS_MAX = 10_000;
const FAILURES_COUNTED = 1_000;

/** Tells people of what the processor judged: once for each cause, again until acknowledged, and when it is over. */
export function buildNotifier(deps: NotifierDeps): Notifier {
  const { settings, log, outputs, logger, metrics, now } = deps;
  let parts: { store: NotifyStore; inputs: InputFollower; desk: AlertDesk; outbox: Outbox } | null =
    null;
  let looking: Promise<void> = Promise.resolve();
  let scheduled: NodeJS.Timeout | null = null;
  let forgotAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  const stops: (() => void)[] = [];

  /** One look at a time, each after the one before. */
  function look(): Promise<void> {
    const next = looking.then(lookOnce);
    looking = next.catch((error: unknown) => {
      if (stopping) return;
      if (isDiskFull(error))
        logger.error({ err: error }, "the disk is full; alerts are not stored");
      else deps.onFatal(error);
    });
    return next;
  }

  function wakeIn(ms: number): void {
    if (stopping || scheduled !== null) return;
    scheduled = setTimeout(() => {
      scheduled = null;
      void look().catch(() => undefined);
    }, ms);
  }
  const wake = (): void => wakeIn(PAUSE_MS);
  /** What was delivered is soon on record: until then a crash would deliver it again. */
  const wakeSoon = (): void => wakeIn(SOON_MS);

  async function lookOnce(): Promise<void> {
    if (parts === null) return;
    const { store, inputs, desk, outbox } = parts;
    for (const news of await inputs.readFacts()) await desk.take(news, now());
    for (;;) {
      const { news, isEnd } = await inputs.readCommits();
      for (const each of news) await desk.take(each, now());
      if (isEnd) break;
      // A long way to catch up is stored in steps; nothing is said before its end is known.
      if (store.isDirty) await store.flush(inputs.cursor);
    }
    await desk.settle(now());
    try {
      // The cursor alone is not worth a flush: what lies behind it brought no news.
      if (store.isDirty) await store.flush(inputs.cursor);
      if (now() - forgotAt > FORGET_EVERY_MS) {
        forgotAt = now();
        await store.forget(now() - durationOf(settings.keep), inputs.cursor);
      }
    } finally {
      // Should the disk be full, to tell somebody twice is better than to tell nobody.
      outbox.send();
    }
  }

  return {
    async start() {
      const store = await NotifyStore.open(deps.stage);
      const inputs = await InputFollower.start({ log, outputs }, store.cursor);
      const { registry } = inputs;
      parts = {
        store,
        inputs,
        desk: new AlertDesk({
          ...deps,
          store,
          registry,
          partitions: log.partitions,
          policy: alertPolicyOf(settings),
          publicUrl: deps.publicUrl.replace(/\/+$/, ""),
        }),
        outbox: new Outbox({
          ...deps,
          store,
          registry,
          attemptsMax: settings.attemptsMax,
          changed: wakeSoon,
        }),
      };
      await look();
      const timer = setInterval(wake, LOOK_EVERY_MS);
      stops.push(outputs.onCommitted(wake), log.onAppended(wake), () => clearInterval(timer));
      if (settings.heartbeatUrl !== "")
        stops.push(
          startHeartbeat({
            ...deps,
            url: new URL(settings.heartbeatUrl),
            everyMs: durationOf(settings.heartbeatEvery),
            timeoutMs: durationOf(settings.timeout),
            vitals: async () => {
              const { commits, records } = await inputs.lag();
              return { logEnd: await log.end(0), lagRecords: records, lagCommits: commits };
            },
          }).stop,
        );
    },
    async stop() {
      stopping = true;
      for (const stop of stops) stop();
      if (scheduled !== null) clearTimeout(scheduled);
      await looking;
      await parts?.outbox.stop();
      if (parts?.store.isDirty === true) await parts.store.flush(parts.inputs.cursor);
      deps.channels.webhook.close();
      deps.channels.email.close();
    },
    async health() {
      if (parts === null) return { ok: false, detail: "starting" };
      const { commits } = await parts.inputs.lag();
      metrics.set("unbroken_notifier_lag_commits", commits);
      const alerts = [...parts.store.alerts.values()].filter(({ phase }) => phase !== "ended");
      const waiting = [...parts.store.parcels.values()];
      const failing = waiting.filter(({ attempts }) => attempts >= 2).length;
      const failed = await parts.store.failuresSince(now() - DAY, FAILURES_COUNTED);
      const isAnybody = [...parts.inputs.registry.recipients.values()].some(({ active }) => active);
      const troubles = failing === 0 ? "" : `, ${failing} of them failed twice or more`;
      return {
        ok: commits < LAG_COMMITS_MAX,
        detail: `${isAnybody ? "" : "nobody is declared to be told; "}${alerts.length} alerts open, ${waiting.length} deliveries wait${troubles}, ${failed} were given up in 24 hours, ${commits} commits behind`,
      };
    },
    look,
  };
}
