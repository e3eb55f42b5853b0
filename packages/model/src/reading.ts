import type { EpochMs, Milli } from "@unbroken/units";
import { z } from "zod";
import type { Quantity } from "./quantity.ts";

/** Why a probe gave no value. A dead probe is a fact about the probe, not a temperature. */
export const FaultKind = z.enum([
  "absent",
  "open-circuit",
  "short-circuit",
  "out-of-span",
  "not-a-value",
  "device-reported",
  // Found by a profile's fault rules.
  "sentinel",
  "impossible-step",
  "stuck",
]);
export type FaultKind = z.infer<typeof FaultKind>;

/** What the probe said. */
export type Sample =
  | { readonly kind: "value"; readonly milli: Milli }
  | { readonly kind: "fault"; readonly fault: FaultKind };

/** The device's own numbering: `boot` changes whenever the counter starts anew. */
export interface Sequence {
  readonly boot: number;
  readonly number: number;
}

/**
 * Whose clock tells when something was measured: the device's; ours on arrival, less the time that the device says has
 * passed since; or the device's, put right by what it showed when it sent the message.
 */
export const TimeSource = z.enum(["device", "received", "corrected"]);
export type TimeSource = z.infer<typeof TimeSource>;

/**
 * One measured quantity of one sensor at one time. Its identity is (organisation, sensor, quantity,
 * measuredAt): the same value again changes nothing, a differing value for the same instant is a conflict.
 */
export interface Reading {
  readonly organisation: string;
  /** `device/probe`, unique in the organisation. */
  readonly sensor: string;
  readonly quantity: Quantity;
  /** Event time, by the clock that `timeSource` names. */
  readonly measuredAt: EpochMs;
  readonly timeSource: TimeSource;
  /** Ingest time by our clock. */
  readonly receivedAt: EpochMs;
  readonly sample: Sample;
  readonly sequence?: Sequence;
  /** Name and hash of the definition that decoded it: `own/1@9f2c…`. */
  readonly definition: string;
}
