import { describe, expect, it } from "vitest";
import { shares } from "./rule-table.tsx";

describe("the bar of a rule", () => {
  it("has the allowance at two thirds while less is spent", () => {
    expect(shares({ proven: 15, possible: 45 }, 60)).toEqual({
      proven: 15 / 90,
      possible: 0.5,
      tick: 60 / 90,
    });
  });

  it("grows with what is possible, so that no minute runs out of it", () => {
    expect(shares({ proven: 120, possible: 240 }, 60)).toEqual({
      proven: 0.5,
      possible: 1,
      tick: 0.25,
    });
  });

  it("has no allowance where a rule has none, and is empty where nothing was out", () => {
    expect(shares({ proven: 0, possible: 0 }, 0)).toEqual({ proven: 0, possible: 0, tick: null });
  });
});
