import { describe, expect, it } from "vitest";
import { neighbourOf, type Direction } from "./tile-keys.ts";

// 0 1 2 wide urgent tiles, then rows of four calm ones:  3 4 5 6 / 7 8
const urgent = [0, 1, 2].map((i) => ({ left: i * 136, top: 0, width: 128, height: 100 }));
const calm = [3, 4, 5, 6, 7, 8].map((i) => ({
  left: ((i - 3) % 4) * 100,
  top: 120 + Math.floor((i - 3) / 4) * 60,
  width: 92,
  height: 52,
}));
const boxes = [...urgent, ...calm];

describe("an arrow key on the board", () => {
  it.each<[number, Direction, number]>([
    [-1, "down", 0],
    [0, "right", 1],
    [2, "right", 3],
    [3, "left", 2],
    [8, "right", 8],
    [0, "left", 0],
    [0, "down", 3],
    [2, "down", 6],
    [4, "down", 8],
    [8, "up", 4],
    [6, "up", 2],
    [6, "down", 8],
    [7, "down", 7],
  ])("leads from %i %s to %i", (from, direction, to) => {
    expect(neighbourOf(boxes, from, direction)).toBe(to);
  });

  it("does nothing on an empty board", () => {
    expect(neighbourOf([], -1, "down")).toBe(-1);
  });
});
