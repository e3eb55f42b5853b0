import { minutes } from "./lengths.ts";
import type { Story } from "./scenario.ts";
import type { DurationMs } from "@unbroken/units";

// What happens in cold rooms, with what it is to the people in charge.

/** How far a door lets through: behind a strip curtain, one whose curtain is tied back, one leaf of a truck's. */
export const CURTAIN = 0.12;
export const TIED_BACK = 0.3;
export const TRUCK_DOORS = 0.4;

export const doorThreeMinutes = (
  space: string,
  at: DurationMs,
  opening: number = CURTAIN,
): Story => ({
  kind: "door-open",
  space,
  at,
  lasts: minutes(3),
  opening,
  label: { kind: "door, 3 min", wake: false },
});

export const loadingTenMinutes = (
  space: string,
  at: DurationMs,
  opening: number = CURTAIN,
): Story => ({
  kind: "door-open",
  space,
  at,
  lasts: minutes(10),
  opening,
  label: { kind: "loading, 10 min", wake: false },
});

export const spike = (device: string, at: DurationMs): Story => ({
  kind: "probe-fault",
  fault: "spike",
  device,
  at,
  // One sample a minute: one of them falls within.
  lasts: minutes(1),
  label: { kind: "spike", wake: false },
});

export const radioGap = (device: string, at: DurationMs): Story => ({
  kind: "radio-gap",
  device,
  at,
  lasts: minutes(20),
  label: { kind: "radio gap, 20 min", wake: false },
});

export const compressorDead = (space: string, at: DurationMs, lasts: DurationMs): Story => ({
  kind: "breakdown",
  space,
  at,
  lasts,
  label: { kind: "compressor dead", wake: true },
});

export const reeferFailure = (space: string, at: DurationMs, lasts: DurationMs): Story => ({
  kind: "breakdown",
  space,
  at,
  lasts,
  label: { kind: "reefer failure", wake: true },
});

export const supplyCut = (space: string, at: DurationMs, lasts: DurationMs): Story => ({
  kind: "supply-cut",
  space,
  at,
  lasts,
  label: { kind: "supply cut", wake: true },
});

export const doorOneHour = (space: string, at: DurationMs, opening: number = CURTAIN): Story => ({
  kind: "door-open",
  space,
  at,
  lasts: minutes(60),
  opening,
  label: { kind: "door left open, 1 h", wake: true },
});

export const probeDead = (device: string, at: DurationMs, lasts: DurationMs): Story => ({
  kind: "probe-fault",
  fault: "open-circuit",
  device,
  at,
  lasts,
  label: { kind: "probe dead", wake: true },
});

export const deviceDead = (device: string, at: DurationMs, lasts: DurationMs): Story => ({
  kind: "power-cut",
  device,
  at,
  lasts,
  label: { kind: "device dead", wake: true },
});
