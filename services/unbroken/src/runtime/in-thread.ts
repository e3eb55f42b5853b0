import { parentPort, workerData } from "node:worker_threads";
import { Channel, failureOf, type Handle } from "./channel.ts";

/** What runs in a thread, once it has started. */
export interface ThreadService {
  readonly handle: Handle;
  /** Lets go of everything, so that the thread can end. */
  readonly stop: () => Promise<void>;
}

export interface ThreadFrame {
  /** Asks the main thread. */
  readonly ask: (what: string, payload?: unknown) => Promise<unknown>;
  /** Says that the service cannot go on. */
  readonly fatal: (error: unknown) => void;
}

/** The frame of a service's thread. Questions that come before the service has started wait for it. */
export function runInThread(
  start: (data: unknown, frame: ThreadFrame) => Promise<ThreadService>,
): void {
  const port = parentPort;
  if (port === null) throw new Error("this module runs in a worker thread");
  const channel = new Channel(port, async (what, payload) => {
    const service = await started;
    if (what !== "stop") return service.handle(what, payload);
    await service.stop();
    setImmediate(() => process.exit(0));
    return null;
  });
  const fatal = (error: unknown): void => {
    void channel.ask("fatal", failureOf(error));
  };
  const started = start(workerData as unknown, {
    ask: (what, payload) => channel.ask(what, payload),
    fatal,
  });
  started.catch(fatal);
}
