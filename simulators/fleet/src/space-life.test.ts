import { describe, expect, it } from "vitest";
import { SpaceLife } from "./space-life.ts";

describe("the life of a space", () => {
  it("knows from when on the core was out, after a given moment", () => {
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
    expect(life.coreOutAt(0)).toBe(20);
    expect(life.coreOutAt(25)).toBe(25);
    expect(life.coreOutAt(40)).toBe(50);
    expect(life.coreOutAt(60)).toBe(60);
  });

  it("knows of no core out where no range is stated", () => {
    const life = new SpaceLife(null);
    life.noteCore(0, 99);
    expect(life.coreOutAt(0)).toBeNull();
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
