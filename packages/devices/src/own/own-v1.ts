import { FaultKind, PROBE_NAME, isPossible, type Sequence } from "@unbroken/model";
import { EpochMs, milliOf, Milli } from "@unbroken/units";
import { CborOpaque, isObject } from "../cbor/cbor-value.ts";
import type { Known, Yield } from "../measurement.ts";
import type { TimeWindow } from "../measured-time.ts";
import {
  correctedTime,
  correctionOf,
  isCount,
  rowTime,
  timesOf,
  type Context,
  type Row,
} from "./own-times.ts";
import { ownFields } from "./own-v1-definition.ts";

// Own format v1: docs/formats/own-v1.md. Strict, so that a misspelt `measured_at` is not taken for a message
// without a time: an unknown or ill-formed key refuses the reading it stands in; a value that cannot be refuses
// itself alone.

const none: Context = { probe: null, boot: 0, at: null, correction: 0 };
const fieldNames = ownFields.map((entry) => entry.field);
const rowKeys: ReadonlySet<string> = new Set([
  ...fieldNames,
  ...["fault", "measured_at", "age_s", "sensor", "seq", "boot"],
]);
const loneRowKeys: ReadonlySet<string> = new Set([...rowKeys, "sent_at"]);
const batchKeys: ReadonlySet<string> = new Set([
  ...["readings", "measured_at", "sensor", "boot", "sent_at"],
]);
const columnsKeys: ReadonlySet<string> = new Set([
  ...fieldNames,
  ...["t", "t0", "dt", "age_s", "sensor", "seq", "boot", "sent_at"],
]);

/** Reads a message in own format v1: one reading, a batch of them, or columns. */
export function readOwnV1(message: Row, window: TimeWindow, batchMax: number, out: Yield): void {
  if (message["readings"] !== undefined) readBatch(message, window, batchMax, out);
  else if (isColumns(message)) readColumns(message, window, batchMax, out);
  else readRow(message, "", loneRowKeys, none, window, out);
}

function isColumns(message: Row): boolean {
  if (message["t"] !== undefined || message["t0"] !== undefined) return true;
  return [...fieldNames, "age_s"].some((field) => Array.isArray(message[field]));
}

function readBatch(batch: Row, window: TimeWindow, batchMax: number, out: Yield): void {
  const context = contextOf(batch, "", batchKeys, none, window, out);
  if (context === null) return;
  const rows: unknown = batch["readings"];
  if (!Array.isArray(rows)) {
    out.refuse("UB_PAYLOAD_SHAPE", "/readings", "readings is a list");
    return;
  }
  if (!isLengthAllowed(rows.length, "/readings", batchMax, out)) return;
  rows.forEach((row: unknown, i) => {
    const pointer = `/readings/${i}`;
    if (isObject(row)) readRow(row, pointer, rowKeys, context, window, out);
    else out.refuse("UB_PAYLOAD_SHAPE", pointer, "a reading is an object");
  });
}

function isLengthAllowed(length: number, pointer: string, max: number, out: Yield): boolean {
  if (length === 0) out.refuse("UB_PAYLOAD_SHAPE", pointer, "there is no reading in it");
  else if (length > max)
    out.refuse("UB_BATCH_TOO_LONG", pointer, `${length} readings; ${max} is the most`);
  else return true;
  return false;
}

/** Checks the keys of an object and reads those that say who and when. @returns null if refused. */
function contextOf(
  object: Row,
  pointer: string,
  keys: ReadonlySet<string>,
  outer: Context,
  window: TimeWindow,
  out: Yield,
): Context | null {
  for (const key of Object.keys(object)) {
    if (keys.has(key)) continue;
    out.refuseAt("UB_PAYLOAD_SHAPE", pointer, key, "own format v1 has no such key here");
    return null;
  }
  const { probe, boot } = outer;
  let { at } = outer;
  const sensor = object["sensor"];
  if (sensor !== undefined && (typeof sensor !== "string" || !PROBE_NAME.test(sensor))) {
    out.refuseAt("UB_SENSOR_NAME", pointer, "sensor", "1 to 128 of A–Z a–z 0–9 _ . : / -");
    return null;
  }
  const ownBoot = object["boot"];
  if (ownBoot !== undefined && !isCount(ownBoot)) {
    out.refuseAt("UB_PAYLOAD_SHAPE", pointer, "boot", "a whole number from 0 to 2⁵³ − 1");
    return null;
  }
  const correction = correctionOf(object, outer, window, out);
  if (correction === null) return null;
  const measuredAt = object["measured_at"];
  if (measuredAt !== undefined) {
    const time = correctedTime(measuredAt, correction, window, out);
    if (typeof time !== "number") {
      out.refuseAt(time.code, pointer, "measured_at", time.detail);
      return null;
    }
    at = time;
  }
  return { probe: sensor ?? probe, boot: (ownBoot ?? boot) + 0, at, correction };
}

function readRow(
  row: Row,
  pointer: string,
  keys: ReadonlySet<string>,
  outer: Context,
  window: TimeWindow,
  out: Yield,
): void {
  const context = contextOf(row, pointer, keys, outer, window, out);
  if (context === null) return;
  const sequence = sequenceOf(row, pointer, context.boot, out);
  if (sequence === undefined) return;
  const fault = faultOf(row, pointer, out);
  if (fault === undefined) return;
  const time = rowTime(row, pointer, context, window, out);
  if (time === null) return;
  const { measuredAt, timeSource } = time;
  if (timeSource !== "received") out.stated(EpochMs(measuredAt - context.correction), sequence);
  let fields = 0;
  for (const entry of ownFields) {
    const value = row[entry.field];
    if (value === undefined) continue;
    fields++;
    const what = knownOf(value, entry, pointer, entry.field, fault, out);
    if (what === null) continue;
    const { field } = entry;
    const { probe } = context;
    out.measurements.push({ field, probe, measuredAt, timeSource, what, sequence });
  }
  if (fields === 0)
    out.refuse(
      "UB_PAYLOAD_SHAPE",
      pointer,
      `it measures nothing: none of ${fieldNames.join(", ")}`,
    );
}

/** @returns null where there is none, undefined if refused. */
function sequenceOf(
  row: Row,
  pointer: string,
  boot: number,
  out: Yield,
): Sequence | null | undefined {
  const seq = row["seq"];
  if (seq === undefined) return null;
  if (isCount(seq)) return { boot, number: seq === 0 ? 0 : seq };
  out.refuseAt("UB_PAYLOAD_SHAPE", pointer, "seq", "a whole number from 0 to 2⁵³ − 1");
  return undefined;
}

/** The kind of fault for the fields that are null, undefined if refused. */
function faultOf(row: Row, pointer: string, out: Yield): FaultKind | undefined {
  const fault = row["fault"];
  if (fault === undefined) return "not-a-value";
  if (!isFaultKind(fault)) {
    out.refuseAt("UB_PAYLOAD_SHAPE", pointer, "fault", `one of ${faultKinds.join(", ")}`);
    return undefined;
  }
  if (fieldNames.some((field) => isNoValue(row[field]))) return fault;
  out.refuseAt("UB_PAYLOAD_SHAPE", pointer, "fault", "it says why a field is null, and none is");
  return undefined;
}

const faultKinds: readonly string[] = FaultKind.options;

function isFaultKind(value: unknown): value is FaultKind {
  return typeof value === "string" && faultKinds.includes(value);
}

/** Null, or the NaN that CBOR can say and JSON cannot. */
function isNoValue(value: unknown): boolean {
  return value === null || Number.isNaN(value);
}

/** @returns null if refused. */
function knownOf(
  value: unknown,
  { quantity, as }: (typeof ownFields)[number],
  pointer: string,
  token: string | number,
  fault: FaultKind,
  out: Yield,
): Known | null {
  if (isNoValue(value)) return { kind: "known", quantity, sample: { kind: "fault", fault } };
  if (typeof value !== as) {
    const what = value instanceof CborOpaque ? `; this is CBOR's ${value.what}` : "";
    out.refuseAt("UB_PAYLOAD_SHAPE", pointer, token, `a ${as} or null${what}`);
    return null;
  }
  const milli = typeof value === "boolean" ? Milli(value ? 1000 : 0) : milliOf(value as number);
  if (milli !== null && isPossible(quantity, milli))
    return { kind: "known", quantity, sample: { kind: "value", milli } };
  out.refuseAt("UB_VALUE_RANGE", pointer, token, `not a possible ${quantity}`);
  return null;
}

function readColumns(columns: Row, window: TimeWindow, batchMax: number, out: Yield): void {
  const context = contextOf(columns, "", columnsKeys, none, window, out);
  if (context === null) return;
  const first = sequenceOf(columns, "", context.boot, out);
  if (first === undefined) return;
  const length = lengthOf(columns, batchMax, out);
  if (length === null) return;
  if (first !== null && !isCount(first.number + length)) {
    out.refuse("UB_PAYLOAD_SHAPE", "/seq", "the last row's number passes 2⁵³ − 1");
    return;
  }
  const times = timesOf(columns, length, context.correction, window, out);
  if (times === null) return;
  const { timeAt, timeSource } = times;
  for (let i = 0; i < length; i++) {
    const time = timeAt(i);
    if (typeof time !== "number") {
      out.refuse(time.code, times.pointerAt(i), time.detail);
      continue;
    }
    const sequence = first === null ? null : { boot: first.boot, number: first.number + i };
    if (timeSource !== "received") out.stated(EpochMs(time - context.correction), sequence);
    for (const entry of ownFields) {
      const column = columns[entry.field];
      if (column === undefined) continue;
      const value = (column as readonly unknown[])[i];
      const what = knownOf(value, entry, `/${entry.field}`, i, "not-a-value", out);
      if (what === null) continue;
      out.measurements.push({
        field: entry.field,
        probe: context.probe,
        measuredAt: time,
        timeSource,
        what,
        sequence,
      });
    }
  }
}

/** The length that all columns have. @returns null if refused. */
function lengthOf(columns: Row, batchMax: number, out: Yield): number | null {
  let length: number | null = null;
  for (const field of fieldNames) {
    const column = columns[field];
    if (column === undefined) continue;
    if (!Array.isArray(column)) {
      out.refuse("UB_PAYLOAD_SHAPE", `/${field}`, "beside columns it is a list too");
      return null;
    }
    if (length !== null && column.length !== length) {
      out.refuse("UB_PAYLOAD_SHAPE", `/${field}`, `${column.length} values, ${length} before it`);
      return null;
    }
    length = column.length;
  }
  if (length !== null) return isLengthAllowed(length, "", batchMax, out) ? length : null;
  out.refuse("UB_PAYLOAD_SHAPE", "", `it measures nothing: none of ${fieldNames.join(", ")}`);
  return null;
}
