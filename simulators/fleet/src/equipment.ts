import type { DurationMs } from "@unbroken/units";
import { minutes, seconds } from "./lengths.ts";
import type { BackfillOrder } from "./outbox.ts";
import type { ProbePlan } from "./probe.ts";
import type {
  ClockPlan,
  ContactPlan,
  DevicePlan,
  RadioPlan,
  SpacePlan,
  Traffic,
} from "./scenario.ts";
import type { ThermalPlan } from "./thermal-model.ts";

// Rooms, trucks and devices to build scenarios from. docs/simulator.md derives the figures.

const HOUR_S = 3_600;

/** A walk-in room of about 150 m³, part full. Off-cycle defrost: the fans melt the ice, no heater. */
export function coldRoom(setpointC: number): ThermalPlan {
  return {
    setpointC,
    bandC: 0.8,
    wallTauS: 4 * HOUR_S,
    doorTauS: 400,
    coolingCPerH: 14,
    restS: 180,
    product: { tauS: 5 * HOUR_S, ratio: 2 },
    defrost: { everyS: 8 * HOUR_S, forS: 900, heatCPerH: 0 },
  };
}

/** The same behind thicker panels, with a stronger unit and heated coils. */
export function frozenRoom(setpointC: number): ThermalPlan {
  return {
    ...coldRoom(setpointC),
    wallTauS: 6 * HOUR_S,
    coolingCPerH: 24,
    product: { tauS: 6 * HOUR_S, ratio: 1.5 },
    defrost: { everyS: 6 * HOUR_S, forS: 900, heatCPerH: 4 },
  };
}

/** A box body of about 30 m³ with K = 0.4 W/(m²·K), ATP "heavily insulated". */
export function truckBody(setpointC: number): ThermalPlan {
  return {
    setpointC,
    bandC: 0.7,
    wallTauS: 4 * HOUR_S,
    doorTauS: 240,
    coolingCPerH: 24,
    restS: 180,
    product: { tauS: 4 * HOUR_S, ratio: 1.5 },
    defrost: { everyS: 6 * HOUR_S, forS: 600, heatCPerH: 4 },
  };
}

/** Electric defrost as frozen rooms need it: half an hour in which the air warms by 6 to 8 K. */
export function defrostingRoom(setpointC: number): ThermalPlan {
  return {
    ...frozenRoom(setpointC),
    defrost: { everyS: 8 * HOUR_S, forS: 1_500, heatCPerH: 10 },
  };
}

export const busyDoor: Traffic = { perHour: 3, openS: [30, 90], opening: 0.1 };

const probe: ProbePlan = { lagS: 90, noiseC: 0.04, stepMilli: 100, offsetC: 0 };
const clock: ClockPlan = { skewMs: [-2_000, 2_000], driftPpm: [-20, 20] };
const fixedRadio: RadioPlan = { order: "block", resend: 0.005, dropsPerHour: 0, dropS: [0, 0] };

/** A logger in a room: wall power, Wi-Fi, with humidity. */
export function roomLogger(
  device: string,
  space: SpacePlan,
  change: Partial<DevicePlan> = {},
): DevicePlan {
  return {
    device,
    name: `${space.name.split(" (")[0] ?? space.name} 温度记录仪 (logger)`,
    space: space.space,
    cadence: minutes(1),
    jitter: seconds(2),
    probe,
    measuresHumidity: true,
    power: "mains",
    timeFormat: "rfc3339",
    clock,
    radio: fixedRadio,
    ...change,
  };
}

/** A logger on a truck: on battery, cellular, with short losses on mountain roads; a finer probe, no humidity. */
export function truckLogger(
  device: string,
  space: SpacePlan,
  order: BackfillOrder,
  change: Partial<DevicePlan> = {},
): DevicePlan {
  return {
    ...roomLogger(device, space),
    name: `${space.name.split(" (")[0] ?? space.name} 车载终端 (telematics)`,
    probe: { lagS: 60, noiseC: 0.06, stepMilli: 10, offsetC: 0 },
    measuresHumidity: false,
    power: "battery",
    timeFormat: "epoch-ms",
    radio: { order, resend: 0.02, dropsPerHour: 1, dropS: [20, 180] },
    ...change,
  };
}

/** A box at the door frame that hears the unit and the supply too, on a battery of its own. */
export function contactOf(
  device: string,
  space: SpacePlan,
  change: Partial<ContactPlan> = {},
): ContactPlan {
  return {
    device,
    name: `${space.name.split(" (")[0] ?? space.name} 门磁 (contact)`,
    space: space.space,
    watches: ["door", "defrost", "power"],
    // Within the gap of two and a half minutes: a silent contact proves no phase.
    heartbeat: minutes(2),
    timeFormat: "rfc3339",
    clock,
    radio: fixedRadio,
    ...change,
  };
}

/** For demonstrations: samples so often that a person can watch, by a clock that is never ahead. */
export function quick(cadence: DurationMs): Partial<DevicePlan> {
  return {
    cadence,
    jitter: 0 as DurationMs,
    clock: { skewMs: [-1_000, 0], driftPpm: [0, 0] },
    probe: { lagS: 20, noiseC: 0.03, stepMilli: 10, offsetC: 0 },
  };
}
