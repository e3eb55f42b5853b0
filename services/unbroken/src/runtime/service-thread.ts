import { Worker, type Transferable } from "node:worker_threads";
import { Channel, errorOf, type Failure, type Handle } from "./channel.ts";

/** A service in a thread of its own. */
export interface ServiceThread {
  readonly name: string;
  ask(what: string, payload?: unknown): Promise<unknown>;
  /** Asks it to finish; ends it by force after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  kill(): Promise<void>;
}

interface ThreadOptions {
  readonly name: string;
  /** The module that runs in the thread, beside this file, without its extension. */
  readonly module: string;
  readonly data: unknown;
  readonly transfer: readonly Transferable[];
  /** What the thread may ask. */
  readonly handle?: Handle;
  /** The thread ended or failed without being asked to. */
  readonly onFailure: (error: Error) => void;
}

export function startThread({
  name,
  module,
  data,
  transfer,
  handle = () => null,
  onFailure,
}: ThreadOptions): ServiceThread {
  // Run from source the modules end in .ts, built ones in .js.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./${module}.${extension}`, import.meta.url), {
    name,
    workerData: data,
    transferList: [...transfer],
  });
  let ending = false;
  const channel = new Channel(worker, (what, payload) => {
    if (what !== "fatal") return handle(what, payload);
    if (!ending) onFailure(errorOf(payload as Failure));
    return null;
  });
  const ended = new Promise<void>((resolve) => {
    worker.once("error", (error: unknown) => {
      if (!ending) onFailure(error instanceof Error ? error : new Error(String(error)));
    });
    worker.once("exit", (code) => {
      const error = new Error(`${name} ended with ${code}`);
      channel.abandon(error);
      if (!ending) onFailure(error);
      resolve();
    });
  });
  return {
    name,
    ask: (what, payload) => channel.ask(what, payload),
    async stop(graceMs) {
      ending = true;
      const timer = setTimeout(() => void worker.terminate(), graceMs);
      channel.ask("stop").catch(() => undefined);
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      ending = true;
      await worker.terminate();
    },
  };
}
