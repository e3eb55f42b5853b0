import { resolve } from "node:path";
import {
  MessageChannel,
  Worker,
  receiveMessageOnPort,
  type MessagePort,
} from "node:worker_threads";
import { UnbrokenError } from "@unbroken/errors";
import type { EventLog, LogAppender, LogReader } from "../port.ts";
import type { EmbeddedLogHandle } from "./appender.ts";
import { LogClient } from "./log-client.ts";
import type { FromWriter, ToWriter, WriterStart } from "./writer-protocol.ts";
import { revivedError } from "./writer-protocol.ts";

export interface EmbeddedLogOptions {
  /** The folder of the log; created if it is not there. One process at a time may have it open. */
  readonly dir: string;
  /** How many partitions a new log gets (default 1). An existing log keeps its number and refuses another. */
  readonly partitions?: number;
  /** How long a group gathers from its first record on, in ms. Default 2. */
  readonly lingerMs?: number;
  /** Records in one group commit. Default 4096. */
  readonly groupMax?: number;
  /** Bytes that may wait for the disk, in all threads together; at most 1 GiB. Default 64 MiB. */
  readonly pendingBytesMax?: number;
  /** The most pages of 8 KiB that a day file may have; 0, the default: as many as the disk holds. */
  readonly pagesMax?: number;
  /** Told of each flush, four times a second at the most: how long commit and flush took, and of how many records. */
  readonly onFlush?: (seconds: number, records: number) => void;
  /** The disk failed (UB_STORE_IO): nothing is appended any more, and the process must end and recover. */
  readonly onFatal?: (error: UnbrokenError) => void;
}

/** The log in the thread that owns its writer. */
export interface EmbeddedLog extends EventLog {
  /** For one other thread: post it with `[handle.port]` as transfer list, and `attachEmbeddedLog` there. */
  handle(): EmbeddedLogHandle;
}

/** The log in another thread of the same process. */
export interface AttachedLog extends LogAppender, LogReader {
  /** Waits for what was appended here, and lets go. The log itself stays open. */
  close(): Promise<void>;
}

const PENDING_BYTES_MOST = 1_073_741_824;

/**
 * Opens the log and starts its writer.
 * @throws UB_LOG_LOCKED, UB_LOG_NEWER, UB_LOG_CORRUPT, UB_LOG_FULL, UB_STORE_IO, UB_SQLITE_TOO_OLD,
 *         UB_CONFIG_INVALID if the log has another number of partitions
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const dir = resolve(options.dir);
  const groupMax = options.groupMax ?? 4_096;
  const start: WriterStart = {
    options: { dir, partitions: options.partitions ?? null, pagesMax: options.pagesMax ?? 0 },
    groupMax,
    port: theirs,
  };
  const worker = new Worker(workerUrl(), { workerData: start, transferList: [theirs] });
  const exited = new Promise<void>((done) => worker.once("exit", () => done()));
  const partitions = await opened(ours, worker, exited);
  const handle: EmbeddedLogHandle = {
    dir,
    partitions,
    port: ours,
    waiting: new SharedArrayBuffer(4),
    lingerMs: options.lingerMs ?? 2,
    groupMax,
    pendingBytesMax: Math.min(options.pendingBytesMax ?? 67_108_864, PENDING_BYTES_MOST),
  };
  const client = new LogClient(handle, options);
  worker.on("error", (error) => client.fail(error));
  return {
    partitions,
    append: (records) => client.append(records),
    read: (partition, offset, max) => client.read(partition, offset, max),
    readFacts: (partition, offset, max) => client.readFacts(partition, offset, max),
    end: (partition) => client.end(partition),
    onAppended: (listener) => client.onAppended(listener),
    trim: (partition, offset) => client.trim(partition, offset),
    handle() {
      const { port1, port2 } = new MessageChannel();
      const attach: ToWriter = { kind: "attach", port: port1 };
      ours.postMessage(attach, [port1]);
      return { ...handle, port: port2 };
    },
    async close() {
      client.askToClose();
      await exited;
      client.closed();
    },
  };
}

/** Joins the log of another thread, through a handle that this thread alone was given. */
export function attachEmbeddedLog(
  handle: EmbeddedLogHandle,
  options: Pick<EmbeddedLogOptions, "onFatal"> = {},
): AttachedLog {
  const client = new LogClient(handle, options);
  return {
    partitions: handle.partitions,
    append: (records) => client.append(records),
    read: (partition, offset, max) => client.read(partition, offset, max),
    readFacts: (partition, offset, max) => client.readFacts(partition, offset, max),
    end: (partition) => client.end(partition),
    onAppended: (listener) => client.onAppended(listener),
    close: () => client.detach(),
  };
}

// The sources run as they are under type stripping, and compiled: the worker is the neighbour with the same ending.
function workerUrl(): URL {
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./writer-worker.${ending}`, import.meta.url);
}

/** Waits for the writer's first word: the number of partitions, or why the log cannot be opened. */
async function opened(port: MessagePort, worker: Worker, exited: Promise<void>): Promise<number> {
  const died = new Promise<never>((_, refused) => worker.once("error", refused));
  const first = new Promise<FromWriter>((done) => port.once("message", done));
  // Messages and the end of a thread are told on different ways, so the end may be heard first.
  const last = exited.then(() => receiveMessageOnPort(port)?.message as FromWriter | undefined);
  const message = await Promise.race([first, last, died]);
  if (message?.kind === "opened") return message.partitions;
  // Only when the thread is gone is the folder surely let go of.
  await exited;
  port.close();
  throw message?.kind === "refused"
    ? revivedError(message.error)
    : new UnbrokenError("UB_STORE_IO", "the writer of the log ended without a word");
}
