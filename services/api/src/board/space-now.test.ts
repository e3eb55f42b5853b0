import { profileOf, ProfileDocument, type Excursion, SpaceNow } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import type { SensorTrack } from "./sensor-track.ts";
import { spaceNow, type SpaceFacts } from "./space-now.ts";

const MINUTE = 60_000;
const NOW = 1_795_000_000_000;

const profile = profileOf(
  ProfileDocument.parse({
    id: "fridge",
    cadence: "PT5M",
    rules: [
      { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" },
      { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT60M" },
    ],
  }),
  "ab".repeat(32),
);

/** A sensor whose values came each five minutes, the last `ageMin` ago. */
function track(values: readonly (number | null)[], ageMin = 1, sensor = "d1/main"): SensorTrack {
  const at = (i: number): number => NOW - (ageMin + (values.length - 1 - i) * 5) * MINUTE;
  const last = values.at(-1) ?? null;
  return {
    organisation: "acme",
    sensor,
    measuredAt: at(values.length - 1),
    receivedAt: at(values.length - 1),
    milli: last === null ? null : Math.round(last * 1_000),
    fault: last === null ? "open-circuit" : null,
    points: values.flatMap((value, i) =>
      value === null ? [] : [{ at: at(i), milli: Math.round(value * 1_000) }],
    ),
  };
}

const excursion = (change: Partial<Excursion> = {}): Excursion => ({
  id: `cold|high|high|${NOW - 90 * MINUTE}`,
  space: "cold",
  rule: "high",
  quantity: "air",
  side: "high",
  severity: "break",
  since: NOW - 90 * MINUTE,
  until: null,
  ended: null,
  provenMs: 89 * MINUTE,
  peak: 11_250,
  peakAt: NOW - 5 * MINUTE,
  peakSensor: "d1/main",
  limit: 8_000,
  holdMs: 60 * MINUTE,
  profileHash: "ab".repeat(32),
  engine: "detection/1",
  revision: 1,
  retracted: false,
  ...change,
});

const facts = (change: Partial<SpaceFacts> = {}): SpaceFacts => ({
  space: { organisation: "acme", space: "cold", name: "Cold room", site: null, vehicle: null },
  site: null,
  vehicle: null,
  profile,
  confirmed: false,
  tracks: [track([4, 4, 4, 4, 4])],
  open: [],
  modeOf: () => "consecutive",
  timeline: [],
  alerts: [],
  warmingSince: null,
  outOfService: null,
  timeConstant: null,
  ...change,
});

describe("the condition of a space", () => {
  const steady = track([5, 5, 5, 5, 5]);
  it.each<[string, Partial<SpaceFacts>, SpaceNow["condition"]]>([
    ["in range and level", {}, "in-range"],
    ["exactly at the limit of a gt rule", { tracks: [track([8, 8, 8, 8])] }, "in-range"],
    ["0 °C under a low limit of 2", { tracks: [track([0])] }, "out"],
    ["above within the allowance", { tracks: [track([8.001])] }, "out"],
    ["an open break", { open: [excursion()] }, "broken"],
    ["an open warning alone", { open: [excursion({ severity: "warn" })] }, "in-range"],
    [
      "a break whose sensor fell silent",
      { open: [excursion()], tracks: [track([9], 60)] },
      "broken",
    ],
    [
      "rising into the limit within half an hour",
      { tracks: [track([6, 6.3, 6.6, 6.9])] },
      "warming",
    ],
    [
      "rising, but with more than half an hour left",
      { tracks: [track([5, 5.3, 5.6, 5.9])] },
      "in-range",
    ],
    ["falling into the low limit", { tracks: [track([4, 3.7, 3.4, 3.1])] }, "warming"],
    ["falling away from the high limit", { tracks: [track([7.9, 7.8, 7.7, 7.6])] }, "in-range"],
    ["rising too slowly", { tracks: [track([4, 4.01, 4.02, 4.03])] }, "in-range"],
    ["rising by three readings only", { tracks: [track([5, 5.5, 6])] }, "in-range"],
    ["wobbling without a direction", { tracks: [track([5, 7, 4.6, 7.2, 5.4, 7])] }, "in-range"],
    ["silent for as long as the gap", { tracks: [track([4, 4, 4, 4], 12.5)] }, "in-range"],
    ["silent for longer", { tracks: [track([4, 4, 4, 4], 12.6)] }, "unproven"],
    ["out and then silent", { tracks: [track([9, 9, 9, 9], 13)] }, "unproven"],
    ["a faulty probe", { tracks: [track([4, 4, null])] }, "unproven"],
    ["never heard", { tracks: [] }, "unproven"],
    ["without a profile", { profile: null }, "unproven"],
    ["one of two silent", { tracks: [steady, track([4], 30, "d2/main")] }, "unproven"],
    [
      "rising fast, but settling below the limit",
      { tracks: [track([5.5, 6.6, 7.15, 7.4, 7.53, 7.6, 7.63])] },
      "in-range",
    ],
    [
      "out of service, whatever its air is",
      {
        outOfService: { from: NOW - 60 * MINUTE, to: null, reason: "defrost" },
        tracks: [track([19])],
      },
      "out-of-service",
    ],
    ["one silent, one out", { tracks: [track([4], 30), track([9], 1, "d2/main")] }, "out"],
  ])("%s", (_, change, condition) => {
    expect(SpaceNow.parse(spaceNow(facts(change), NOW)).condition).toBe(condition);
  });
});

it("warnings, product rules, phases and windows are for the judgement: a tile's condition is of the air's limits", () => {
  const rules = [
    { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M", warn: { limit: 6 } },
    { id: "rise", cmp: "gt", limit: 1, mode: "rise", quantity: "air" },
    { id: "mkt", cmp: "gt", limit: 2, mode: "window", quantity: "mkt", scope: "PT24H" },
    { id: "handled", cmp: "gt", limit: 4, mode: "exposure", hold: "PT30M" },
    { id: "store", cmp: "gt", limit: 3, mode: "instant", phases: ["store"] },
    { id: "damp", quantity: "humidity", cmp: "lt", limit: 90, mode: "instant" },
  ];
  const rich = profileOf(ProfileDocument.parse({ id: "rich", rules }), "cd".repeat(32));
  const conditionAt = (celsius: number) =>
    spaceNow(facts({ profile: rich, tracks: [track([celsius])] }), NOW).condition;
  expect([conditionAt(7), conditionAt(8.001)]).toEqual(["in-range", "out"]);
});

it("a space out of service says since when and why, and its silence takes nothing from that", () => {
  const from = NOW - 60 * MINUTE;
  const shown = spaceNow(
    facts({
      outOfService: { from, to: null, reason: "coil replaced" },
      tracks: [track([4], 50)],
      timeline: [
        { from: NOW - 600 * MINUTE, to: from, class: "in" },
        { from, to: null, class: "off" },
      ],
    }),
    NOW,
  );
  const since = new Date(from).toISOString();
  expect(shown.out_of_service).toEqual({ since, until: null, reason: "coil replaced" });
  expect(shown.since).toBe(since);
  expect(shown.timeline.at(-1)).toEqual({ from: since, to: null, class: "off" });
});

describe("the worst sensor", () => {
  it.each([
    ["is the one nearest to its limit", [track([4]), track([7], 1, "d2/main")], "d2/main"],
    ["counts both sides", [track([2.1]), track([7], 1, "d2/main")], "d1/main"],
    [
      "is one that is heard before one that is not",
      [track([9], 60), track([4], 1, "d2/main")],
      "d2/main",
    ],
    ["is one with a value before a fault", [track([null]), track([4], 1, "d2/main")], "d2/main"],
  ])("%s", (_, tracks, sensor) => {
    expect(spaceNow(facts({ tracks }), NOW).worst?.sensor).toBe(sensor);
  });
});

describe("what a tile tells beside it", () => {
  it("says the trend in °C an hour", () => {
    expect(spaceNow(facts({ tracks: [track([5, 5.1, 5.2, 5.3])] }), NOW).trend_c_per_h).toBe(1.2);
  });

  it("draws no trend across a silence", () => {
    const { points, ...rest } = track([5, 5.1, 5.2, 5.3]);
    const torn = points.map((point, i) => (i < 2 ? { ...point, at: point.at - 3_600_000 } : point));
    expect(spaceNow(facts({ tracks: [{ ...rest, points: torn }] }), NOW).trend_c_per_h).toBeNull();
  });

  it("is broken since the range was left, not since it was noticed", () => {
    const { since, open } = spaceNow(facts({ open: [excursion()] }), NOW);
    expect(since).toBe(new Date(NOW - 90 * MINUTE).toISOString());
    expect(open[0]).toMatchObject({ peak_c: 11.25, minutes: 89, limit_c: 8 });
  });

  it("shows the last 24 hours, unproven from the last reading on where nothing more came", () => {
    const timeline = [{ from: NOW - 30 * 3_600_000, to: null, class: "in" as const }];
    const shown = spaceNow(facts({ timeline, tracks: [track([4], 60)] }), NOW);
    expect(shown.timeline).toEqual([
      {
        from: new Date(NOW - 24 * 3_600_000).toISOString(),
        to: new Date(NOW - 60 * MINUTE).toISOString(),
        class: "in",
      },
      { from: new Date(NOW - 60 * MINUTE).toISOString(), to: null, class: "unproven" },
    ]);
    expect(shown.since).toBe(new Date(NOW - 60 * MINUTE).toISOString());
  });
});
