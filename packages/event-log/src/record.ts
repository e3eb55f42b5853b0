import type { ClockState } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";

/** What enters the log from outside: the truth from which all else can be rebuilt. */
export type InputTopic = "messages" | "facts" | "ticks";

/** What a stage derives from its inputs. */
export type OutputTopic = "readings" | "judgements" | "quarantine";

/** Bumped when the meaning of a record's body changes. Older ones stay readable; a newer one stops the reader. */
export const RECORD_SCHEMA = 1;

/** The envelope of every record, and its body. */
export interface NewRecord {
  readonly topic: InputTopic;
  readonly organisation: string;
  /** `organisation/entity`; decides the partition. Empty for ticks, which go to every partition. */
  readonly key: string;
  readonly receivedAt: EpochMs;
  readonly clock: ClockState;
  readonly body: Uint8Array;
}

/** A record as it stands in the log. Its checksum was verified when it was read. */
export interface LogRecord extends NewRecord {
  readonly schema: number;
  readonly partition: number;
  /** Grows with each record of the partition, over all input topics together; not every number is used. */
  readonly offset: number;
}

/** One derived record, in the order in which the stage wrote it. */
export interface OutputRecord {
  readonly topic: OutputTopic;
  readonly organisation: string;
  readonly key: string;
  readonly body: Uint8Array;
}
