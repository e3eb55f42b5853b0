import { asTable } from "../oracle/as-table.ts";
import type { History } from "../oracle/history.ts";

/** Runs a check of histories; where it fails, it shows them as tables. */
export function told(histories: readonly History[], check: () => void): void {
  try {
    check();
  } catch (cause) {
    const tables = histories.map((history) => asTable(history, [])).join("\n\n");
    throw new Error(`${tables}\n${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
