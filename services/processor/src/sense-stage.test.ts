import type { ClockFinding } from "@unbroken/detection";
import type { Reading } from "@unbroken/model";
import { EpochMs, HOUR, MINUTE, Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { CommitDraft } from "./commit-draft.ts";
import { SenseStage } from "./sense-stage.ts";

const START = Date.parse("2026-05-05T00:00:00Z");
const at = (minute: number): EpochMs => EpochMs(START + minute * MINUTE);

const nothingStored = {
  getState: () => Promise.resolve(null),
  scanState: () => Promise.resolve([]),
};

interface Told {
  readonly minute: number;
  readonly celsius: number;
  readonly received?: number;
  readonly seq?: number;
  readonly timeSource?: Reading["timeSource"];
}

/** What became of each, and what there is to judge by: minute, value, and `?` for a time in doubt. */
async function sensed(
  told: readonly Told[],
  findings: readonly ClockFinding[] = [],
): Promise<{ readonly outcomes: readonly string[]; readonly kept: readonly string[] }> {
  const sense = new SenseStage(nothingStored, 0, { doubts: () => Promise.resolve(findings) });
  const draft = new CommitDraft();
  const outcomes: string[] = [];
  for (const { minute, celsius, received, seq, timeSource = "device" } of told) {
    const reading: Reading = {
      organisation: "acme",
      sensor: "d1/main",
      quantity: "temperature",
      measuredAt: at(minute),
      receivedAt: at(received ?? minute),
      timeSource,
      sample: { kind: "value", milli: Milli(celsius * 1_000) },
      definition: "own/1@0000000000000000",
      ...(seq === undefined ? {} : { sequence: { boot: 1, number: seq } }),
    };
    outcomes.push((await sense.sense(reading, reading.receivedAt, draft)).outcome);
  }
  const history = await sense.history("acme", "d1/main", "temperature", at(-1_000));
  const kept = history.map(({ at: measuredAt, sample, clock }) => {
    const value = sample.kind === "value" ? sample.milli / 1_000 : sample.fault;
    return `${(measuredAt - START) / MINUTE}:${value}${clock === undefined ? "" : "?"}`;
  });
  return { outcomes, kept };
}

const ours = { timeSource: "received" } as const;

describe("a reading that is timed by our clock and sent again", () => {
  it("is known by its number, though it arrives later", async () => {
    expect(
      await sensed([
        { minute: 1, celsius: 4, seq: 1, ...ours },
        { minute: 2, celsius: 4, seq: 2, ...ours },
        { minute: 2.5, celsius: 4, seq: 1, ...ours },
      ]),
    ).toEqual({ outcomes: ["new", "new", "duplicate"], kept: ["1:4", "2:4"] });
  });

  it("counts from its earliest time, whichever is seen first", async () => {
    expect(
      await sensed([
        { minute: 3, celsius: 4, seq: 1, ...ours },
        { minute: 1, celsius: 4, seq: 1, ...ours },
      ]),
    ).toEqual({ outcomes: ["new", "new"], kept: ["1:4"] });
  });

  it.each<readonly [string, readonly Told[]]>([
    [
      "another value",
      [
        { minute: 1, celsius: 4, seq: 1, ...ours },
        { minute: 2, celsius: 5, seq: 1, ...ours },
      ],
    ],
    [
      "no number",
      [
        { minute: 1, celsius: 4, ...ours },
        { minute: 2, celsius: 4, ...ours },
      ],
    ],
    [
      "a time by the device's clock",
      [
        { minute: 1, celsius: 4, seq: 1 },
        { minute: 2, celsius: 4, seq: 1 },
      ],
    ],
    [
      "a number that began anew long ago",
      [
        { minute: -91 * 1_440, celsius: 4, seq: 1, ...ours },
        { minute: 2, celsius: 4, seq: 1, ...ours },
      ],
    ],
  ])("is a reading of its own with %s", async (_, told) => {
    expect((await sensed(told)).outcomes).toEqual(["new", "new"]);
  });
});

describe("the time of what is judged by", () => {
  it("is in doubt where it was measured after it was received, however often it is sent again", async () => {
    const early = { minute: 60, celsius: 4, received: 0 };
    const late = { minute: 60, celsius: 4, received: 61 };
    expect((await sensed([early])).kept).toEqual(["60:4?"]);
    expect((await sensed([early, late])).kept).toEqual(["60:4?"]);
    expect((await sensed([late, early])).kept).toEqual(["60:4?"]);
  });

  it("is in doubt while its device's clock was found to be off, and only then", async () => {
    const finding: ClockFinding = {
      kind: "behind",
      offsetMs: -3 * HOUR,
      errorMs: MINUTE,
      from: at(10),
      until: at(20),
      certain: true,
      shownTwice: null,
    };
    const told = [5, 10, 15, 20].map((minute) => ({ minute, celsius: 4 }));
    const { kept } = await sensed(
      [...told, { minute: 16, celsius: 5, timeSource: "corrected" }],
      [finding],
    );
    expect(kept).toEqual(["5:4", "10:4?", "15:4?", "16:5", "20:4"]);
  });
});
