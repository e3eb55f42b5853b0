import { describe, expect, it } from "vitest";
import { spaceNow } from "./space-now.fixture.ts";
import { wallPages } from "./wall-pages.ts";

const spaces = (urgent: number, calm: number) => [
  ...Array.from({ length: urgent }, (_, i) => spaceNow({ space: `u${i}`, condition: "out" })),
  ...Array.from({ length: calm }, (_, i) => spaceNow({ space: `c${i}` })),
];
const names = (urgent: number, calm: number, room: number) =>
  wallPages(spaces(urgent, calm), room).map((page) => page.map(({ space }) => space).join(" "));

describe("the pages of the wall", () => {
  it.each([
    [0, 3, 4, ["c0 c1 c2"]],
    [0, 6, 4, ["c0 c1 c2 c3", "c4 c5"]],
    [1, 6, 4, ["u0 c0 c1 c2", "u0 c3 c4 c5"]],
    [3, 3, 4, ["u0 u1 u2 c0", "u0 u1 c1 c2"]],
    [0, 0, 4, [""]],
  ])("with %i urgent and %i calm spaces and room for %i", (urgent, calm, room, pages) => {
    expect(names(urgent, calm, room)).toEqual(pages);
  });
});
