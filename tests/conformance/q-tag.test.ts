import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MINUTE } from "@unbroken/units";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unbroken } from "../support/command-line.ts";
import { haveRecordings, qTagLabels, qTagRows } from "./recordings.ts";

// A Berlinger Q-tag CLm doc LR (WHO PQS E006) in a room at 10 °C, and what it printed of itself when it was read out.
// Its four alarms are stated as it was set to, the documents typed here by hand.

/** "T AL: 8.0, t AL: 30", type 2 (hot, single event) and so on, in the order of the print-out; alarm 3 is off. */
const PROFILE = {
  id: "q-tag",
  title: "Q-tag CLm doc LR, as set",
  // "Logging Interval: 10"
  cadence: "PT10M",
  rules: [
    { id: "alarm-1", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT30M" },
    { id: "alarm-2", cmp: "gt", limit: 8, mode: "cumulative", hold: "PT60M" },
    { id: "alarm-4", cmp: "lt", limit: 2, mode: "cumulative", hold: "PT60M" },
    { id: "alarm-5", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT30M" },
    // "MKT Energy: 83.0"; a window that is as long as the trip.
    {
      ...{ id: "mkt", quantity: "mkt", cmp: "gt", limit: 25, mode: "window", scope: "PT70H" },
      ...{ activation_kj: 83, severity: "warn" },
    },
  ],
};

interface Answer {
  readonly verdict: string;
  readonly rules: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly proven: number;
    readonly possible: number;
  }[];
  readonly excursions: readonly {
    readonly rule: string;
    readonly since: string;
    readonly until: string | null;
  }[];
  readonly mkt_c: number;
  readonly mean_c: number;
  readonly min_c: number;
  readonly max_c: number;
}

/** The tag shows one decimal and cuts off the rest: its mean of 10.47 is printed as 10.4. */
function cut(celsius: number): string {
  return (Math.floor(celsius * 10) / 10).toFixed(1);
}

describe.runIf(haveRecordings)("a Q-tag and its four alarms", () => {
  let answer: Answer;
  let dir: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "unbroken-q-tag-"));
    const rows = qTagRows().map(({ at, celsius }) => `${new Date(at).toISOString()},${celsius}`);
    writeFileSync(join(dir, "profile.json"), JSON.stringify(PROFILE));
    writeFileSync(join(dir, "rows.csv"), ["measured_at,temperature_c", ...rows, ""].join("\n"));
    const files = ["--profile", join(dir, "profile.json"), "--readings", join(dir, "rows.csv")];
    answer = JSON.parse(await unbroken("judge", ...files)) as Answer;
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("are those of its print-out", () => {
    const { alarm_config } = qTagLabels();
    // Type 1 is cold and 2 hot, each in a single event; 3 is cold and 4 hot, added up; 0 is off.
    const stated = Object.entries(alarm_config).flatMap(([n, { type, limit_c, minutes }]) =>
      type === 0
        ? []
        : [
            {
              id: `alarm-${n}`,
              cmp: type === 2 || type === 4 ? "gt" : "lt",
              limit: limit_c,
              mode: type <= 2 ? "consecutive" : "cumulative",
              hold: `PT${minutes ?? 0}M`,
            },
          ],
    );
    expect(stated).toEqual(PROFILE.rules.slice(0, 4));
  });

  it.each(["1", "2", "4", "5"])(
    "alarm %s: went off or did not, after as long as the tag says",
    (n) => {
      const said = qTagLabels().result.alarms[n]?.[0];
      const rule = answer.rules.find(({ id }) => id === `alarm-${n}`);
      expect(rule?.verdict).toBe(said === undefined ? "intact" : "broken");
      // The tag leaves out the value of the moment of its start, which it shows as out of limits: one interval.
      expect(Math.abs((rule?.proven ?? Number.NaN) - (said?.minutes_out ?? 0))).toBeLessThanOrEqual(
        10,
      );
      expect(rule?.possible).toBe(rule?.proven);
      const excursions = answer.excursions.filter((each) => each.rule === `alarm-${n}`);
      expect(excursions).toHaveLength(said === undefined ? 0 : 1);
      expect(excursions.every(({ until }) => until === null)).toBe(true);
    },
  );

  it.each([
    ["1", "first_out_of_limit"],
    ["2", "alarm_raised_at"],
  ] as const)("alarm %s: since when the tag says", (n, when) => {
    // A single event counts from when the range was left; a sum from when it was used up, which is when the tag rings.
    const said = qTagLabels().result.alarms[n]?.[0];
    const since = answer.excursions.find(({ rule }) => rule === `alarm-${n}`)?.since ?? "";
    const told = Date.parse(`${said?.[when].replace(" ", "T") ?? ""}Z`);
    expect(Math.abs(Date.parse(since) - told)).toBeLessThanOrEqual(10 * MINUTE);
  });

  it("mean kinetic and plain mean, lowest and highest: what the tag prints", () => {
    const { result } = qTagLabels();
    expect(cut(answer.mkt_c)).toBe(result.MKT);
    expect(cut(answer.mean_c)).toBe(result["Avrg T"]);
    expect(answer.min_c).toBe(result["Min T"].c);
    expect(answer.max_c).toBe(result["Max T"].c);
    // One more than the mean of 10.47 in the second decimal: with ΔH = 83 kJ/mol it is 10.479 of its 424 samples.
    expect(answer.mkt_c).toBeGreaterThan(answer.mean_c);
    expect(Math.abs(answer.mkt_c - 10.479)).toBeLessThan(0.01);
  });

  it("is broken by the heat, and not by the warning that nobody reached", () => {
    expect(answer.verdict).toBe("broken");
    expect(answer.rules.find(({ id }) => id === "mkt")?.verdict).toBe("intact");
  });
});
