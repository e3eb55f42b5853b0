import type { Excursion, Judgement, JudgementRecord } from "@unbroken/model";
import { MINUTE } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { FAULT_TOLD_AFTER, toldAlerts } from "../support/told-alerts.ts";

const SPACES = new Map([["probe", "room"]]);

const judged = (judgedAt: number, judgement: Judgement): JudgementRecord => ({
  organisation: "acme",
  judgedAt,
  judgement,
});

const excursion: Excursion = {
  id: "room|high|high|0",
  space: "room",
  rule: "high",
  quantity: "air",
  side: "high",
  severity: "break",
  since: 0,
  until: null,
  ended: null,
  provenMs: 60_000,
  peak: 9_000,
  peakAt: 0,
  peakSensor: "probe/main",
  limit: 8_000,
  holdMs: 0,
  profileHash: "0".repeat(64),
  engine: "detection/1",
  revision: 1,
  retracted: false,
};

const fault = {
  sensor: "probe/main",
  quantity: "temperature",
  fault: "open-circuit",
  from: 0,
} as const;
const opened = judged(1_000, { kind: "fault-opened", ...fault });
const closedAt = (
  at: number,
  of: Partial<typeof fault> | { sensor: string } = {},
): JudgementRecord => judged(at, { kind: "fault-closed", ...fault, ...of, to: at });

describe("an excursion", () => {
  it("is told when it is opened, not when it is amended or closed", () => {
    const records = [
      judged(1_000, { kind: "excursion-opened", excursion }),
      judged(2_000, { kind: "excursion-amended", excursion, changed: ["peak"] }),
      judged(3_000, { kind: "excursion-closed", excursion }),
    ];
    expect(toldAlerts(records, SPACES)).toEqual([
      { space: "room", cause: "high", isWarning: false, at: 1_000 },
    ]);
  });

  it("of severity warn is a warning; of severity excursion it wakes", () => {
    const told = (["warn", "excursion"] as const).map((severity) =>
      judged(1_000, { kind: "excursion-opened", excursion: { ...excursion, severity } }),
    );
    expect(toldAlerts(told, SPACES).map(({ isWarning }) => isWarning)).toEqual([true, false]);
  });

  it("that late data put in the place of others was told before", () => {
    const moved = judged(1_000, {
      kind: "excursion-opened",
      excursion,
      replaces: ["room|high|high|9"],
    });
    expect(toldAlerts([moved], SPACES)).toEqual([]);
  });
});

describe("a probe without a value", () => {
  it("is told after a quarter of an hour", () => {
    expect(FAULT_TOLD_AFTER).toBe(15 * MINUTE);
    const told = { space: "room", cause: "fault", isWarning: false, at: 1_000 + FAULT_TOLD_AFTER };
    expect(toldAlerts([opened], SPACES)).toEqual([told]);
    expect(toldAlerts([opened, closedAt(1_000 + FAULT_TOLD_AFTER)], SPACES)).toEqual([told]);
  });

  it("is not told if it gives one before that, and another's value does not count", () => {
    const before = 999 + FAULT_TOLD_AFTER;
    expect(toldAlerts([opened, closedAt(before)], SPACES)).toEqual([]);
    expect(toldAlerts([opened, closedAt(before, { sensor: "other/main" })], SPACES)).toHaveLength(
      1,
    );
  });
});
