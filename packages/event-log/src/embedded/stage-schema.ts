import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { UnbrokenError } from "@unbroken/errors";
import type { OutputRecord, OutputTopic } from "../record.ts";
import { EpochMs } from "@unbroken/units";
import { BatchCursor, BatchPacker, packedBytesMax, sealBatch, type PlacedRecord } from "./batch.ts";
import { integer } from "./database.ts";

/**
 * One file for all that a stage knows. `number` counts the commits of all partitions together, so that pages of outputs
 * have one order; with one partition it equals the sequence. Outputs that people page through stand once more in
 * `kept`, which no trim of the commits touches.
 */
export const STAGE_SCHEMA = `
  CREATE TABLE settings(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE progress(
    partition INTEGER PRIMARY KEY, applied INTEGER NOT NULL, next_sequence INTEGER NOT NULL, trimmed_before INTEGER NOT NULL);
  CREATE TABLE state(
    partition INTEGER NOT NULL, key BLOB NOT NULL, crc INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (partition, key)) WITHOUT ROWID;
  CREATE TABLE commits(
    number INTEGER PRIMARY KEY, partition INTEGER NOT NULL, sequence INTEGER NOT NULL,
    from_offset INTEGER NOT NULL, to_offset INTEGER NOT NULL, outputs BLOB NOT NULL);
  CREATE UNIQUE INDEX commits_by_sequence ON commits(partition, sequence);
  CREATE TABLE kept(
    topic TEXT NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL, organisation TEXT NOT NULL,
    partition INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (topic, number, position)) WITHOUT ROWID;
  CREATE INDEX kept_by_organisation ON kept(topic, organisation, number, position);
`;

/** Topics whose outputs people page through: few, and kept for as long as the stage is. */
export const keptTopics: ReadonlySet<OutputTopic> = new Set(["judgements", "quarantine"]);

/** `state.db`, or `state-NAME.db` for one of several stages in a folder. */
export function stagePath(dir: string, name?: string): string {
  if (name === undefined) return join(dir, "state.db");
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new RangeError(`not a name of a stage: ${JSON.stringify(name)}`);
  return join(dir, `state-${name}.db`);
}

/** @throws UB_CONFIG_INVALID if the store was made for another number of partitions */
export function stageCheck(db: DatabaseSync, path: string, partitions: number): void {
  const row = db.prepare("SELECT value FROM settings WHERE name = 'partitions'").get();
  const have = integer(row?.["value"]);
  if (have !== partitions)
    throw new UnbrokenError(
      "UB_CONFIG_INVALID",
      `${path} was made for ${have} partitions, not ${partitions}`,
      { file: path, partitions: have, asked: partitions },
    );
}

const epoch = EpochMs(0);

/** Packs outputs as the log packs records; the time of an output is in its body. */
export function packOutputs(
  partition: number,
  first: number,
  outputs: readonly OutputRecord[],
): Uint8Array {
  const packer = new BatchPacker(partition);
  for (const { topic, organisation, key, body } of outputs) {
    const record = { topic, organisation, key, body, receivedAt: epoch, clock: "steady" } as const;
    packer.add(record, packedBytesMax(record));
  }
  const batch = packer.take();
  sealBatch(batch, first);
  return batch.bytes;
}

/** @throws UB_LOG_CORRUPT, UB_LOG_NEWER */
export function unpackOutputs(
  bytes: Uint8Array<ArrayBuffer>,
  place: { readonly file: string; readonly partition: number; readonly first: number },
): readonly OutputRecord[] {
  const cursor = new BatchCursor(bytes, place);
  const outputs: OutputRecord[] = [];
  for (let record = cursor.next(); record !== null; record = cursor.next())
    outputs.push(outputOf(record));
  return outputs;
}

function outputOf({ topic, organisation, key, body }: PlacedRecord): OutputRecord {
  return { topic: topic as OutputTopic, organisation, key, body };
}

/** A key as it is stored and ordered: UTF-8. @throws RangeError for a lone surrogate, which UTF-8 has not */
export function stateKey(key: string): Buffer {
  if (/\p{Surrogate}/u.test(key))
    throw new RangeError("a key of the state is not well-formed text");
  return Buffer.from(key, "utf8");
}

/** The first key after all that begin with `prefix`, or null if there is none. */
export function afterPrefix(prefix: Buffer): Buffer | null {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix[i] ?? 0;
    if (byte === 0xff) continue;
    const next = Buffer.from(prefix.subarray(0, i + 1));
    next[i] = byte + 1;
    return next;
  }
  return null;
}

/** Covers key and value, so that a value under a wrong key is noticed too. */
export function stateCrc(key: Uint8Array, value: Uint8Array): number {
  return crc32(value, crc32(key));
}

/** @throws UB_LOG_CORRUPT */
export function verifyState(
  file: string,
  partition: number,
  key: Uint8Array,
  value: Uint8Array,
  crc: number,
): void {
  if (stateCrc(key, value) === crc) return;
  const name = Buffer.from(key).toString("utf8");
  throw new UnbrokenError(
    "UB_LOG_CORRUPT",
    `${file}, partition ${partition}: the state of ${name} does not match its checksum`,
    { file, partition, key: name },
  );
}
