import { DurationMs, EpochMs } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import type { Checkpoint } from "./checkpoint.ts";
import { thinned } from "./thinned.ts";

const at = (moment: number): Checkpoint => ({
  at: EpochMs(moment),
  profileHash: null,
  reach: DurationMs(0),
  rules: {},
  class: null,
});

/** Added one at a time, as they come. */
function after(count: number): readonly number[] {
  let kept: readonly Checkpoint[] = [];
  for (let i = 0; i < count; i++) kept = thinned([...kept, at(i)]);
  return kept.map((checkpoint) => checkpoint.at);
}

describe("snapshots of 10,000 stretches, thinned as they come", () => {
  const kept = after(10_000);

  it("are 64, in order, from the first to the last", () => {
    expect(kept).toHaveLength(64);
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    expect([kept[0], kept.at(-1)]).toEqual([0, 9_999]);
  });

  it("make what is late fold again no more than half as much as it is late, and some stretches", () => {
    for (const late of [1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 9_000]) {
      const from = kept.findLast((moment) => moment <= 9_999 - late) ?? 0;
      expect(9_999 - from, `late by ${late}`).toBeLessThanOrEqual(1.5 * late + 2);
    }
  });

  it("are all kept while they are few", () => {
    expect(after(64)).toHaveLength(64);
  });
});
