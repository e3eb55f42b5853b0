import { describe, expect, it } from "vitest";
import { routeOf, spaceAddress } from "./routing.ts";

describe("an address", () => {
  it.each([
    ["/", "", { page: "board", wall: false }],
    ["/", "?wall", { page: "board", wall: true }],
    ["/nowhere", "", { page: "board", wall: false }],
    ["/quarantine", "", { page: "quarantine" }],
    ["/spaces/demo/room-1", "", { page: "space", organisation: "demo", space: "room-1" }],
    ["/spaces/demo/room-1/", "", { page: "space", organisation: "demo", space: "room-1" }],
    ["/spaces/demo", "", { page: "board", wall: false }],
    ["/spaces/demo/%E0%A4%A", "", { page: "space", organisation: "demo", space: "%E0%A4%A" }],
  ])("%s%s opens %j", (pathname, search, route) => {
    expect(routeOf(pathname, search)).toEqual(route);
  });

  it("of a space leads back to it", () => {
    const space = { organisation: "demo", space: "room.1_a" };
    expect(routeOf(spaceAddress(space), "")).toEqual({ page: "space", ...space });
  });
});
