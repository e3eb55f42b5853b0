import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import type { OutputReader } from "../port.ts";
import { CommitChannel } from "./commit-channel.ts";
import { hasSchema, openForReading } from "./database.ts";
import { promised } from "./promised.ts";
import { stageCheck, stagePath } from "./stage-schema.ts";
import { StageView } from "./stage-view.ts";

/** A reader that can be let go of. */
export interface StageReader extends OutputReader {
  close(): void;
}

/**
 * Reads a stage's outputs and state beside its writer, in any thread of the same process. It may be opened before the
 * store is there (the folder must be), and is empty until then.
 * @throws (by each read) UB_LOG_NEWER, UB_LOG_CORRUPT, UB_STORE_IO, UB_CONFIG_INVALID
 */
export function openStageReader(
  dir: string,
  options: { readonly partitions: number; readonly name?: string },
): StageReader {
  return new SqliteStageReader(
    stagePath(realpathSync(resolve(dir)), options.name),
    options.partitions,
  );
}

class SqliteStageReader implements StageReader {
  readonly #path: string;
  readonly #partitions: number;
  readonly #channel: CommitChannel;
  #db: DatabaseSync | null = null;
  #view: StageView | null = null;
  #isOpen = true;

  constructor(path: string, partitions: number) {
    this.#path = path;
    this.#partitions = partitions;
    this.#channel = new CommitChannel(path);
  }

  readCommits(
    ...args: Parameters<OutputReader["readCommits"]>
  ): ReturnType<OutputReader["readCommits"]> {
    return this.#read((view) => view.readCommits(...args), []);
  }

  endOfCommits(partition: number): Promise<number> {
    return this.#read((view) => view.progress(partition).next, 0);
  }

  scanState(...args: Parameters<OutputReader["scanState"]>): ReturnType<OutputReader["scanState"]> {
    return this.#read((view) => view.scanState(...args), []);
  }

  getState(partition: number, key: string): Promise<Uint8Array | null> {
    return this.#read((view) => view.getState(partition, key), null);
  }

  recentOutputs(
    ...args: Parameters<OutputReader["recentOutputs"]>
  ): ReturnType<OutputReader["recentOutputs"]> {
    return this.#read((view) => view.recentOutputs(...args), []);
  }

  onCommitted(listener: () => void): () => void {
    return this.#channel.onCommitted(listener);
  }

  close(): void {
    this.#isOpen = false;
    this.#channel.close();
    this.#db?.close();
    this.#db = null;
    this.#view = null;
  }

  #read<T>(work: (view: StageView) => T, empty: T): Promise<T> {
    return promised(() => {
      if (!this.#isOpen) throw new UnbrokenError("UB_LOG_CLOSED");
      this.#view ??= this.#connect();
      return this.#view === null ? empty : work(this.#view);
    });
  }

  #connect(): StageView | null {
    if (!existsSync(this.#path)) return null;
    const db = openForReading(this.#path);
    try {
      // The writer is just creating it.
      if (!hasSchema(db, this.#path)) {
        db.close();
        return null;
      }
      stageCheck(db, this.#path, this.#partitions);
      const view = new StageView(db, this.#path);
      this.#db = db;
      return view;
    } catch (error) {
      db.close();
      throw error;
    }
  }
}
