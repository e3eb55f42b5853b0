import type { MessagePort } from "node:worker_threads";
import { UnbrokenError } from "@unbroken/errors";
import { partitionOf } from "../partition-of.ts";
import type { LogAppender } from "../port.ts";
import type { NewRecord } from "../record.ts";
import { BatchPacker, packedBytesMax } from "./batch.ts";
import { revivedError, type FromWriter, type ToWriter } from "./writer-protocol.ts";

/** All that another thread needs to append to and read the log. Post it with its `port` in the transfer list. */
export interface EmbeddedLogHandle {
  readonly dir: string;
  readonly partitions: number;
  readonly port: MessagePort;
  /** Bytes of all threads that wait for the disk, in one 32-bit word. */
  readonly waiting: SharedArrayBuffer;
  readonly lingerMs: number;
  readonly groupMax: number;
  readonly pendingBytesMax: number;
}

/** A slice is handed over early when it has grown to this; larger appends travel alone. */
const SLICE_BYTES_MAX = 1_048_576;

interface Waiter {
  readonly resolve: (offset: number) => void;
  readonly reject: (error: UnbrokenError) => void;
  /** The partition of the append's last record and its index in the slice. */
  readonly partition: number;
  readonly index: number;
}

/** What was handed to the writer at once. */
interface Slice {
  readonly waiters: readonly Waiter[];
  readonly bytes: number;
  /** For each batch the partition that it is for. */
  readonly partitions: readonly number[];
}

/**
 * The caller's side. The appends of a short while are packed into one buffer for each partition and handed over in one
 * message, so that a record costs a copy and a checksum, not a message between threads nor a row in a table.
 */
export class PortAppender implements LogAppender {
  readonly #handle: EmbeddedLogHandle;
  readonly #port: MessagePort;
  readonly #waiting: Int32Array;
  readonly #packers: readonly BatchPacker[];
  readonly #linger: NodeJS.Timeout;
  #waiters: Waiter[] = [];
  #records = 0;
  #bytes = 0;
  #receivedAt = 0;
  #slices = new Map<number, Slice>();
  #nextSlice = 0;
  #ended: UnbrokenError | null = null;

  constructor(handle: EmbeddedLogHandle) {
    this.#handle = handle;
    this.#port = handle.port;
    this.#waiting = new Int32Array(handle.waiting);
    this.#packers = Array.from({ length: handle.partitions }, (_, p) => new BatchPacker(p));
    // One timer for all slices, never cleared (that would make it unusable): with nothing packed it does nothing.
    this.#linger = setTimeout(() => this.flush(), handle.lingerMs);
  }

  append(records: readonly NewRecord[]): Promise<number> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const sizes = records.map(packedBytesMax);
      const bytes = this.#bytesOf(records, sizes);
      if (this.#isBusy(bytes)) {
        reject(new UnbrokenError("UB_LOG_BUSY"));
        return;
      }
      Atomics.add(this.#waiting, 0, bytes);
      this.#bytes += bytes;
      this.#waiters.push({ resolve, reject, ...this.#pack(records, sizes) });
      if (this.#records >= this.#handle.groupMax || this.#bytes >= SLICE_BYTES_MAX) this.flush();
      else if (this.#waiters.length === 1) this.#linger.refresh();
    });
  }

  /** Hands over what was packed. */
  flush(): void {
    if (this.#waiters.length === 0) return;
    const id = this.#nextSlice++;
    const batches = this.#packers.filter(({ count }) => count > 0).map((packer) => packer.take());
    this.#slices.set(id, {
      waiters: this.#waiters,
      bytes: this.#bytes,
      partitions: batches.map(({ partition }) => partition),
    });
    const message: ToWriter = {
      kind: "append",
      id,
      records: this.#records,
      receivedAt: this.#receivedAt,
      batches,
    };
    this.#port.postMessage(
      message,
      batches.map(({ bytes }) => bytes.buffer),
    );
    this.#waiters = [];
    this.#records = 0;
    this.#bytes = 0;
  }

  /** Whether an append has not been answered yet. */
  get isWaiting(): boolean {
    return this.#waiters.length > 0 || this.#slices.size > 0;
  }

  /** Takes the writer's answer to one of our slices. */
  settle(message: FromWriter & { kind: "done" | "failed" }): void {
    const slice = this.#slices.get(message.id);
    if (slice === undefined) return;
    this.#slices.delete(message.id);
    Atomics.sub(this.#waiting, 0, slice.bytes);
    if (message.kind === "failed") {
      const error = revivedError(message.error);
      for (const { reject } of slice.waiters) reject(error);
      return;
    }
    const firsts = new Array<number>(this.#handle.partitions).fill(0);
    for (const [i, partition] of slice.partitions.entries())
      firsts[partition] = message.firsts[i] ?? 0;
    for (const { resolve, partition, index } of slice.waiters)
      resolve((firsts[partition] ?? 0) + index);
  }

  /** From now on everything is refused; what was not answered is as well, for it is not known to be kept. */
  end(error: UnbrokenError): void {
    this.#ended ??= error;
    const unanswered = [...this.#slices.values()];
    this.#slices.clear();
    Atomics.sub(
      this.#waiting,
      0,
      unanswered.reduce((sum, { bytes }) => sum + bytes, this.#bytes),
    );
    for (const { waiters } of unanswered) for (const { reject } of waiters) reject(error);
    for (const { reject } of this.#waiters) reject(error);
    this.#waiters = [];
    this.#bytes = 0;
  }

  /** Refuses new appends; those that were accepted go on. */
  refuse(error: UnbrokenError): void {
    this.flush();
    this.#ended ??= error;
  }

  #bytesOf(records: readonly NewRecord[], sizes: readonly number[]): number {
    if (records.length === 0) throw new RangeError("an append needs a record");
    let bytes = 0;
    for (const [i, { topic }] of records.entries())
      bytes += (sizes[i] ?? 0) * (topic === "ticks" ? this.#handle.partitions : 1);
    return bytes;
  }

  // An append that is larger than the limit alone is let through when nothing else waits: it could never succeed otherwise.
  #isBusy(bytes: number): boolean {
    const waiting = Atomics.load(this.#waiting, 0);
    return waiting > 0 && waiting + bytes > this.#handle.pendingBytesMax;
  }

  #pack(
    records: readonly NewRecord[],
    sizes: readonly number[],
  ): Pick<Waiter, "partition" | "index"> {
    let partition = 0;
    let index = 0;
    for (const [i, record] of records.entries()) {
      const size = sizes[i] ?? 0;
      if (record.topic === "ticks") {
        const indexes = this.#packers.map((packer) => packer.add(record, size));
        partition = 0;
        index = indexes[0] ?? 0;
        this.#records += indexes.length;
      } else {
        partition = partitionOf(record.key, this.#handle.partitions);
        index = this.#packers[partition]?.add(record, size) ?? 0;
        this.#records += 1;
      }
      this.#receivedAt = record.receivedAt;
    }
    return { partition, index };
  }
}
