import type { Scenario } from "./scenario.ts";
import { calmDay } from "./scenarios/calm-day.ts";
import { deadCompressor } from "./scenarios/dead-compressor.ts";
import { demo } from "./scenarios/demo.ts";
import { doorLeftOpen } from "./scenarios/door-left-open.ts";
import { flappingProbe } from "./scenarios/flapping-probe.ts";
import { compressorDiesLoaded } from "./scenarios/labelled/compressor-dies-loaded.ts";
import { doorsAndDefrost } from "./scenarios/labelled/doors-and-defrost.ts";
import { mixedWeek } from "./scenarios/labelled/mixed-week.ts";
import { reeferFailsOnRoad } from "./scenarios/labelled/reefer-fails-on-road.ts";
import { truckTunnel } from "./scenarios/truck-tunnel.ts";

/** All scenarios, in the order in which they are listed. */
export const scenarios: readonly Scenario[] = [
  calmDay,
  doorLeftOpen,
  deadCompressor,
  truckTunnel,
  flappingProbe,
  demo,
];

/** Days with labels, for measuring alerts by: what happens in them, and whether somebody must be woken. */
export const labelledScenarios: readonly Scenario[] = [
  doorsAndDefrost,
  compressorDiesLoaded,
  reeferFailsOnRoad,
  mixedWeek,
];

/** Null if no scenario has this name. */
export function scenarioNamed(name: string): Scenario | null {
  return [...scenarios, ...labelledScenarios].find((scenario) => scenario.name === name) ?? null;
}
