import type { Judgement } from "@unbroken/model";
import { HOUR, MINUTE } from "@unbroken/units";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEVICES, dayFacts } from "../support/day.ts";
import { Pipeline, messageRecord } from "../support/pipeline.ts";

const START = Date.parse("2026-05-05T00:00:00Z");
const [DEVICE] = DEVICES;

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await Pipeline.open();
});
afterAll(() => pipeline.close());

/** Messages every five minutes, told by a clock that is `ahead` of ours. */
async function told(
  organisation: string,
  ahead: number,
  count: number,
  isSentAtTold: boolean,
): Promise<readonly Judgement[]> {
  const records = Array.from({ length: count }, (_, i) => {
    const receivedAt = START + i * 5 * MINUTE;
    const shown = receivedAt + ahead;
    const reading = { measured_at: shown - 1_000, temperature_c: 4 };
    const payload = isSentAtTold ? { ...reading, sent_at: shown } : reading;
    return messageRecord(organisation, DEVICE, receivedAt, payload);
  });
  await pipeline.append([...dayFacts(organisation, START), ...records]);
  await pipeline.applied();
  const all = await pipeline.judgements();
  return all.filter((each) => each.organisation === organisation).map((each) => each.judgement);
}

const kindsOf = (said: readonly Judgement[]): readonly string[] => [
  ...new Set(said.map(({ kind }) => kind)),
];

describe("what a device's clock is worth is said", () => {
  it("though every reading of it is refused, for it is more than a day ahead", async () => {
    const said = await told("refused", 30 * HOUR, 3, false);
    expect(said).toEqual([
      {
        kind: "clock-doubt-opened",
        device: DEVICE,
        fault: "ahead",
        offsetMs: 30 * HOUR - 1_000,
        errorMs: expect.any(Number) as number,
        certain: true,
        from: START,
      },
    ]);
  });

  it("of a clock that lost three hours, once that was seen live", async () => {
    const said = await told("lost", -185 * MINUTE, 6, true);
    expect(said.filter(({ kind }) => kind === "clock-doubt-opened")).toMatchObject([
      { fault: "behind", offsetMs: -185 * MINUTE, from: START },
    ]);
  });

  it("not of one that is in order", async () => {
    expect(kindsOf(await told("right", 0, 6, true))).toEqual(["timeline-changed"]);
  });
});
