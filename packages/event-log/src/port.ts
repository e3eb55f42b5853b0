import type { LogRecord, NewRecord, OutputRecord, OutputTopic } from "./record.ts";

/**
 * The append side of the log. A resolved append is on stable storage: that is the whole promise.
 *
 * Order: appends of one caller to one partition keep their order. Errors (UnbrokenError):
 * - UB_LOG_FULL      the disk is full; nothing of this append was kept, later ones may succeed.
 * - UB_LOG_BUSY      more bytes wait for the disk than the limit; nothing was kept.
 * - UB_LOG_CLOSED    closed or closing.
 * - UB_STORE_IO      any other failure of the disk; the writer is dead and the process must end and recover.
 */
export interface LogAppender {
  /** Appends whole or not at all. Resolves with the offset of the last record. */
  append(records: readonly NewRecord[]): Promise<number>;
}

/** The read side. Any number of readers, in any thread, beside the one writer. */
export interface LogReader {
  readonly partitions: number;
  /**
   * Records of all input topics from `offset` on, in the log's order, which is the same at every reading.
   * At least one if there is any, at most `max`.
   * @throws UB_LOG_TRIMMED if records from `offset` on were trimmed (facts excepted),
   *         UB_LOG_CORRUPT if one does not match its checksum, UB_LOG_NEWER if one has a newer schema.
   */
  read(partition: number, offset: number, max: number): Promise<readonly LogRecord[]>;
  /** All facts from `offset` on, in order: they outlive every trim. */
  readFacts(partition: number, offset: number, max: number): Promise<readonly LogRecord[]>;
  /** The offset that the next record will have at the least. */
  end(partition: number): Promise<number>;
  /** Calls back, in this thread, some time after records were appended; may join several into one. Returns how to stop. */
  onAppended(listener: () => void): () => void;
}

export interface EventLog extends LogAppender, LogReader {
  /** Forgets messages and ticks before `offset`, as far as whole segments go. Facts stay. Returns the first kept offset. */
  trim(partition: number, offset: number): Promise<number>;
  /** Flushes what was accepted and lets go of the folder. */
  close(): Promise<void>;
}

/** What a stage did with the records `[from, to)` of one partition: one atomic record. */
export interface Commit {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  /** New values of the stage's state; null removes the key. */
  readonly state: readonly (readonly [key: string, value: Uint8Array | null])[];
  readonly outputs: readonly OutputRecord[];
}

/** A commit as readers of the outputs see it. */
export interface AcceptedCommit {
  readonly partition: number;
  /** Dense, from 0: the position to read on from is the last sequence + 1. */
  readonly sequence: number;
  readonly from: number;
  readonly to: number;
  readonly outputs: readonly OutputRecord[];
}

/** The outputs of a stage, for those who follow it. */
export interface OutputReader {
  /** Accepted commits from `sequence` on, at most `max`, whole. @throws UB_LOG_TRIMMED, UB_LOG_CORRUPT, UB_LOG_NEWER */
  readCommits(partition: number, sequence: number, max: number): Promise<readonly AcceptedCommit[]>;
  /** The sequence that the next commit will have. */
  endOfCommits(partition: number): Promise<number>;
  /** State rows whose key begins with `prefix`, ordered by key bytes, after `afterKey`, at most `max`. */
  scanState(
    partition: number,
    prefix: string,
    afterKey: string | null,
    max: number,
  ): Promise<readonly (readonly [key: string, value: Uint8Array])[]>;
  getState(partition: number, key: string): Promise<Uint8Array | null>;
  onCommitted(listener: () => void): () => void;
  /** Newest first: outputs of one topic, for pages of quarantine and judgements. `before` is exclusive. */
  recentOutputs(
    topic: OutputTopic,
    organisation: string | null,
    before: { readonly sequence: number; readonly index: number } | null,
    max: number,
  ): Promise<
    readonly { readonly sequence: number; readonly index: number; readonly output: OutputRecord }[]
  >;
}

/** Where a stage keeps offset, state and outputs together, so that they move in one step or not at all. */
export interface StageStore extends OutputReader {
  /** The offset up to which the partition's input is applied; 0 at first. */
  applied(partition: number): Promise<number>;
  /**
   * Makes the commit durable as a whole. Accepted only if `from` equals what is applied.
   * @throws UB_CHECKPOINT_FENCED if it does not continue the chain, UB_LOG_FULL (nothing changed; try again), UB_STORE_IO.
   */
  commit(commit: Commit): Promise<AcceptedCommit>;
  /** Drops accepted commits before `sequence`, keeping state. */
  trimCommits(partition: number, sequence: number): Promise<void>;
  /** Forgets everything that was derived, to rebuild from the log. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
