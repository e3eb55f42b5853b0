import { describe, expect, it } from "vitest";
import { minutesOf, piecesOf } from "./bar-of-time.ts";

const at = (minutes: number) => new Date(minutes * 60_000).toISOString();
const bar = (timeline: Parameters<typeof piecesOf>[0]) =>
  piecesOf(timeline, 0, 100 * 60_000).map(
    ({ left, width, class: what, current }) =>
      `${Math.round(left * 1000) / 10}+${Math.round(width * 1000) / 10} ${what}${current ? " now" : ""}`,
  );

describe("a bar of time", () => {
  it("shows the time before the first reading as unproven", () => {
    expect(bar([{ from: at(40), to: null, class: "in" }])).toEqual([
      "0+40 unproven",
      "40+60 in now",
    ]);
  });

  it("shows an empty timeline as unproven from end to end", () => {
    expect(bar([])).toEqual(["0+100 unproven now"]);
  });

  it("takes a few seconds between the clocks of server and screen for no hole", () => {
    expect(bar([{ from: at(0.5), to: null, class: "in" }])).toEqual(["0.5+99.5 in now"]);
  });

  it("cuts what began before and ends after", () => {
    expect(bar([{ from: at(-50), to: at(300), class: "high" }])).toEqual(["0+100 high now"]);
  });

  it("fills holes between stretches, and after the last, as unproven", () => {
    expect(
      bar([
        { from: at(0), to: at(20), class: "in" },
        { from: at(30), to: at(60), class: "low" },
      ]),
    ).toEqual(["0+20 in", "20+10 unproven", "30+30 low", "60+40 unproven now"]);
  });

  it("widens a spell out of range until it can be seen, also at the right edge", () => {
    const pieces = bar([
      { from: at(0), to: at(99.9), class: "in" },
      { from: at(99.9), to: null, class: "high" },
    ]);
    expect(pieces).toEqual(["0+99.9 in", "99+1 high now"]);
  });

  it("tells yesterday's red from today's", () => {
    const pieces = piecesOf([{ from: at(10), to: at(20), class: "high" }], 0, 6_000_000);
    expect(pieces.find((piece) => piece.class === "high")?.current).toBe(false);
  });

  it("says nothing of the time before the timeline is kept: that is not the same as no evidence", () => {
    const pieces = piecesOf([{ from: at(50), to: null, class: "in" }], 0, 6_000_000, 3_000_000);
    expect(pieces.map((piece) => piece.class)).toEqual(["not-kept", "in"]);
  });

  it("counts minutes; what is not covered is unproven", () => {
    const timeline = [
      { from: at(-10), to: at(30), class: "in" as const },
      { from: at(30), to: at(45), class: "high" as const },
      { from: at(45), to: at(50), class: "unproven" as const },
    ];
    expect(minutesOf(timeline, 0, 6_000_000)).toEqual({ inRange: 30, out: 15, unproven: 55 });
  });
});
