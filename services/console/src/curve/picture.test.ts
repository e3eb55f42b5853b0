import { describe, expect, it } from "vitest";
import { silencesOf, unprovenOf } from "./picture.ts";

const iso = (at: number) => new Date(at).toISOString();

describe("the hatched parts of a curve", () => {
  it("are all that is neither proven in nor out of range", () => {
    const timeline = [
      { from: iso(10), to: iso(30), class: "in" as const },
      { from: iso(30), to: iso(40), class: "unproven" as const },
      { from: iso(40), to: iso(60), class: "high" as const },
    ];
    expect(unprovenOf(timeline, 0, 100)).toEqual([
      { from: 0, to: 10 },
      { from: 30, to: 40 },
      { from: 60, to: 100 },
    ]);
  });

  it("end at the edges of the range", () => {
    const timeline = [{ from: iso(-50), to: null, class: "in" as const }];
    expect(unprovenOf(timeline, 0, 100)).toEqual([]);
    expect(unprovenOf([], 0, 100)).toEqual([{ from: 0, to: 100 }]);
  });
});

describe("where no timeline is kept, the curve is hatched", () => {
  const trace = (points: readonly (readonly [number, number | null])[]) => {
    const mean = points.map(([, value]) => value);
    return { sensor: "s", at: points.map(([time]) => time), mean, min: mean, max: mean };
  };
  const broken = trace([
    [10, 5],
    [11, null],
    [50, 5],
  ]);

  it("where every line is broken", () => {
    expect(silencesOf([broken, broken], 100)).toEqual([{ from: 11, to: 50 }]);
  });

  it("but not where one probe was heard", () => {
    expect(silencesOf([broken, trace([[30, 5]])], 100)).toEqual([]);
  });

  it("and only up to where the timeline begins", () => {
    expect(silencesOf([broken], 40)).toEqual([{ from: 11, to: 40 }]);
    expect(silencesOf([broken], 5)).toEqual([]);
    expect(silencesOf([], 100)).toEqual([]);
  });
});
