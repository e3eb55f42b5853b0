import type { FeedMessage, FeedRequest } from "@unbroken/model";
import { waitBefore } from "./backoff.ts";

export type ConnectionStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** `since` and `retryAt` by this browser's clock, epoch ms. */
  | { readonly kind: "lost"; readonly since: number; readonly retryAt: number };

export interface FeedConnectionDeps {
  readonly url: string;
  /** Where the last connection left off. */
  readonly position: () => { readonly epoch: string; readonly revision: number } | null;
  readonly onMessage: (message: FeedMessage) => void;
  readonly onStatus: (status: ConnectionStatus) => void;
  /** Each time a try failed before it opened: the session may be over. */
  readonly onRefused: () => void;
}

/** The server beats every 10 s; two beats and a half without a word is a dead line. */
const SILENCE_MAX_MS = 25_000;

/** Keeps one websocket to the feed alive: subscribes, resumes after a drop, waits longer each time it fails. */
export class FeedConnection {
  readonly #deps: FeedConnectionDeps;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #lostSince: number | null = null;
  #retry: number | undefined;
  #watchdog: number | undefined;
  #stopped = true;

  constructor(deps: FeedConnectionDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#deps.onStatus({ kind: "connecting" });
    window.addEventListener("online", this.#tryNow);
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    window.removeEventListener("online", this.#tryNow);
    window.clearTimeout(this.#retry);
    window.clearTimeout(this.#watchdog);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  /** Does not wait for the next try. */
  tryNow(): void {
    this.#tryNow();
  }

  readonly #tryNow = (): void => {
    if (this.#stopped || this.#socket !== null) return;
    window.clearTimeout(this.#retry);
    this.#open();
  };

  #open(): void {
    const socket = new WebSocket(this.#deps.url);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      socket.send(JSON.stringify(this.#subscription()));
      this.#watch(socket);
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#watch(socket);
      if (typeof data === "string") this.#receive(data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (!opened) this.#deps.onRefused();
      this.#lose();
    };
  }

  #subscription(): FeedRequest {
    const resume = this.#deps.position();
    return resume === null ? { type: "subscribe" } : { type: "subscribe", resume };
  }

  #receive(data: string): void {
    const message = JSON.parse(data) as FeedMessage;
    if (import.meta.env.DEV) void checkInDevelopment(message);
    this.#deps.onMessage(message);
    if (message.type === "error") return;
    this.#attempt = 0;
    this.#lostSince = null;
    this.#deps.onStatus({ kind: "live" });
  }

  #lose(): void {
    if (this.#stopped) return;
    window.clearTimeout(this.#watchdog);
    const now = Date.now();
    this.#lostSince ??= now;
    const wait = waitBefore(this.#attempt, Math.random());
    this.#attempt += 1;
    this.#deps.onStatus({ kind: "lost", since: this.#lostSince, retryAt: now + wait });
    this.#retry = window.setTimeout(() => this.#open(), wait);
  }

  // A line that is dead without a FIN never closes by itself.
  #watch(socket: WebSocket): void {
    window.clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      socket.close();
      this.#lose();
    }, SILENCE_MAX_MS);
  }
}

async function checkInDevelopment(message: FeedMessage): Promise<void> {
  const { FeedMessage: schema } = await import("@unbroken/model");
  const result = schema.safeParse(message);
  if (!result.success) console.error("a feed message breaks the contract", result.error.issues);
}
