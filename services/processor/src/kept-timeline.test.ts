import type { EvidenceStretch } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { changedTimeline } from "./kept-timeline.ts";

const stretch = (
  from: number,
  to: number | null,
  kind: EvidenceStretch["class"],
): EvidenceStretch => ({ from, to, class: kind });
const change = (from: number, ...stretches: EvidenceStretch[]) =>
  ({ kind: "timeline-changed", space: "room", from, stretches }) as const;
const said = [stretch(0, 10, "in"), stretch(10, 20, "high"), stretch(20, null, "in")];

describe("a change of the timeline without what had been said before", () => {
  it.each([
    [
      "the same again is nothing new",
      change(5, stretch(5, 10, "in"), stretch(10, 20, "high"), stretch(20, null, "in")),
      null,
    ],
    [
      "only the end is new",
      change(
        0,
        stretch(0, 10, "in"),
        stretch(10, 20, "high"),
        stretch(20, 30, "in"),
        stretch(30, null, "low"),
      ),
      change(30, stretch(30, null, "low")),
    ],
    [
      "a stretch became shorter",
      change(5, stretch(5, 10, "in"), stretch(10, 15, "high"), stretch(15, null, "in")),
      change(15, stretch(15, null, "in")),
    ],
    [
      "a stretch vanished",
      change(10, stretch(10, null, "in")),
      change(10, stretch(10, null, "in")),
    ],
    [
      "a stretch is in another class",
      change(10, stretch(10, 20, "unproven"), stretch(20, null, "in")),
      change(10, stretch(10, 20, "unproven"), stretch(20, null, "in")),
    ],
  ])("%s", (_, given, expected) => {
    expect(changedTimeline(said, given).change).toEqual(expected);
  });

  it("keeps no more than 2,000 stretches of a space that flaps", () => {
    const flaps = Array.from({ length: 5_000 }, (_, i) =>
      stretch(i, i === 4_999 ? null : i + 1, i % 2 === 0 ? "in" : "high"),
    );
    const { timeline } = changedTimeline([], change(0, ...flaps));
    expect(timeline).toEqual(flaps.slice(-2_000));
  });
});
