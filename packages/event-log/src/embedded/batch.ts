import { crc32 } from "node:zlib";
import { UnbrokenError } from "@unbroken/errors";
import type { ClockState } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import { RECORD_SCHEMA, type InputTopic, type OutputTopic } from "../record.ts";

/**
 * A batch: the records of one partition that became durable together, as the one row that SQLite stores for them.
 * All integers little-endian.
 *
 *     head     0 u32 magic "UBG1"   4 u32 CRC-32 of 8…32   8 f64 first offset
 *             16 u32 partition     20 u32 records         24 u32 bytes in all   28 u32 zero
 *     record   0 u32 bytes in all   4 u32 CRC-32 of 8…end  8 u8 topic   9 u8 schema   10 u8 clock   11 u8 zero
 *             12 f64 receivedAt    20 u16 bytes of organisation   22 u16 bytes of key
 *             24 organisation (UTF-8), key (UTF-8), body
 *
 * CRC-32 as in ISO 3309 (zlib). The head binds the records to their place, so a row that moved is noticed too.
 */
const MAGIC = 0x31_47_42_55;
const BATCH_HEAD = 32;
const RECORD_HEAD = 24;
const CAPACITY_MIN = 4_096;
/** A u16 holds the length. */
const NAME_BYTES_MAX = 65_535;

type Topic = InputTopic | OutputTopic;

/** Stored: a number is never used again for something else. */
const topicCodes = {
  messages: 0,
  facts: 1,
  ticks: 2,
  readings: 16,
  judgements: 17,
  quarantine: 18,
} as const satisfies Record<Topic, number>;
const topics = new Map<number, Topic>(
  Object.entries(topicCodes).map(([topic, code]) => [code, topic as Topic]),
);
const clocks: readonly ClockState[] = ["steady", "stepped"];

/** Everything of a record but its place. */
export interface Unplaced {
  readonly topic: Topic;
  readonly organisation: string;
  readonly key: string;
  readonly receivedAt: EpochMs;
  readonly clock: ClockState;
  readonly body: Uint8Array;
}

export interface PlacedRecord extends Unplaced {
  readonly schema: number;
  readonly offset: number;
}

export interface PackedBatch {
  readonly partition: number;
  readonly count: number;
  /** How many of them are facts. */
  readonly facts: number;
  /** Owns its whole ArrayBuffer, so that it can be transferred to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The room that a record takes at the most; also checks what `add` could not store. @throws RangeError */
export function packedBytesMax(record: Unplaced): number {
  // UTF-8 takes at most three bytes for each UTF-16 unit.
  const organisation = record.organisation.length * 3;
  const key = record.key.length * 3;
  if (organisation > NAME_BYTES_MAX || key > NAME_BYTES_MAX)
    throw new RangeError("an organisation or key is longer than 21,845 characters");
  return RECORD_HEAD + organisation + key + record.body.byteLength;
}

/** Packs records one after the other; `take` hands the batch over and starts the next. */
export class BatchPacker {
  readonly #partition: number;
  #bytes = Buffer.alloc(0);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;
  #count = 0;
  #facts = 0;
  #capacity = CAPACITY_MIN;

  constructor(partition: number) {
    this.#partition = partition;
  }

  get count(): number {
    return this.#count;
  }

  /** `bytesMax` is `packedBytesMax` of the record. Returns the index of the record in its batch. */
  add(record: Unplaced, bytesMax: number): number {
    this.#reserve(bytesMax);
    const start = this.#used;
    const bytes = this.#bytes;
    let end = start + RECORD_HEAD;
    const organisationBytes = bytes.write(record.organisation, end, "utf8");
    end += organisationBytes;
    const keyBytes = bytes.write(record.key, end, "utf8");
    end += keyBytes;
    bytes.set(record.body, end);
    end += record.body.byteLength;
    const view = this.#view;
    view.setUint32(start, end - start, true);
    view.setUint8(start + 8, topicCodes[record.topic]);
    view.setUint8(start + 9, RECORD_SCHEMA);
    view.setUint8(start + 10, record.clock === "steady" ? 0 : 1);
    view.setUint8(start + 11, 0);
    view.setFloat64(start + 12, record.receivedAt, true);
    view.setUint16(start + 20, organisationBytes, true);
    view.setUint16(start + 22, keyBytes, true);
    view.setUint32(start + 4, crc32(bytes.subarray(start + 8, end)), true);
    this.#used = end;
    if (record.topic === "facts") this.#facts += 1;
    return this.#count++;
  }

  /** Takes over a record as another batch holds it, with the schema and checksum that it has there. */
  addPacked(record: Uint8Array): void {
    this.#reserve(record.byteLength);
    this.#bytes.set(record, this.#used);
    this.#used += record.byteLength;
    this.#count += 1;
  }

  take(): PackedBatch {
    this.#reserve(0);
    const packed: PackedBatch = {
      partition: this.#partition,
      count: this.#count,
      facts: this.#facts,
      bytes: new Uint8Array(this.#bytes.buffer, 0, this.#used),
    };
    // The next batch will be about as large; a buffer that is never written costs nothing but address space.
    this.#capacity = Math.max(CAPACITY_MIN, this.#used + (this.#used >>> 2));
    this.#bytes = Buffer.alloc(0);
    this.#used = 0;
    this.#count = 0;
    this.#facts = 0;
    return packed;
  }

  #reserve(bytes: number): void {
    const needed = Math.max(this.#used, BATCH_HEAD) + bytes;
    if (this.#used !== 0 && needed <= this.#bytes.byteLength) return;
    // Not `allocUnsafe`: that may lie in a shared pool, which cannot be transferred.
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#capacity, needed, this.#used * 2));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    this.#used = Math.max(this.#used, BATCH_HEAD);
  }
}

/** Writes the head, once the place of the batch is known. */
export function sealBatch(batch: PackedBatch, first: number): void {
  const { bytes } = batch;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(0, MAGIC, true);
  view.setFloat64(8, first, true);
  view.setUint32(16, batch.partition, true);
  view.setUint32(20, batch.count, true);
  view.setUint32(24, bytes.byteLength, true);
  view.setUint32(28, 0, true);
  view.setUint32(4, crc32(bytes.subarray(8, BATCH_HEAD)), true);
}

/** Where a batch was found, for errors and to hold its head against. */
export interface BatchPlace {
  readonly file: string;
  readonly partition: number;
  readonly first: number;
}

/** Walks over the records of one stored batch, verifying each that it gives out. */
export class BatchCursor {
  readonly #place: BatchPlace;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #position = BATCH_HEAD;
  #last = BATCH_HEAD;
  /** The offset of the record that `next` gives. */
  offset: number;
  /** The offset after the last record. */
  readonly end: number;

  /** @throws UB_LOG_CORRUPT if the head is not that of this place */
  constructor(bytes: Uint8Array<ArrayBuffer>, place: BatchPlace) {
    this.#place = place;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = place.first;
    if (bytes.byteLength < BATCH_HEAD) throw this.#corrupt("the head is cut short");
    const view = this.#view;
    if (
      view.getUint32(0, true) !== MAGIC ||
      view.getUint32(4, true) !== crc32(this.#bytes.subarray(8, BATCH_HEAD)) ||
      view.getFloat64(8, true) !== place.first ||
      view.getUint32(16, true) !== place.partition ||
      view.getUint32(24, true) !== bytes.byteLength
    )
      throw this.#corrupt("the head does not match its checksum or its place");
    this.end = place.first + view.getUint32(20, true);
  }

  /** Moves to the record with this offset without looking into those before it. */
  seek(offset: number): void {
    while (this.offset < offset && this.offset < this.end) {
      this.#position = this.#endOfRecord();
      this.offset += 1;
    }
  }

  /** The next record, or null after the last. @throws UB_LOG_CORRUPT, UB_LOG_NEWER */
  next(): PlacedRecord | null {
    if (this.offset >= this.end) return null;
    const start = this.#position;
    const end = this.#endOfRecord();
    const view = this.#view;
    if (view.getUint32(start + 4, true) !== crc32(this.#bytes.subarray(start + 8, end)))
      throw this.#corrupt("the record does not match its checksum");
    const schema = view.getUint8(start + 9);
    const topic = topics.get(view.getUint8(start + 8));
    const clock = clocks[view.getUint8(start + 10)];
    if (schema > RECORD_SCHEMA) throw this.#newer(schema);
    const keyAt = start + RECORD_HEAD + view.getUint16(start + 20, true);
    const bodyAt = keyAt + view.getUint16(start + 22, true);
    if (topic === undefined || clock === undefined || bodyAt > end)
      throw this.#corrupt("the record has a topic, clock or length that none has");
    const offset = this.offset;
    this.#last = start;
    this.#position = end;
    this.offset += 1;
    return {
      topic,
      schema,
      offset,
      clock,
      receivedAt: EpochMs(view.getFloat64(start + 12, true)),
      organisation: this.#bytes.toString("utf8", start + RECORD_HEAD, keyAt),
      key: this.#bytes.toString("utf8", keyAt, bodyAt),
      body: new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + bodyAt, end - bodyAt),
    };
  }

  /** The record that `next` gave last, as it is stored. */
  get lastBytes(): Uint8Array {
    return this.#bytes.subarray(this.#last, this.#position);
  }

  #endOfRecord(): number {
    const start = this.#position;
    if (start + RECORD_HEAD > this.#bytes.byteLength)
      throw this.#corrupt("the record is cut short");
    const length = this.#view.getUint32(start, true);
    if (length < RECORD_HEAD || start + length > this.#bytes.byteLength)
      throw this.#corrupt("the record is cut short");
    return start + length;
  }

  #corrupt(why: string): UnbrokenError {
    const { file, partition } = this.#place;
    return new UnbrokenError(
      "UB_LOG_CORRUPT",
      `${file}, partition ${partition}, offset ${this.offset}: ${why}`,
      { file, partition, offset: this.offset },
    );
  }

  #newer(schema: number): UnbrokenError {
    const { file, partition } = this.#place;
    return new UnbrokenError(
      "UB_LOG_NEWER",
      `${file}, partition ${partition}, offset ${this.offset}: schema ${schema}, known up to ${RECORD_SCHEMA}`,
      { file, partition, offset: this.offset, schema },
    );
  }
}
