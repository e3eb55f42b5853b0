import { describe, expect, it } from "vitest";
import { SpaceLife } from "./space-life.ts";

describe("the life of a space", () => {
  it("knows when the core was out first in a stretch of time, and when it was back", () => {
    const life = new SpaceLife([0, 8]);
    for (const [at, celsius] of [
      [0, 4],
      [10, 8],
      [20, 8.001],
      [30, 9],
      [40, 7],
      [50, -0.1],
    ] as const)
      life.noteCore(at, celsius);
    expect(life.coreOut(0, 60)).toEqual({ from: 20, to: 40 });
    expect(life.coreOut(25, 60)).toEqual({ from: 25, to: 40 });
    expect(life.coreOut(40, 60)).toEqual({ from: 50, to: null });
    expect(life.coreOut(60, 70)).toEqual({ from: 60, to: null });
    expect(life.coreOut(0, 20)).toBeNull();
  });

  it("knows of no core out where no range is stated", () => {
    const life = new SpaceLife(null);
    life.noteCore(0, 99);
    expect(life.coreOut(0, 10)).toBeNull();
  });

  it("notes each ordinary event once, from its beginning to its end", () => {
    const life = new SpaceLife(null);
    for (const [at, isOn] of [
      [0, false],
      [5, true],
      [10, true],
      [15, false],
      [20, true],
    ] as const)
      life.note("defrost", at, isOn);
    expect(life.ordinary).toEqual([
      { kind: "defrost", from: 5, to: 15 },
      { kind: "defrost", from: 20, to: null },
    ]);
  });
});
