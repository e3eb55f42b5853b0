import { describe, expect, it } from "vitest";
import { payloadOf } from "./reading.ts";
import { scenarioNamed } from "./scenarios.ts";
import type { Scenario } from "./scenario.ts";
import type { Turn } from "./simulated-device.ts";
import { Simulation } from "./simulation.ts";
import { truthOf } from "./truth.ts";

const START = Date.parse("2026-07-05T09:30:00+08:00");
const HOUR_MS = 3_600_000;
const history = { lasts: 24 * HOUR_MS, cadence: 60_000 };

function scenarioOf(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario === null) throw new Error(`no scenario ${name}`);
  return scenario;
}

describe("a simulation", () => {
  it("gives the same turns in one piece and in many", () => {
    const scenario = scenarioOf("calm-day");
    const whole = new Simulation(scenario, { seed: 5, start: START }).advance(START + 3 * HOUR_MS);
    const cut = new Simulation(scenario, { seed: 5, start: START });
    const pieces: Turn[] = [];
    for (let at = START; at < START + 3 * HOUR_MS; at += 7_001) pieces.push(...cut.advance(at));
    pieces.push(...cut.advance(START + 3 * HOUR_MS));
    expect(pieces).toEqual(whole);
    expect(whole).toHaveLength(5 * 180);
  });

  it("joins a coarse history to the live samples without a gap", () => {
    // No whole number of its cadence, so that the two do not fall in step by chance.
    const odd = { ...history, lasts: history.lasts - 23_000 };
    const simulation = new Simulation(scenarioOf("demo"), { seed: 1, start: START, history: odd });
    const turns = simulation
      .advance(START + 60_000)
      .filter(({ device }) => device === "dali-dairy-1-a");
    const gaps = turns.map(({ at }, i) => at - (turns[i - 1]?.at ?? at)).slice(1);
    const coarse = gaps.filter((gap) => gap > 5_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
    expect(turns.filter(({ at }) => at >= START && at < START + 5_000)).toHaveLength(1);
    expect(coarse.length).toBeGreaterThan(1_430);
    expect(gaps.slice(-10)).toEqual(Array.from({ length: 10 }, () => 5_000));
  });

  it.each([
    [1, 60_000],
    [2, 60_000],
    [3, 120_000],
  ])(
    "has a calm day before the demo, but for a truck without power (seed %d, a sample each %d ms)",
    (seed, cadence) => {
      const scenario = scenarioOf("demo");
      const turns = new Simulation(scenario, {
        seed,
        start: START,
        history: { ...history, cadence },
      }).advance(START);
      const messages = turns.flatMap(({ device, messages: sent }) =>
        sent.map((readings) => ({
          topic: `unbroken/v1/o/${device}/up`,
          payload: payloadOf(readings, "epoch-ms"),
        })),
      );
      const truth = truthOf({ scenario, messages, start: START - history.lasts, end: START });
      expect(truth.filter((line) => "rule" in line)).toEqual([]);
      const doubtful = truth.filter(
        (line) => "unproven_minutes" in line && line.unproven_minutes > 2.5,
      );
      expect(doubtful.map(({ space }) => space)).toEqual(["truck-l2718-body"]);
    },
  );
});
