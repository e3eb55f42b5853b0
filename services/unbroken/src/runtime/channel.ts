import type { MessagePort, Worker } from "node:worker_threads";
import { UnbrokenError, isCode } from "@unbroken/errors";

/** Answers a question; what it throws is told to whoever asked. */
export type Handle = (what: string, payload: unknown) => unknown;

export interface Failure {
  readonly code: string | null;
  readonly message: string;
}

type Wire =
  | { readonly type: "ask"; readonly id: number; readonly what: string; readonly payload: unknown }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly failure: Failure };

/** Questions and answers between two threads. Errors keep their code on the way. */
export class Channel {
  readonly #port: MessagePort | Worker;
  readonly #handle: Handle;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
  >();
  #next = 0;

  constructor(port: MessagePort | Worker, handle: Handle) {
    this.#port = port;
    this.#handle = handle;
    port.on("message", (message: Wire) => void this.#receive(message));
  }

  ask(what: string, payload: unknown = null): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ type: "ask", id, what, payload });
    });
  }

  /** The other side is gone: whoever still waits for it is told. */
  abandon(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #receive(message: Wire): Promise<void> {
    if (message.type === "ask") {
      try {
        const value = await this.#handle(message.what, message.payload);
        this.#post({ type: "answer", id: message.id, value });
      } catch (error) {
        this.#post({ type: "refusal", id: message.id, failure: failureOf(error) });
      }
      return;
    }
    const waiter = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "answer") waiter?.resolve(message.value);
    else waiter?.reject(errorOf(message.failure));
  }

  #post(message: Wire): void {
    this.#port.postMessage(message);
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof UnbrokenError) return { code: error.code, message: error.message };
  return {
    code: null,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

export function errorOf({ code, message }: Failure): Error {
  return code !== null && isCode(code) ? new UnbrokenError(code, message) : new Error(message);
}
