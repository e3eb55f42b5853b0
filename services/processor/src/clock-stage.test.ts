import type { JudgementRecord } from "@unbroken/model";
import { EpochMs, HOUR, MINUTE } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { ClockStage } from "./clock-stage.ts";
import { CommitDraft } from "./commit-draft.ts";

const START = Date.parse("2026-05-05T00:00:00Z");

/** One message: received in this minute, sent when the device's clock was so far ahead, with readings since so long. */
interface Sent {
  readonly minute: number;
  readonly ahead: number;
  readonly backlog?: number;
}

interface Outcome {
  readonly said: readonly string[];
  /** From which minute on readings are judged again, by message. */
  readonly again: readonly (number | null)[];
  readonly doubts: number;
}

/** @param restartAfter messages after which all that is in memory is forgotten. */
async function observed(sent: readonly Sent[], restartAfter = Infinity): Promise<Outcome> {
  const state = new Map<string, Uint8Array | null>();
  const reader = {
    getState: (_: number, key: string) => Promise.resolve(state.get(key) ?? null),
  };
  let stage = new ClockStage(reader, 0);
  const judgements: JudgementRecord[] = [];
  const again: (number | null)[] = [];
  for (const [i, { minute, ahead, backlog = 0 }] of sent.entries()) {
    if (i % restartAfter === 0) stage = new ClockStage(reader, 0);
    const receivedAt = EpochMs(START + minute * MINUTE);
    const draft = new CommitDraft();
    const told = EpochMs(receivedAt + ahead);
    const from = await stage.observe(
      "acme",
      "d1",
      {
        telling: { told, by: "sent-at", sequence: null },
        receivedAt,
        measuredFrom: EpochMs(told - backlog * MINUTE),
      },
      receivedAt,
      draft,
    );
    again.push(from === null ? null : (from - START) / MINUTE);
    stage.flush(draft);
    for (const [key, bytes] of draft.commit(0, 0, 1).state) state.set(key, bytes);
    judgements.push(...draft.judgements);
  }
  const said = judgements.map(({ judgement }) => {
    if (!("fault" in judgement) || !("offsetMs" in judgement)) return judgement.kind;
    const { kind, fault, offsetMs, from } = judgement;
    const to = kind === "clock-doubt-closed" ? (judgement.to - START) / MINUTE : "";
    return `${fault} ${offsetMs / HOUR} h, ${(from - START) / MINUTE}–${to}`;
  });
  return { said, again, doubts: (await stage.doubts("acme", "d1")).length };
}

const every5 = (from: number, count: number, ahead: number): readonly Sent[] =>
  Array.from({ length: count }, (_, i) => ({ minute: from + 5 * i, ahead }));

describe("what is found of a device's clock", () => {
  it("is nothing while it is in order, and nothing is judged again", async () => {
    expect(await observed(every5(0, 20, 0))).toEqual({
      said: [],
      again: Array.from({ length: 20 }, () => null),
      doubts: 0,
    });
  });

  it("is said once, and what was received since is judged again from its earliest reading on", async () => {
    const { said, again, doubts } = await observed([
      ...every5(0, 3, 0),
      { minute: 15, ahead: -3 * HOUR, backlog: 7 },
      ...every5(20, 4, -3 * HOUR),
    ]);
    expect(said).toEqual(["zone -3 h, 15–"]);
    expect(again.filter((from) => from !== null)).toEqual([15 - 180 - 7]);
    expect(doubts).toBe(1);
  });

  it("ends when the clock is put right, and what was received from then on is judged anew", async () => {
    const { said, again, doubts } = await observed([
      ...every5(0, 3, HOUR / 2),
      ...every5(15, 6, 0),
    ]);
    expect(said[0]).toBe("ahead 0.5 h, 0–");
    expect(said.at(-1)).toBe("ahead 0.5 h, 0–15");
    expect(again.filter((from) => from !== null)).toEqual([30, 15]);
    // Readings that were received meanwhile stay in doubt.
    expect(doubts).toBe(1);
  });

  it.each([1, 2, 3])(
    "is the same when it is forgotten and read again after %i messages",
    async (n) => {
      const sent = [
        ...every5(0, 4, 0),
        ...every5(20, 6, -3.1 * HOUR),
        ...every5(50, 6, 8 * HOUR),
        ...every5(80, 8, 0),
      ];
      expect(await observed(sent, n)).toEqual(await observed(sent));
    },
  );
});
