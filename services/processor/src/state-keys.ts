import type { Excursion, Quantity } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";

// The keys of the processor's state. Readers of the outputs know `excursion/`, `timeline/`, `last/` and
// `clock-findings/`.

const digits = (n: number): string => String(n).padStart(16, "0");

/** What is kept of a temperature stands under the plain word, what is kept of another quantity under `word.quantity`. */
const wordFor = (word: string, quantity: Quantity): string =>
  quantity === "temperature" ? word : `${word}.${quantity}`;

/** The newest stretch of a sensor sorts first, for it is the one that is wanted. */
export function stretchKey(
  organisation: string,
  sensor: string,
  quantity: Quantity,
  start: EpochMs,
): string {
  return `${stretchPrefix(organisation, sensor, quantity)}${digits(Number.MAX_SAFE_INTEGER - start)}`;
}

export function stretchPrefix(organisation: string, sensor: string, quantity: Quantity): string {
  // A sensor's name may hold `/` and be the beginning of another's; a space is in neither.
  return `${wordFor("history", quantity)}/${organisation}/${sensor} `;
}

export function lastKey(organisation: string, sensor: string, quantity: Quantity): string {
  return `${lastPrefix(quantity)}${organisation}/${sensor}`;
}

export function lastPrefix(quantity: Quantity): string {
  return `${wordFor("last", quantity)}/`;
}

export function faultKey(organisation: string, sensor: string, quantity: Quantity): string {
  return `${wordFor("fault", quantity)}/${organisation}/${sensor}`;
}

/** What the latest message changed of what is known of a device's clock; what seldom changes stands by itself. */
export function deviceClockKey(organisation: string, device: string): string {
  return `device-clock/${organisation}/${device}`;
}

export function clockRateKey(organisation: string, device: string): string {
  return `clock-rate/${organisation}/${device}`;
}

export function clockFindingsKey(organisation: string, device: string): string {
  return `clock-findings/${organisation}/${device}`;
}

export function liveKey(organisation: string, space: string): string {
  return `space/${organisation}/${space}`;
}

export function snapshotsKey(organisation: string, space: string): string {
  return `snapshots/${organisation}/${space}`;
}

export function timelineKey(organisation: string, space: string): string {
  return `timeline/${organisation}/${space}`;
}

export function excursionPrefix(organisation: string, space: string): string {
  return `excursion/${organisation}/${space}/`;
}

export function excursionKey(
  organisation: string,
  { space, since, rule, side }: Excursion,
): string {
  return `${excursionPrefix(organisation, space)}${digits(since)}/${rule}/${side}`;
}

export function foundFaultsKey(organisation: string, space: string): string {
  return `found-faults/${organisation}/${space}`;
}

/** The latest time of our clock that the log has told. */
export const CLOCK_KEY = "clock";
