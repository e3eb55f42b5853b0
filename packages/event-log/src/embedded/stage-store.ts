import { mkdirSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import type { AcceptedCommit, Commit, StageStore } from "../port.ts";
import { CommitChannel } from "./commit-channel.ts";
import {
  createSchema,
  guarded,
  hasSchema,
  integer,
  openForWriting,
  transaction,
} from "./database.ts";
import { lockFolder } from "./folder-lock.ts";
import { promised } from "./promised.ts";
import {
  STAGE_SCHEMA,
  keptTopics,
  packOutputs,
  stageCheck,
  stagePath,
  stateCrc,
  stateKey,
} from "./stage-schema.ts";
import { StageView } from "./stage-view.ts";

export interface StageStoreOptions {
  /** The folder; created if it is not there. It may be that of the log. */
  readonly dir: string;
  /** How many partitions the stage reads; those of its log. */
  readonly partitions: number;
  /** For one of several stages in a folder: lower-case letters, digits, hyphens. */
  readonly name?: string;
  /** The most pages of 4 KiB that the file may have; 0, the default: as many as the disk holds. */
  readonly pagesMax?: number;
}

/**
 * Opens the store in this thread; commits block it until they are flushed.
 * @throws UB_LOG_LOCKED if another has it open, UB_LOG_NEWER, UB_LOG_CORRUPT, UB_LOG_FULL, UB_STORE_IO,
 *         UB_SQLITE_TOO_OLD, UB_CONFIG_INVALID if the store has another number of partitions
 */
export function openStageStore(options: StageStoreOptions): Promise<StageStore> {
  return promised(() => {
    const dir = resolve(options.dir);
    mkdirSync(dir, { recursive: true });
    const path = stagePath(realpathSync(dir), options.name);
    const lock = lockFolder(path.replace(/\.db$/, ".lock.db"));
    try {
      const db = openForWriting(path);
      try {
        prepareFile(db, path, options);
        return new SqliteStageStore(db, path, () => lock.release());
      } catch (error) {
        db.close();
        throw error;
      }
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

class SqliteStageStore implements StageStore {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #view: StageView;
  readonly #channel: CommitChannel;
  readonly #release: () => void;
  readonly #statements: ReturnType<typeof prepareCommit>;
  #isOpen = true;

  constructor(db: DatabaseSync, path: string, release: () => void) {
    this.#db = db;
    this.#path = path;
    this.#release = release;
    this.#view = new StageView(db, path);
    this.#statements = guarded(path, () => prepareCommit(db));
    this.#channel = new CommitChannel(path);
  }

  applied(partition: number): Promise<number> {
    return this.#open(() => this.#view.progress(partition).applied);
  }

  commit(commit: Commit): Promise<AcceptedCommit> {
    return this.#open(() => {
      const accepted = guarded(this.#path, () => transaction(this.#db, () => this.#apply(commit)));
      this.#channel.announce();
      return accepted;
    });
  }

  readCommits(
    partition: number,
    sequence: number,
    max: number,
  ): ReturnType<StageStore["readCommits"]> {
    return this.#open(() => this.#view.readCommits(partition, sequence, max));
  }

  endOfCommits(partition: number): Promise<number> {
    return this.#open(() => this.#view.progress(partition).next);
  }

  scanState(...args: Parameters<StageStore["scanState"]>): ReturnType<StageStore["scanState"]> {
    return this.#open(() => this.#view.scanState(...args));
  }

  getState(partition: number, key: string): Promise<Uint8Array | null> {
    return this.#open(() => this.#view.getState(partition, key));
  }

  recentOutputs(
    ...args: Parameters<StageStore["recentOutputs"]>
  ): ReturnType<StageStore["recentOutputs"]> {
    return this.#open(() => this.#view.recentOutputs(...args));
  }

  onCommitted(listener: () => void): () => void {
    return this.#channel.onCommitted(listener);
  }

  trimCommits(partition: number, sequence: number): Promise<void> {
    return this.#open(() => {
      guarded(this.#path, () =>
        transaction(this.#db, () => {
          const { next, trimmedBefore } = this.#view.progress(partition);
          const before = Math.min(Math.max(sequence, trimmedBefore), next);
          this.#db
            .prepare("DELETE FROM commits WHERE partition = ? AND sequence < ?")
            .run(partition, before);
          this.#db
            .prepare("UPDATE progress SET trimmed_before = ? WHERE partition = ?")
            .run(before, partition);
        }),
      );
    });
  }

  reset(): Promise<void> {
    return this.#open(() => {
      guarded(this.#path, () =>
        transaction(this.#db, () => {
          this.#db.exec(
            `DELETE FROM state; DELETE FROM commits; DELETE FROM kept;
             UPDATE progress SET applied = 0, next_sequence = 0, trimmed_before = 0;`,
          );
        }),
      );
      this.#channel.announce();
    });
  }

  close(): Promise<void> {
    return promised(() => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      this.#channel.close();
      try {
        guarded(this.#path, () => this.#db.close());
      } finally {
        this.#release();
      }
    });
  }

  #apply({ partition, from, to, state, outputs }: Commit): AcceptedCommit {
    const { applied, next: sequence } = this.#view.progress(partition);
    if (from !== applied || to < from)
      throw new UnbrokenError(
        "UB_CHECKPOINT_FENCED",
        `partition ${partition} is applied up to ${applied}; [${from}, ${to}) does not continue it`,
        { partition, from, to, applied },
      );
    const { put, remove, insert, keep, advance, number } = this.#statements;
    for (const [key, value] of state) {
      const name = stateKey(key);
      if (value === null) remove.run(partition, name);
      else put.run(partition, name, stateCrc(name, value), value);
    }
    const commitNumber = integer(number.get()?.["n"]);
    const packed = packOutputs(partition, sequence, outputs);
    insert.run(commitNumber, partition, sequence, from, to, packed);
    for (const [position, output] of outputs.entries()) {
      if (!keptTopics.has(output.topic)) continue;
      const bytes = packOutputs(partition, commitNumber, [output]);
      keep.run(output.topic, commitNumber, position, output.organisation, partition, bytes);
    }
    advance.run(to, sequence + 1, partition);
    return { partition, sequence, from, to, outputs };
  }

  #open<T>(work: () => T): Promise<T> {
    return promised(() => {
      if (!this.#isOpen) throw new UnbrokenError("UB_LOG_CLOSED");
      return work();
    });
  }
}

function prepareFile(db: DatabaseSync, path: string, options: StageStoreOptions): void {
  const { partitions, pagesMax = 0 } = options;
  if (pagesMax > 0) db.exec(`PRAGMA max_page_count = ${pagesMax}`);
  if (!hasSchema(db, path)) {
    const rows = Array.from({ length: partitions }, (_, p) => `(${p}, 0, 0, 0)`).join(", ");
    createSchema(
      db,
      path,
      `${STAGE_SCHEMA} INSERT INTO settings VALUES ('partitions', ${partitions});
       INSERT INTO progress VALUES ${rows};`,
    );
  }
  stageCheck(db, path, partitions);
}

function prepareCommit(db: DatabaseSync) {
  return {
    put: db.prepare(
      `INSERT INTO state VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET crc = excluded.crc, value = excluded.value`,
    ),
    remove: db.prepare("DELETE FROM state WHERE partition = ? AND key = ?"),
    insert: db.prepare("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?)"),
    keep: db.prepare("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)"),
    advance: db.prepare("UPDATE progress SET applied = ?, next_sequence = ? WHERE partition = ?"),
    // Each commit moves one sequence by one, so their sum counts the commits of all partitions.
    number: db.prepare("SELECT sum(next_sequence) AS n FROM progress"),
  };
}
