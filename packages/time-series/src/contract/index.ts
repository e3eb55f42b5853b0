import { describe } from "vitest";
import { answers } from "./answers.contract.ts";
import { anyOrder } from "./any-order.contract.ts";
import { keepsPoints } from "./keeps-points.contract.ts";
import { movesCursor } from "./moves-cursor.contract.ts";
import type { OpenStore } from "./with-store.ts";

export type { OpenStore };

/** What every adapter of the port promises. `open` gives the same storage for the same name, a new one for a new name. */
export function timeSeriesContract(name: string, open: OpenStore): void {
  describe(`${name} keeps the contract of TimeSeries`, () => {
    keepsPoints(open);
    answers(open);
    movesCursor(open);
    anyOrder(open);
  });
}
