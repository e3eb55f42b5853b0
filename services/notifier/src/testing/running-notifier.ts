import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Settings } from "@unbroken/config";
import type { EventLog, OutputRecord, StageStore } from "@unbroken/event-log";
import { openEmbeddedLog, openStageStore } from "@unbroken/event-log/embedded";
import { Fact, entityOf, keyOf, type Alert, type Judgement, type Statement } from "@unbroken/model";
import { createLogger, createMetrics, type Metrics } from "@unbroken/observability";
import { EpochMs } from "@unbroken/units";
import { buildNotifier, type Notifier } from "../build-notifier.ts";
import { emailChannel } from "../channel/email-channel.ts";
import { webhookChannel } from "../channel/webhook-channel.ts";
import { notifyKey } from "../notify-key.ts";
import { STORY_START, minute } from "./alert-story.ts";

export const KEY = notifyKey(Buffer.alloc(32, 7));

/** A notifier over real stores and channels, with a clock that the test moves. */
export class RunningNotifier {
  readonly dir = mkdtempSync(join(tmpdir(), "unbroken-notifier-"));
  readonly #settings: Settings["notify"];
  #log!: EventLog;
  #processor!: StageStore;
  #own!: StageStore;
  #notifier!: Notifier;
  #judged = 0;
  #facts = 0;
  now = STORY_START;
  metrics: Metrics = createMetrics();
  failure: unknown = null;

  private constructor(settings: Readonly<Record<string, unknown>>) {
    this.#settings = Settings.parse({
      notify: {
        publicUrl: "https://cold.example",
        plainHttp: true,
        privateHosts: ["127.0.0.1"],
        timeout: "PT2S",
        ...settings,
      },
    }).notify;
  }

  static async start(settings: Readonly<Record<string, unknown>> = {}): Promise<RunningNotifier> {
    const running = new RunningNotifier(settings);
    running.#log = await openEmbeddedLog({ dir: join(running.dir, "log"), lingerMs: 0 });
    running.#processor = await openStageStore({ dir: join(running.dir, "log"), partitions: 1 });
    await running.#begin();
    return running;
  }

  async #begin(): Promise<void> {
    this.#own = await openStageStore({
      dir: join(this.dir, "notify"),
      partitions: 1,
      name: "alerts",
    });
    const rules = {
      timeoutMs: 2_000,
      plainHttp: this.#settings.plainHttp,
      privateHosts: new Set(this.#settings.privateHosts),
    };
    this.#notifier = buildNotifier({
      settings: this.#settings,
      log: this.#log,
      outputs: this.#processor,
      stage: this.#own,
      channels: {
        webhook: webhookChannel({ key: KEY, rules, version: "0" }),
        email: emailChannel(this.#settings),
      },
      key: KEY,
      publicUrl: this.#settings.publicUrl,
      version: "0",
      logger: createLogger("notifier", "silent"),
      metrics: this.metrics,
      now: () => EpochMs(this.now),
      random: () => 0.5,
      onFatal: (error) => {
        this.failure = error;
      },
    });
    await this.#notifier.start();
  }

  /** Facts that people state at a minute. */
  async state(at: number, ...statements: readonly Statement[]): Promise<void> {
    this.now = minute(at);
    const records = statements.map((statement) => {
      const fact = Fact.parse({
        id: `f${this.#facts++}`,
        organisation: "acme",
        effectiveFrom: minute(at),
        statedAt: minute(at),
        statedBy: "admin",
        statement,
      });
      return {
        topic: "facts" as const,
        organisation: "acme",
        key: keyOf("acme", entityOf(statement)),
        receivedAt: EpochMs(minute(at)),
        clock: "steady" as const,
        body: Buffer.from(JSON.stringify(fact)),
      };
    });
    await this.#log.append(records);
    await this.#notifier.look();
  }

  /** The processor judges at a minute, in one commit. */
  async judge(at: number, ...judgements: readonly Judgement[]): Promise<void> {
    this.now = minute(at);
    await this.#commit(at, judgements);
    await this.#notifier.look();
  }

  /** As `judge`, without the notifier noticing. */
  async #commit(at: number, judgements: readonly Judgement[]): Promise<void> {
    // Each commit of the processor takes in something of the log, be it a tick.
    await this.#log.append([
      {
        topic: "ticks",
        organisation: "",
        key: "",
        receivedAt: EpochMs(minute(at)),
        clock: "steady",
        body: new Uint8Array(),
      },
    ]);
    await this.#commitUpTo(await this.#log.end(0), at, judgements);
  }

  async #commitUpTo(end: number, at: number, judgements: readonly Judgement[]): Promise<void> {
    const from = this.#judged;
    this.#judged = end;
    const outputs = judgements.map((judgement): OutputRecord => {
      const record = { organisation: "acme", judgedAt: minute(at), judgement };
      const body = Buffer.from(JSON.stringify(record));
      return { topic: "judgements", organisation: "acme", key: "acme/cold", body };
    });
    await this.#processor.commit({ partition: 0, from, to: this.#judged, state: [], outputs });
  }

  /** Only time passes. */
  async pass(untilMinute: number): Promise<void> {
    this.now = minute(untilMinute);
    await this.#notifier.look();
  }

  /** Kills the notifier: nothing is flushed any more; and starts it anew over what is on disk. */
  async crash(): Promise<void> {
    await this.#own.close();
    await this.#notifier.stop().catch(() => undefined);
    this.failure = null;
    await this.#begin();
  }

  /** The processor's state is deleted and built again from the log: its commits are numbered anew. */
  async rebuild(at: number, ...judgements: readonly Judgement[]): Promise<void> {
    await this.#own.close();
    await this.#notifier.stop().catch(() => undefined);
    await this.#processor.reset();
    const end = this.#judged;
    this.#judged = 0;
    this.failure = null;
    await this.#commitUpTo(end, at, judgements);
    this.now = minute(at);
    await this.#begin();
  }

  async alerts(): Promise<readonly Alert[]> {
    const rows: Alert[] = [];
    for (const prefix of ["past/", "cause/"])
      for (const [, row] of await this.#own.scanState(0, prefix, null, 1_000))
        rows.push(JSON.parse(Buffer.from(row).toString()) as Alert);
    return rows;
  }

  health(): ReturnType<Notifier["health"]> {
    return this.#notifier.health();
  }

  async stop(): Promise<void> {
    await this.#notifier.stop();
    await this.#own.close();
    await this.#processor.close();
    await this.#log.close();
    rmSync(this.dir, { recursive: true });
    if (this.failure !== null) throw new Error("the notifier failed", { cause: this.failure });
  }
}

export function recipient(
  change: Partial<Extract<Statement, { kind: "recipient-declared" }>> &
    Pick<Extract<Statement, { kind: "recipient-declared" }>, "channel">,
): Statement {
  return {
    kind: "recipient-declared",
    recipient: "night-shift",
    language: "en",
    minUrgency: "low",
    active: true,
    ...change,
  };
}
