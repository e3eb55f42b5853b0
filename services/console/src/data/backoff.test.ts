import { describe, expect, it } from "vitest";
import { waitBefore } from "./backoff.ts";

describe("the wait before trying again", () => {
  it.each([
    [0, 250, 500],
    [1, 500, 1_000],
    [4, 4_000, 8_000],
    [5, 7_500, 15_000],
    [5_000, 7_500, 15_000],
  ])("for try %i lies between %i and %i ms", (attempt, least, most) => {
    expect(waitBefore(attempt, 0)).toBe(least);
    expect(waitBefore(attempt, 1)).toBe(most);
  });
});
