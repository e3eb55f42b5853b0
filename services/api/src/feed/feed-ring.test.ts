import { describe, expect, it } from "vitest";
import { FeedRing, type FeedEntry } from "./feed-ring.ts";

const entry = (revision: number, characters = 10): FeedEntry => ({
  revision,
  type: "delta",
  at: "2026-11-24T15:00:00.000Z",
  parts: [{ organisation: "acme", space: "cold", json: "x".repeat(characters) }],
  quarantined: new Set(),
});

function ringOf(count: number, characters?: number): FeedRing {
  const ring = new FeedRing();
  for (let revision = 1; revision <= count; revision++) ring.push(entry(revision, characters));
  return ring;
}

describe("the latest messages", () => {
  it.each([
    ["all that followed", 5, 2, [3, 4, 5]],
    ["nothing to who has seen the last", 5, 5, []],
    ["everything to who saw the first snapshot", 5, 0, [1, 2, 3, 4, 5]],
    ["nothing yet of nothing", 0, 0, []],
    ["refuse a revision that was never given", 5, 6, null],
    ["refuse what is too long ago", 2_500, 499, null],
    ["reach back two thousand", 2_500, 2_498, [2_499, 2_500]],
  ])("give %s", (_, count, since, expected) => {
    const missed = ringOf(count).since(since, count);
    expect(missed?.map(({ revision }) => revision) ?? null).toEqual(expected);
  });

  it("are bounded by size too", () => {
    const ring = ringOf(40, 1_000_000);
    expect(ring.since(20, 40)).toBeNull();
    expect(ring.since(30, 40)).toHaveLength(10);
  });
});
