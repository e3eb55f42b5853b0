import { receiveMessageOnPort } from "node:worker_threads";
import { UnbrokenError } from "@unbroken/errors";
import type { LogAppender, LogReader } from "../port.ts";
import type { LogRecord, NewRecord } from "../record.ts";
import { PortAppender, type EmbeddedLogHandle } from "./appender.ts";
import { FolderReader } from "./reader.ts";
import { revivedError, type FromWriter, type ToWriter } from "./writer-protocol.ts";

interface ClientOptions {
  readonly onFlush?: (seconds: number, records: number) => void;
  readonly onFatal?: (error: UnbrokenError) => void;
}

interface Trimming {
  readonly resolve: (first: number) => void;
  readonly reject: (error: UnbrokenError) => void;
}

/** One thread's end of the log: appends go to the writer's port, reads straight to the files. */
export class LogClient implements LogAppender, LogReader {
  readonly #handle: EmbeddedLogHandle;
  readonly #options: ClientOptions;
  readonly #appender: PortAppender;
  readonly #reader: FolderReader;
  readonly #listeners = new Set<() => void>();
  readonly #trims = new Map<number, Trimming>();
  #nextTrim = -1;
  #isFollowing = false;
  #readerOpen = true;
  #isFailed = false;
  #isEnded = false;
  #drained: (() => void) | null = null;

  constructor(handle: EmbeddedLogHandle, options: ClientOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#reader = new FolderReader(handle.dir);
    this.#appender = new PortAppender(handle);
    handle.port.on("message", (message: FromWriter) => this.#receive(message));
    handle.port.on("close", () => this.#portClosed());
    this.#refOrUnref();
  }

  get partitions(): number {
    return this.#handle.partitions;
  }

  append(records: readonly NewRecord[]): Promise<number> {
    const appended = this.#appender.append(records);
    this.#refOrUnref();
    return appended;
  }

  read(partition: number, offset: number, max: number): Promise<readonly LogRecord[]> {
    return this.#reading((reader) => reader.read(partition, offset, max));
  }

  readFacts(partition: number, offset: number, max: number): Promise<readonly LogRecord[]> {
    return this.#reading((reader) => reader.readFacts(partition, offset, max));
  }

  end(partition: number): Promise<number> {
    return this.#reading((reader) => reader.end(partition));
  }

  onAppended(listener: () => void): () => void {
    // A listener that is added twice is called twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    if (!this.#isFollowing) {
      this.#isFollowing = true;
      this.#send({ kind: "follow" });
    }
    this.#refOrUnref();
    return () => {
      this.#listeners.delete(own);
      this.#refOrUnref();
    };
  }

  trim(partition: number, offset: number): Promise<number> {
    if (!this.#readerOpen) return Promise.reject(new UnbrokenError("UB_LOG_CLOSED"));
    const id = this.#nextTrim--;
    return new Promise((resolve, reject) => {
      this.#trims.set(id, { resolve, reject });
      this.#send({ kind: "trim", id, partition, offset });
      this.#refOrUnref();
    });
  }

  /** The owner's: the writer keeps what it was handed, lets go of the folder and ends. */
  askToClose(): void {
    this.#appender.refuse(new UnbrokenError("UB_LOG_CLOSED"));
    // Before the writer closes its files: the last connection to a file tidies its write-ahead log away.
    this.#closeReader();
    this.#send({ kind: "close" });
  }

  /** Another thread's: waits for its own appends and lets go of its port and files. */
  async detach(): Promise<void> {
    this.#appender.refuse(new UnbrokenError("UB_LOG_CLOSED"));
    if (this.#appender.isWaiting) await new Promise<void>((done) => (this.#drained = done));
    this.closed();
  }

  /** The writer is gone or not needed any more. */
  closed(): void {
    this.#hearTheRest();
    this.#end(new UnbrokenError("UB_LOG_CLOSED"));
    this.#handle.port.close();
  }

  /** The writer's thread died of something that it did not expect. */
  fail(error: unknown): void {
    this.#hearTheRest();
    const message = error instanceof Error ? error.message : String(error);
    this.#fatal(new UnbrokenError("UB_STORE_IO", `the writer of the log died: ${message}`));
  }

  // The end of a thread may be heard before the last that it said.
  #hearTheRest(): void {
    const { port } = this.#handle;
    for (
      let next = receiveMessageOnPort(port);
      next !== undefined;
      next = receiveMessageOnPort(port)
    )
      this.#receive(next.message as FromWriter);
  }

  #receive(message: FromWriter): void {
    switch (message.kind) {
      case "done":
      case "failed":
        this.#settle(message);
        break;
      case "appended":
        this.#notify();
        break;
      case "trimmed":
        this.#trims.get(message.id)?.resolve(message.first);
        this.#trims.delete(message.id);
        break;
      case "flushed":
        for (let i = 0; i + 1 < message.samples.length; i += 2)
          this.#options.onFlush?.(message.samples[i] ?? 0, message.samples[i + 1] ?? 0);
        break;
      case "fatal":
        this.#fatal(revivedError(message.error));
        break;
      case "closed":
        this.#end(new UnbrokenError("UB_LOG_CLOSED"));
        break;
      case "opened":
      case "refused":
        break;
    }
    this.#refOrUnref();
  }

  #settle(message: FromWriter & { kind: "done" | "failed" }): void {
    const trim = message.kind === "failed" ? this.#trims.get(message.id) : undefined;
    if (trim !== undefined && message.kind === "failed") {
      this.#trims.delete(message.id);
      trim.reject(revivedError(message.error));
      return;
    }
    this.#appender.settle(message);
    if (message.kind === "done") this.#notify();
    if (!this.#appender.isWaiting) this.#drained?.();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #fatal(error: UnbrokenError): void {
    if (this.#isFailed) return;
    this.#isFailed = true;
    this.#appender.end(error);
    for (const { reject } of this.#trims.values()) reject(error);
    this.#trims.clear();
    this.#drained?.();
    this.#options.onFatal?.(error);
  }

  // Without a word of farewell: the writer's thread is gone, and what became of unanswered appends is not known.
  #portClosed(): void {
    if (!this.#isEnded)
      this.#fatal(new UnbrokenError("UB_STORE_IO", "the writer of the log is gone"));
  }

  #end(error: UnbrokenError): void {
    this.#isEnded = true;
    this.#appender.end(error);
    for (const { reject } of this.#trims.values()) reject(error);
    this.#trims.clear();
    this.#listeners.clear();
    this.#drained?.();
    this.#closeReader();
  }

  #closeReader(): void {
    if (!this.#readerOpen) return;
    this.#readerOpen = false;
    this.#reader.close();
  }

  #reading<T>(work: (reader: FolderReader) => T): Promise<T> {
    return new Promise((resolve) => {
      if (!this.#readerOpen) throw new UnbrokenError("UB_LOG_CLOSED");
      resolve(work(this.#reader));
    });
  }

  #send(message: ToWriter): void {
    this.#handle.port.postMessage(message);
  }

  // A thread that neither waits nor listens may end.
  #refOrUnref(): void {
    const isNeeded = this.#appender.isWaiting || this.#listeners.size > 0 || this.#trims.size > 0;
    if (isNeeded) this.#handle.port.ref();
    else this.#handle.port.unref();
  }
}
