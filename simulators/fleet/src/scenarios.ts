import type { Scenario } from "./scenario.ts";
import { calmDay } from "./scenarios/calm-day.ts";
import { deadCompressor } from "./scenarios/dead-compressor.ts";
import { demo } from "./scenarios/demo.ts";
import { doorLeftOpen } from "./scenarios/door-left-open.ts";
import { flappingProbe } from "./scenarios/flapping-probe.ts";
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

/** Null if no scenario has this name. */
export function scenarioNamed(name: string): Scenario | null {
  return scenarios.find((scenario) => scenario.name === name) ?? null;
}
