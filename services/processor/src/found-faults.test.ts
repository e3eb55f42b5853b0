import { noSameValues, type SameValues, type TimedSample } from "@unbroken/detection";
import type { FaultRules, JudgementRecord } from "@unbroken/model";
import { DurationMs, EpochMs, MINUTE, Milli } from "@unbroken/units";
import { expect, it } from "vitest";
import { CommitDraft } from "./commit-draft.ts";
import { FoundFaults } from "./found-faults.ts";

const rules: FaultRules = {
  sentinels: [Milli(85_000)],
  step: { by: Milli(10_000), within: DurationMs(10 * MINUTE) },
  stuck: { for: DurationMs(30 * MINUTE), while: Milli(2_000) },
};
const at = (minute: number): EpochMs => EpochMs(minute * MINUTE);

/** Since minute 0 the same, while another sensor had moved by minute 20. */
const stuckAt4: SameValues = {
  "d1/main": { value: Milli(4_000), since: at(0), last: at(40), movedAt: at(20), siblings: {} },
};

/** One reading every five minutes, looked at after each; restarted after each. */
async function said(
  celsius: readonly (number | null)[],
  same: SameValues = noSameValues,
): Promise<readonly string[]> {
  const stored = new Map<string, Uint8Array | null>();
  const samples: TimedSample[] = [];
  const judgements: JudgementRecord[] = [];
  for (const [i, value] of celsius.entries()) {
    if (value !== null)
      samples.push({ at: at(5 * i), sample: { kind: "value", milli: Milli(value * 1_000) } });
    const faults = new FoundFaults({
      state: { getState: (_, key) => Promise.resolve(stored.get(key) ?? null) },
      partition: 0,
      historyOf: (_organisation, _sensor, _quantity, from) =>
        Promise.resolve(
          samples.slice(
            Math.max(
              0,
              samples.findLastIndex((s) => s.at <= from),
            ),
          ),
        ),
    });
    const draft = new CommitDraft();
    const searched = { organisation: "acme", space: "room", rules, sensors: ["d1/main"], same };
    await faults.look(searched, at(5 * i), draft);
    for (const [key, bytes] of draft.commit(0, 0, 1).state) stored.set(key, bytes);
    judgements.push(...draft.judgements);
  }
  return judgements.map(({ judgement }) => {
    if (judgement.kind !== "fault-opened" && judgement.kind !== "fault-closed") return "?";
    const to = judgement.kind === "fault-closed" ? judgement.to / MINUTE : "";
    return `${judgement.fault} ${judgement.from / MINUTE}–${to}`;
  });
}

it.each<readonly [string, readonly (number | null)[], SameValues, readonly string[]]>([
  ["nothing", [4, 5, 14, 15, 4], noSameValues, []],
  [
    "a sentinel while it lasts, once",
    [4, 85, 85, 4],
    noSameValues,
    ["sentinel 5–", "sentinel 5–15"],
  ],
  [
    "a step that comes back, once it has",
    [4, 20, 4, 4],
    noSameValues,
    ["impossible-step 5–", "impossible-step 5–10"],
  ],
  ["no step that stays", [4, 20, 20, 20], noSameValues, []],
  ["no step across a longer silence", [4, null, null, 20, 4], noSameValues, []],
  ["a value that is stuck, from when it was", [4, 4, 4, 4, 4, 4, 4], stuckAt4, ["stuck 30–"]],
  ["and that it moves again", [4, 4, 4, 4, 4, 4, 4, 5], stuckAt4, ["stuck 30–", "stuck 30–35"]],
])("a profile's fault rules say of a probe: %s", async (_, celsius, same, expected) => {
  expect(await said(celsius, same)).toEqual(expected);
});
