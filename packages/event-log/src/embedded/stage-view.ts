import type { DatabaseSync, StatementSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import type { AcceptedCommit } from "../port.ts";
import type { OutputRecord, OutputTopic } from "../record.ts";
import { blob, guarded, integer } from "./database.ts";
import { afterPrefix, keptTopics, stateKey, unpackOutputs, verifyState } from "./stage-schema.ts";

/** Where in the order of all outputs a page goes on. */
export interface OutputPosition {
  readonly sequence: number;
  readonly index: number;
}
export interface PositionedOutput extends OutputPosition {
  readonly output: OutputRecord;
}

/** Stops a read of commits, so that memory is bounded by bytes and not by commits alone. */
const READ_BYTES_MAX = 16_777_216;

type StateRow = readonly [key: string, value: Uint8Array];

/** The queries on a stage's file, whichever connection asks. */
export class StageView {
  readonly #path: string;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync, path: string) {
    this.#path = path;
    this.#statements = guarded(path, () => prepare(db));
  }

  progress(partition: number): { applied: number; next: number; trimmedBefore: number } {
    return guarded(this.#path, () => {
      const row = this.#statements.progress.get(partition);
      if (row === undefined) throw new RangeError(`no partition ${partition}`);
      return {
        applied: integer(row["applied"]),
        next: integer(row["next_sequence"]),
        trimmedBefore: integer(row["trimmed_before"]),
      };
    });
  }

  readCommits(partition: number, sequence: number, max: number): readonly AcceptedCommit[] {
    const { trimmedBefore } = this.progress(partition);
    if (sequence < trimmedBefore)
      throw new UnbrokenError(
        "UB_LOG_TRIMMED",
        `${this.#path}, partition ${partition}: commits before ${trimmedBefore} were trimmed`,
        { file: this.#path, partition, sequence, first: trimmedBefore },
      );
    return guarded(this.#path, () => {
      const found: AcceptedCommit[] = [];
      let bytes = 0;
      while (found.length < max && bytes < READ_BYTES_MAX) {
        const next = sequence + found.length;
        const row = this.#statements.commit.get(partition, next);
        if (row === undefined) break;
        const outputs = blob(row["outputs"]);
        bytes += outputs.byteLength;
        found.push({
          partition,
          sequence: next,
          from: integer(row["from_offset"]),
          to: integer(row["to_offset"]),
          outputs: unpackOutputs(outputs, { file: this.#path, partition, first: next }),
        });
      }
      return found;
    });
  }

  getState(partition: number, key: string): Uint8Array | null {
    return guarded(this.#path, () => {
      const name = stateKey(key);
      const row = this.#statements.state.get(partition, name);
      if (row === undefined) return null;
      const value = blob(row["value"]);
      verifyState(this.#path, partition, name, value, integer(row["crc"]));
      return value;
    });
  }

  scanState(
    partition: number,
    prefix: string,
    afterKey: string | null,
    max: number,
  ): readonly StateRow[] {
    return guarded(this.#path, () => {
      const from = stateKey(prefix);
      const after = afterKey === null ? null : stateKey(afterKey);
      // Whichever begins later: the prefix itself is a key too, `afterKey` is not.
      const [select, start] =
        after !== null && Buffer.compare(after, from) >= 0
          ? [this.#statements.scanAfter, after]
          : [this.#statements.scanFrom, from];
      // No key of text holds the byte 0xFF, so this lies behind all of them.
      const end = afterPrefix(from) ?? Buffer.of(0xff);
      return select.all(partition, start, end, max).map((row) => {
        const key = blob(row["key"]);
        const value = blob(row["value"]);
        verifyState(this.#path, partition, key, value, integer(row["crc"]));
        return [Buffer.from(key).toString("utf8"), value] as const;
      });
    });
  }

  recentOutputs(
    topic: OutputTopic,
    organisation: string | null,
    before: OutputPosition | null,
    max: number,
  ): readonly PositionedOutput[] {
    const position = before ?? { sequence: Number.MAX_SAFE_INTEGER, index: 0 };
    return guarded(this.#path, () =>
      keptTopics.has(topic)
        ? this.#recentKept(topic, organisation, position, max)
        : this.#recentInCommits(topic, organisation, position, max),
    );
  }

  #recentKept(
    topic: OutputTopic,
    organisation: string | null,
    { sequence, index }: OutputPosition,
    max: number,
  ): readonly PositionedOutput[] {
    const rows =
      organisation === null
        ? this.#statements.recent.all(topic, sequence, index, max)
        : this.#statements.recentOf.all(topic, organisation, sequence, index, max);
    return rows.flatMap((row) => {
      const number = integer(row["number"]);
      const partition = integer(row["partition"]);
      const place = { file: this.#path, partition, first: number };
      return unpackOutputs(blob(row["bytes"]), place).map((output) => ({
        sequence: number,
        index: integer(row["position"]),
        output,
      }));
    });
  }

  // Readings are too many for a table of their own: whoever wants the newest few walks back over the commits.
  #recentInCommits(
    topic: OutputTopic,
    organisation: string | null,
    before: OutputPosition,
    max: number,
  ): readonly PositionedOutput[] {
    const found: PositionedOutput[] = [];
    let last = before.sequence;
    while (found.length < max) {
      const row = this.#statements.commitUpTo.get(last);
      if (row === undefined) break;
      const number = integer(row["number"]);
      const place = {
        file: this.#path,
        partition: integer(row["partition"]),
        first: integer(row["sequence"]),
      };
      const outputs = unpackOutputs(blob(row["outputs"]), place);
      for (let i = outputs.length - 1; i >= 0 && found.length < max; i--) {
        const output = outputs[i];
        const isBefore = number < before.sequence || i < before.index;
        if (output === undefined || !isBefore || output.topic !== topic) continue;
        if (organisation !== null && output.organisation !== organisation) continue;
        found.push({ sequence: number, index: i, output });
      }
      last = number - 1;
    }
    return found;
  }
}

function prepare(
  db: DatabaseSync,
): Record<
  "progress" | "commit" | "commitUpTo" | "state" | "scanFrom" | "scanAfter" | "recent" | "recentOf",
  StatementSync
> {
  const scan = (comparison: ">" | ">="): StatementSync =>
    db.prepare(
      `SELECT key, crc, value FROM state WHERE partition = ? AND key ${comparison} ? AND key < ?
       ORDER BY key LIMIT ?`,
    );
  const recent = (condition: string): StatementSync =>
    db.prepare(
      `SELECT number, position, partition, bytes FROM kept
       WHERE topic = ? ${condition} AND (number, position) < (?, ?)
       ORDER BY number DESC, position DESC LIMIT ?`,
    );
  return {
    progress: db.prepare(
      "SELECT applied, next_sequence, trimmed_before FROM progress WHERE partition = ?",
    ),
    commit: db.prepare(
      "SELECT from_offset, to_offset, outputs FROM commits WHERE partition = ? AND sequence = ?",
    ),
    commitUpTo: db.prepare(
      `SELECT number, partition, sequence, outputs FROM commits WHERE number <= ?
       ORDER BY number DESC LIMIT 1`,
    ),
    state: db.prepare("SELECT crc, value FROM state WHERE partition = ? AND key = ?"),
    scanFrom: scan(">="),
    scanAfter: scan(">"),
    recent: recent(""),
    recentOf: recent("AND organisation = ?"),
  };
}
