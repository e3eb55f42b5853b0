import type { DatabaseSync, StatementSync } from "node:sqlite";
import { decodeRow } from "./row-codec.ts";
import type { Tails } from "./tails.ts";

/** Follows the row log into memory: at opening, and again whenever another thread may have written. */
export class RowLogFollower {
  private readonly tails: Tails;
  private readonly oldest: StatementSync;
  private readonly after: StatementSync;
  private lastRow = 0;

  constructor(db: DatabaseSync, tails: Tails) {
    this.tails = tails;
    this.oldest = db.prepare("SELECT generation FROM recent ORDER BY id LIMIT 1");
    this.after = db.prepare("SELECT id, generation, points FROM recent WHERE id > ? ORDER BY id");
  }

  /** @throws UB_LOG_CORRUPT */
  follow(): void {
    // What was deleted is in chunks: the writer deletes a generation only then, in the same transaction.
    this.tails.forgetBefore(Number(this.oldest.get()?.["generation"] ?? Infinity));
    for (const row of this.after.iterate(this.lastRow)) {
      const bytes = row["points"];
      const generation = Number(row["generation"]);
      decodeRow(bytes instanceof Uint8Array ? bytes : new Uint8Array(), (point) =>
        this.tails.add(generation, point),
      );
      this.lastRow = Number(row["id"]);
    }
  }
}
