import { EpochMs, MINUTE } from "@unbroken/units";
import { expect, it } from "vitest";
import { errorOf, runOf, standingOf, type Arrival } from "./arrival-run.ts";

const arrival = (ahead: number, by: Arrival["by"] = "sent-at"): Arrival => ({
  receivedAt: EpochMs(0),
  told: EpochMs(ahead),
  by,
  sequence: null,
});

it.each([
  [2 * MINUTE + 1, "ahead"],
  [2 * MINUTE, "agrees"],
  [0, "agrees"],
  [0 - 2 * MINUTE, "agrees"],
  [0 - 2 * MINUTE - 1, "late"],
])("an arrival that shows %d ms more than a run stands %s", (more, standing) => {
  expect(standingOf(runOf(arrival(5_000)), arrival(5_000 + more))).toBe(standing);
});

it("is off by a delay at the most, where one message is all that is known", () => {
  expect(errorOf(runOf(arrival(0, "newest-reading")))).toBe(2 * MINUTE);
});
