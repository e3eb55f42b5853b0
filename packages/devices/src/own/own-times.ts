import { clockCorrection, type TimeSource } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Yield } from "../measurement.ts";
import {
  agedTime,
  millisecondsOf,
  sentTime,
  withinWindow,
  writable,
  type BadTime,
  type TimeWindow,
} from "../measured-time.ts";

// When something was measured, in own format v1: by the device's clock, by that clock put right, or by an age.

export type Row = Readonly<Record<string, unknown>>;

/** What a row takes from the batch around it where it says nothing itself. */
export interface Context {
  readonly probe: string | null;
  readonly boot: number;
  readonly at: EpochMs | null;
  /** What to add to the device's times, ms. */
  readonly correction: number;
}

/** What `sent_at` says has to be added to the device's times. @returns null if it is refused. */
export function correctionOf(
  object: Row,
  { correction }: Context,
  { receivedAt, isReceiptKnown }: TimeWindow,
  out: Yield,
): number | null {
  const stated = object["sent_at"];
  if (stated === undefined) return correction;
  const sentAt = sentTime(stated);
  if (typeof sentAt !== "number") {
    out.refuse(sentAt.code, "/sent_at", sentAt.detail);
    return null;
  }
  out.sentAt(sentAt);
  return isReceiptKnown ? clockCorrection(sentAt, receivedAt) : 0;
}

export function correctedTime(
  value: unknown,
  correction: number,
  window: TimeWindow,
  out: Yield,
): EpochMs | BadTime {
  const ms = millisecondsOf(value);
  if (typeof ms !== "number") return ms;
  const told = writable(ms);
  if (typeof told !== "number") return told;
  out.stated(told, null);
  return withinWindow(told + correction, window);
}

/** When a row was measured, and by whose clock. @returns null if refused. */
export function rowTime(
  row: Row,
  pointer: string,
  { at, correction }: Context,
  window: TimeWindow,
  out: Yield,
): { readonly measuredAt: EpochMs; readonly timeSource: TimeSource } | null {
  const age = row["age_s"];
  if (age === undefined) {
    if (at === null) return { measuredAt: window.receivedAt, timeSource: "received" };
    return { measuredAt: at, timeSource: correction === 0 ? "device" : "corrected" };
  }
  if (row["measured_at"] !== undefined) {
    out.refuseAt("UB_PAYLOAD_SHAPE", pointer, "age_s", "it was measured_at a time or is of an age");
    return null;
  }
  const measuredAt = agedTime(age, window);
  if (typeof measuredAt === "number") return { measuredAt, timeSource: "received" };
  out.refuseAt(measuredAt.code, pointer, "age_s", measuredAt.detail);
  return null;
}

interface ColumnTimes {
  readonly timeAt: (i: number) => EpochMs | BadTime;
  readonly timeSource: TimeSource;
  readonly pointerAt: (i: number) => string;
}

/** When each row was measured: `t`, or `t0` and `dt`, or `age_s`. @returns null if refused. */
export function timesOf(
  columns: Row,
  length: number,
  correction: number,
  window: TimeWindow,
  out: Yield,
): ColumnTimes | null {
  const stated = ["t", "t0", "dt", "age_s"].filter((key) => columns[key] !== undefined).join(" ");
  const timeSource = correction === 0 ? "device" : "corrected";
  if (stated === "t" || stated === "age_s") {
    const list: unknown = columns[stated];
    if (!Array.isArray(list) || list.length !== length) {
      const what = stated === "t" ? "times" : "ages";
      out.refuse("UB_PAYLOAD_SHAPE", `/${stated}`, `a list of ${length} ${what}, one a value`);
      return null;
    }
    const rows = list as readonly unknown[];
    const pointerAt = (i: number): string => `/${stated}/${i}`;
    return stated === "age_s"
      ? { timeAt: (i) => agedTime(rows[i], window), timeSource: "received", pointerAt }
      : { timeAt: (i) => correctedTime(rows[i], correction, window, out), timeSource, pointerAt };
  }
  if (stated !== "t0 dt") {
    out.refuse("UB_PAYLOAD_SHAPE", "", "columns have their times in t, in t0 and dt, or in age_s");
    return null;
  }
  const { t0, dt } = columns as { readonly t0?: unknown; readonly dt?: unknown };
  if (!isCount(dt) || dt === 0) {
    out.refuse("UB_PAYLOAD_SHAPE", "/dt", "whole milliseconds, at least 1");
    return null;
  }
  const start = millisecondsOf(t0);
  if (typeof start === "number")
    return {
      timeAt: (i) => correctedTime(start + i * dt, correction, window, out),
      timeSource,
      pointerAt: () => "/t0",
    };
  out.refuse(start.code, "/t0", start.detail);
  return null;
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
