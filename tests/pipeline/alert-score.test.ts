import type { Label } from "@unbroken/fleet";
import { EpochMs, MINUTE, formatIsoTime } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { joined, scoreOf, type ToldAlert, type ToldRun } from "../support/alert-score.ts";

// What counts as justified, needless, found and missed, on made-up runs. Minutes after START.

const START = Date.parse("2026-01-05T00:00:00Z");
const at = (minute: number): number => START + minute * MINUTE;
const iso = (minute: number): string => formatIsoTime(EpochMs(at(minute)));

interface Event {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly space?: string;
  readonly out?: readonly [from: number, back: number | null];
}

const label = (wake: boolean, { kind, from, to, space = "room", out }: Event): Label => ({
  organisation: "acme",
  space,
  kind,
  from: iso(from),
  to: iso(to),
  wake,
  product_out_at: out === undefined ? null : iso(out[0]),
  product_back_at: out === undefined || out[1] === null ? null : iso(out[1]),
});

const alert = (minute: number, space = "room", isWarning = false): ToldAlert => ({
  space,
  cause: "high",
  isWarning,
  at: at(minute),
});

const run = (labels: readonly Label[], alerts: readonly ToldAlert[]): ToldRun => ({
  labels,
  alerts,
  hours: 10,
  operatorOf: (space) => (space === "room" ? "here" : "there"),
  operators: 2,
});

const dead = label(true, { kind: "dead", from: 100, to: 200, out: [160, 400] });

describe("an alert", () => {
  it.each([
    ["before the incident", alert(99), false],
    ["as it begins", alert(100), true],
    ["an hour after its end", alert(260), true],
    ["while the core that it warmed is still out", alert(399), true],
    ["when the core is back", alert(400), false],
    ["in another room", alert(150, "other"), false],
  ])("%s is justified or not", (_, told, isJustified) => {
    const { justified, needless } = scoreOf(run([dead], [told]));
    expect([justified, needless]).toEqual(isJustified ? [1, 0] : [0, 1]);
  });

  it("that is a warning neither wakes nor finds anything", () => {
    const score = scoreOf(run([dead], [alert(120, "room", true), alert(50, "room", true)]));
    expect(score).toMatchObject({ justified: 0, needless: 0, warnings: [1, 1] });
    expect(score.incidents).toEqual([{ kind: "dead", toldAfter: null, ahead: null }]);
  });

  it("that is needless is put down to all that was going on", () => {
    const labels = [
      label(false, { kind: "door", from: 10, to: 13 }),
      label(false, { kind: "defrost", from: 0, to: 25 }),
      label(false, { kind: "people", from: 12, to: 13 }),
      label(false, { kind: "people", from: 70, to: 71 }),
      label(false, { kind: "spike", from: 10, to: 11, space: "other" }),
    ];
    const { needlessBy } = scoreOf(run(labels, [alert(20), alert(50), alert(75), alert(120)]));
    expect(Object.fromEntries(needlessBy)).toEqual({
      "defrost + door": 1,
      defrost: 1,
      people: 1,
      nothing: 1,
    });
  });
});

describe("an incident", () => {
  it("is told of by its first alert, so long after it began and so long before the core was out", () => {
    const { incidents } = scoreOf(run([dead], [alert(170), alert(130), alert(20)]));
    expect(incidents).toEqual([{ kind: "dead", toldAfter: 30 * MINUTE, ahead: 30 * MINUTE }]);
  });

  it("is told of too late if the core was out before", () => {
    const { incidents } = scoreOf(run([dead], [alert(170)]));
    expect(incidents[0]?.ahead).toBe(-10 * MINUTE);
  });
});

describe("what an operator is told", () => {
  it("is counted by hour and operator, and for the busiest ten minutes of one of them", () => {
    const alerts = [0, 5, 9, 10, 30].map((minute) => alert(minute));
    const others = [3, 4].map((minute) => alert(minute, "other"));
    const score = scoreOf(run([], [...alerts, ...others]));
    expect(score.perOperatorHour).toBe(7 / 20);
    expect(score.busiest).toBe(3);
  });

  it("adds up over runs, and its rate is their mean", () => {
    const one = scoreOf(run([dead], [alert(120), alert(20)]));
    const two = scoreOf(run([dead], [alert(20), alert(21), alert(22)]));
    expect(joined([one, two])).toMatchObject({
      justified: 1,
      needless: 4,
      busiest: 3,
      perOperatorHour: (2 / 20 + 3 / 20) / 2,
    });
    expect(joined([one, two]).incidents.map(({ toldAfter }) => toldAfter)).toEqual([
      20 * MINUTE,
      null,
    ]);
    expect(joined([one, two]).needlessBy.get("nothing")).toBe(4);
  });
});
