import { UnbrokenError, type Code } from "@unbroken/errors";
import type { LogAppender, NewRecord } from "@unbroken/event-log";
import type { DurationMs } from "@unbroken/units";

/** One message between its arrival and its acknowledgement. */
export interface Held {
  readonly record: NewRecord;
  /** Monotonic, in ms. */
  readonly arrivedAt: number;
  /** The message is on stable storage: acknowledge it. */
  acknowledge(): void;
  /** It will not be acknowledged: end its connection. */
  giveUp(code: Code): void;
  /** Whether its connection has ended, so that nobody waits for it any more. */
  isAbandoned(): boolean;
}

export interface AppendQueueDeps {
  readonly log: LogAppender;
  readonly holdMax: DurationMs;
  readonly monotonic: () => number;
  /** After each group that became durable. */
  readonly onDurable: (messages: number, bytes: number, oldestArrivedAt: number) => void;
  /** The log is dead: nothing will be acknowledged any more. Called once. */
  readonly onFatal: (error: unknown) => void;
}

export type LogState = "ok" | "full" | "busy" | "failed";

interface Group {
  held: readonly Held[];
  bytes: number;
  state: "asked" | "refused" | "durable";
}

/** Messages handed to the log in one call; the log joins calls into its own group commit. */
const GROUP_MAX = 1_024;
/** Groups that the log may have at once; it joins them, so this bounds only what a slow disk has to take back. */
const GROUPS_MAX = 16;
const RETRY_MS = 50;
const LOOK_FOR_EXPIRED_MS = 100;

/**
 * Appends what arrives, many messages to a call, and acknowledges in the order of arrival, each only after the log
 * has it on stable storage. A full or busy log is asked again, until a message has waited `holdMax`: then its
 * connection ends without an acknowledgement and the device sends it again. No timer and no promise per message.
 */
export class AppendQueue {
  readonly #deps: AppendQueueDeps;
  #waiting: Held[] = [];
  readonly #groups: Group[] = [];
  #isFlushScheduled = false;
  #isRetryScheduled = false;
  #state: LogState = "ok";
  #bytes = 0;
  #whenIdle: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: AppendQueueDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#giveUpExpired();
    }, LOOK_FOR_EXPIRED_MS);
  }

  get state(): LogState {
    return this.#state;
  }

  /** Bytes of messages that wait for their acknowledgement. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How long the oldest unacknowledged message has waited, in ms; 0 if none does. */
  oldestAgeMs(): number {
    const oldest = this.#groups[0]?.held[0] ?? this.#waiting[0];
    return oldest === undefined ? 0 : this.#deps.monotonic() - oldest.arrivedAt;
  }

  push(held: Held): void {
    if (this.#state === "failed") {
      held.giveUp("UB_STORE_IO");
      return;
    }
    this.#waiting.push(held);
    this.#bytes += held.record.body.length;
    if (this.#isFlushScheduled || this.#groups.length >= GROUPS_MAX) return;
    this.#isFlushScheduled = true;
    // All that this turn of the event loop reads from any socket goes in one call.
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  /** Resolves when nothing waits any more: each message was acknowledged or given up. */
  idle(): Promise<void> {
    if (this.#groups.length === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #flush(): void {
    // Behind a group that was refused nothing new is sent, or it would be stored before it.
    while (this.#waiting.length > 0 && this.#groups.length < GROUPS_MAX && this.#state === "ok") {
      const held =
        this.#waiting.length <= GROUP_MAX ? this.#waiting : this.#waiting.slice(0, GROUP_MAX);
      this.#waiting = held === this.#waiting ? [] : this.#waiting.slice(GROUP_MAX);
      const group: Group = { held, bytes: bytesOf(held), state: "asked" };
      this.#groups.push(group);
      this.#append(group);
    }
  }

  #append(group: Group): void {
    group.state = "asked";
    this.#deps.log.append(group.held.map((held) => held.record)).then(
      () => {
        group.state = "durable";
        this.#release();
      },
      (error: unknown) => {
        this.#refused(group, error);
      },
    );
  }

  /** Acknowledges from the head on, so that no acknowledgement overtakes an earlier one (MQTT 3.1.1 §4.6). */
  #release(): void {
    for (let head = this.#groups[0]; head?.state === "durable"; head = this.#groups[0]) {
      this.#groups.shift();
      this.#bytes -= head.bytes;
      const first = head.held[0];
      if (first !== undefined) this.#deps.onDurable(head.held.length, head.bytes, first.arrivedAt);
      for (const held of head.held) held.acknowledge();
    }
    if (this.#state === "full" || this.#state === "busy") this.#retry();
    this.#flush();
    this.#tellIdle();
  }

  #refused(group: Group, error: unknown): void {
    const code = error instanceof UnbrokenError ? error.code : "UB_STORE_IO";
    if (code !== "UB_LOG_FULL" && code !== "UB_LOG_BUSY") {
      this.#fail(error, code);
      return;
    }
    if (this.#state === "failed") return;
    group.state = "refused";
    this.#state = code === "UB_LOG_FULL" ? "full" : "busy";
    if (this.#isRetryScheduled) return;
    this.#isRetryScheduled = true;
    setTimeout(() => {
      this.#isRetryScheduled = false;
      if (this.#state !== "failed") this.#retry();
    }, RETRY_MS);
  }

  /** Asks again for the first group that was refused, alone, once no other is asked for. */
  #retry(): void {
    if (this.#isRetryScheduled || this.#groups.some(({ state }) => state === "asked")) return;
    const group = this.#groups.find(({ state }) => state === "refused");
    if (group === undefined) {
      this.#state = "ok";
      return;
    }
    // What nobody waits for any more would only take room on a disk that has none.
    const held = group.held.filter((each) => !each.isAbandoned());
    this.#bytes -= group.bytes;
    group.held = held;
    group.bytes = bytesOf(held);
    this.#bytes += group.bytes;
    if (held.length > 0) this.#append(group);
    else {
      group.state = "durable";
      this.#release();
    }
  }

  #fail(error: unknown, code: Code): void {
    if (this.#state === "failed") return;
    this.#state = "failed";
    const lost = [...this.#groups.flatMap((group) => group.held), ...this.#waiting];
    this.#groups.length = 0;
    this.#waiting = [];
    this.#bytes = 0;
    for (const held of lost) held.giveUp(code);
    this.#tellIdle();
    this.#deps.onFatal(error);
  }

  #giveUpExpired(): void {
    const latest = this.#deps.monotonic() - this.#deps.holdMax;
    const code: Code =
      this.#state === "full"
        ? "UB_LOG_FULL"
        : this.#state === "busy"
          ? "UB_LOG_BUSY"
          : "UB_LOG_APPEND";
    for (const list of [...this.#groups.map((group) => group.held), this.#waiting]) {
      for (const held of list) {
        if (held.arrivedAt > latest) return;
        if (!held.isAbandoned()) held.giveUp(code);
      }
    }
  }

  #tellIdle(): void {
    if (this.#groups.length > 0 || this.#waiting.length > 0) return;
    const tell = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of tell) resolve();
  }
}

function bytesOf(held: readonly Held[]): number {
  return held.reduce((sum, each) => sum + each.record.body.length, 0);
}
