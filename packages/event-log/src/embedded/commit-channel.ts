import { BroadcastChannel } from "node:worker_threads";

/** Tells all threads of this process that the stage in a file has committed. Does not keep a thread alive. */
export class CommitChannel {
  readonly #channel: BroadcastChannel;
  readonly #listeners = new Set<() => void>();

  constructor(path: string) {
    this.#channel = new BroadcastChannel(`unbroken-stage:${path}`);
    this.#channel.onmessage = () => this.#notify();
    this.#channel.unref();
  }

  /** The channel does not give back to its sender, so our own listeners are called here. */
  announce(): void {
    this.#channel.postMessage(null);
    queueMicrotask(() => this.#notify());
  }

  onCommitted(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): void {
    this.#listeners.clear();
    this.#channel.close();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
