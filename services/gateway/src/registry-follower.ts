import type { LogReader } from "@unbroken/event-log";
import { Fact, RegistryBuilder, type Registry } from "@unbroken/model";
import type { Logger } from "@unbroken/observability";

export type FactSource = Pick<LogReader, "readFacts" | "onAppended" | "partitions">;

/** Appends come by the hundred a second; facts are rare. Looking this often keeps both cheap, in ms. */
const LOOK_EVERY_MS = 100;
const FACTS_PER_READ = 1_000;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Keeps the registry of devices as the facts in the log say, a moment behind them. */
export class RegistryFollower {
  readonly #source: FactSource;
  readonly #logger: Logger;
  readonly #onChanged: () => void;
  readonly #builder = new RegistryBuilder();
  readonly #next: number[];
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #refreshing: Promise<void> | null = null;
  #stopListening: (() => void) | null = null;
  #stopped = false;

  constructor(source: FactSource, logger: Logger, onChanged: () => void) {
    this.#source = source;
    this.#logger = logger;
    this.#onChanged = onChanged;
    this.#next = Array.from({ length: source.partitions }, () => 0);
  }

  get registry(): Registry {
    return this.#builder;
  }

  /** Resolves when all facts that are in the log now are known. */
  async start(): Promise<void> {
    this.#stopListening = this.#source.onAppended(() => {
      this.#lookSoon();
    });
    await this.#look();
  }

  /** Resolves when all facts that were in the log at the call are known. However many ask, one look is under way. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#lookNext().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening?.();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  #lookSoon(): void {
    if (this.#timer !== null || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#lookNext().catch((error: unknown) => {
        this.#logger.error({ err: error }, "facts could not be read; trying again");
        this.#lookSoon();
      });
    }, LOOK_EVERY_MS);
  }

  /** One look at a time: each goes on where the one before it ended. */
  #lookNext(): Promise<void> {
    const next = this.#looking.then(() => this.#look());
    this.#looking = next.catch(() => undefined);
    return next;
  }

  async #look(): Promise<void> {
    let changed = false;
    for (let partition = 0; partition < this.#source.partitions; partition++) {
      for (;;) {
        const from = this.#next[partition] ?? 0;
        const records = await this.#source.readFacts(partition, from, FACTS_PER_READ);
        const last = records.at(-1);
        if (last === undefined) break;
        for (const record of records) this.#apply(record.body, partition, record.offset);
        this.#next[partition] = last.offset + 1;
        changed = true;
      }
    }
    if (changed && !this.#stopped) this.#onChanged();
  }

  #apply(body: Uint8Array, partition: number, offset: number): void {
    try {
      this.#builder.apply(Fact.parse(JSON.parse(utf8.decode(body))));
    } catch (error) {
      // A fact that a newer version wrote must not lock every device out.
      this.#logger.error(
        { err: error, partition, offset },
        "a fact cannot be understood; passed over",
      );
    }
  }
}
