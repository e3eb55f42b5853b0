import type { FactView, ReadingView } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { factMarks, signalMarks } from "./marks.ts";

const iso = (minutes: number) => new Date(minutes * 60_000).toISOString();
const reading = (minutes: number, value: number, sensor = "unit/door") =>
  ({ sensor, value, measured_at: iso(minutes) }) as ReadingView;
const inMinutes = (marks: ReturnType<typeof signalMarks>) =>
  marks.map(({ from, to }) => [from / 60_000, to / 60_000]);
const asked = { to: 100 * 60_000, gapMs: 12 * 60_000, label: "door" };

describe("the marks of a door", () => {
  it("last from open to shut", () => {
    const readings = [reading(10, 1), reading(15, 1), reading(18, 0), reading(30, 0)];
    expect(inMinutes(signalMarks(readings, asked))).toEqual([[10, 18]]);
  });

  it("end where the contact has been silent for too long", () => {
    expect(inMinutes(signalMarks([reading(10, 1)], asked))).toEqual([[10, 22]]);
    expect(inMinutes(signalMarks([reading(95, 1)], asked))).toEqual([[95, 100]]);
  });

  it("are one where two doors were open at a time", () => {
    const readings = [
      reading(10, 1),
      reading(12, 1, "unit/dock"),
      reading(14, 0),
      reading(16, 0, "unit/dock"),
    ];
    expect(inMinutes(signalMarks(readings, asked))).toEqual([[10, 16]]);
  });
});

describe("the marks of what was stated", () => {
  const fact = (from: number | null, to: number | null, reason: string) =>
    ({
      effective_from: from === null ? null : iso(from),
      ended_at: to === null ? null : iso(to),
      fact: { kind: "out-of-service-stated", reason, until: null },
    }) as FactView;
  const range = { from: 10 * 60_000, to: 50 * 60_000 };
  const labelOf = (stated: FactView["fact"]) =>
    stated.kind === "out-of-service-stated" ? stated.reason : null;

  it("are cut to the range, and last to its end while they hold", () => {
    const facts = [fact(20, null, "now"), fact(null, 15, "before"), fact(1, 5, "gone")];
    expect(factMarks(facts, range, labelOf)).toEqual([
      { from: 20 * 60_000, to: 50 * 60_000, label: "now" },
      { from: 10 * 60_000, to: 15 * 60_000, label: "before" },
    ]);
  });

  it("leave out what has no label", () => {
    const placed = { ...fact(20, null, ""), fact: { kind: "returned-to-service" } } as FactView;
    expect(factMarks([placed], range, labelOf)).toEqual([]);
  });
});
