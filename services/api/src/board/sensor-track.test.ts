import { EpochMs, Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { tracked, type SensorTrack, type TrackedReading } from "./sensor-track.ts";

const reading = (measuredAt: number, milli: number | null, receivedAt = measuredAt) =>
  ({
    organisation: "acme",
    sensor: "d1/main",
    measuredAt: EpochMs(measuredAt),
    receivedAt: EpochMs(receivedAt),
    sample:
      milli === null
        ? { kind: "fault", fault: "open-circuit" }
        : { kind: "value", milli: Milli(milli) },
  }) satisfies TrackedReading;

function after(...readings: readonly TrackedReading[]): SensorTrack {
  let track: SensorTrack | null = null;
  for (const each of readings) track = tracked(track, each);
  if (track === null) throw new Error("no readings");
  return track;
}

describe("what the board remembers of a sensor", () => {
  it("is its latest reading by the time of measuring", () => {
    expect(after(reading(2_000, 4_200), reading(1_000, 9_000, 5_000))).toMatchObject({
      measuredAt: 2_000,
      milli: 4_200,
      // Back-fill does not change the present, but the device was heard.
      receivedAt: 5_000,
      points: [{ at: 2_000, milli: 4_200 }],
    });
  });

  it("is 0 °C where it measured 0 °C", () => {
    expect(after(reading(1_000, 0))).toMatchObject({ milli: 0, fault: null });
  });

  it("is a fault and no value after a fault, and the trend begins anew", () => {
    const faulty = after(reading(1_000, 4_000), reading(2_000, null));
    expect(faulty).toMatchObject({ milli: null, fault: "open-circuit", points: [] });
    expect(tracked(faulty, reading(3_000, 4_100)).points).toEqual([{ at: 3_000, milli: 4_100 }]);
  });

  it("keeps ten points at least, twenty minutes where there are more, and never many", () => {
    const each = (n: number, stepMs: number) =>
      after(...Array.from({ length: n }, (_, i) => reading(1_000 + i * stepMs, i)));
    expect(each(30, 600_000).points).toHaveLength(10);
    expect(each(60, 60_000).points).toHaveLength(21);
    const dense = each(5_000, 1_000).points;
    expect(dense.length).toBeLessThanOrEqual(128);
    expect(dense.at(-1)).toEqual({ at: 1_000 + 4_999_000, milli: 4_999 });
    expect((dense.at(-1)?.at ?? 0) - (dense[0]?.at ?? 0)).toBeGreaterThan(15 * 60_000);
  });
});
