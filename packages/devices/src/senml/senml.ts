import { PROBE_NAME, isPossible, type Quantity } from "@unbroken/model";
import { Milli, milliOf, type EpochMs } from "@unbroken/units";
import { isObject } from "../cbor/cbor-value.ts";
import type { Known, Other, Yield } from "../measurement.ts";
import { withinWindow, writable, type BadTime, type TimeWindow } from "../measured-time.ts";
import { pointerTo } from "../refusal.ts";
import { senmlSwitches, senmlUnits } from "./senml-definition.ts";

// Sensor Measurement Lists, RFC 8428, both forms. A bad base field refuses the pack, for it would change the
// meaning of every record after it; any other mistake refuses its record alone.

type SenmlRecord = Readonly<Record<string, unknown>>;

interface Base {
  bn: string;
  bt: number;
  bu: string | null;
  bv: number;
}

/** The version that RFC 8428 defines (§4.4); a pack of a higher one must not be used. */
const VERSION = 10;
/** Below this a time is relative to now (§4.5.3). */
const RELATIVE_BELOW = 2 ** 28;

/** Reads a SenML pack. */
export function readSenml(
  pack: readonly unknown[],
  window: TimeWindow,
  batchMax: number,
  out: Yield,
): void {
  if (pack.length === 0) {
    out.refuse("UB_PAYLOAD_SHAPE", "", "a pack has a record at least");
    return;
  }
  if (pack.length > batchMax) {
    out.refuse("UB_BATCH_TOO_LONG", "", `${pack.length} records; ${batchMax} is the most`);
    return;
  }
  const bad = pack.findIndex((record) => !isObject(record));
  if (bad >= 0) {
    out.refuse("UB_PAYLOAD_SHAPE", `/${bad}`, "a record is an object");
    return;
  }
  const records = pack as readonly SenmlRecord[];
  if (!hasSoundBase(records, out)) return;
  const base: Base = { bn: "", bt: 0, bu: null, bv: 0 };
  records.forEach((record, i) => {
    Object.assign(base, basePart(record));
    readRecord(record, base, `/${i}`, window, out);
  });
  if (out.measurements.length === 0 && out.refused.length === 0)
    out.refuse("UB_PAYLOAD_SHAPE", "", "no record has a value");
}

const isText = (value: unknown): boolean => typeof value === "string";
const isFiniteNumber = (value: unknown): boolean => Number.isFinite(value);

const baseFields: ReadonlyMap<string, readonly [is: (value: unknown) => boolean, what: string]> =
  new Map([
    ["bn", [isText, "text"]],
    ["bt", [isFiniteNumber, "a number of seconds"]],
    ["bu", [isText, "text"]],
    ["bv", [isFiniteNumber, "a number"]],
    ["bs", [isFiniteNumber, "a number"]],
    [
      "bver",
      [(value) => Number.isSafeInteger(value) && Number(value) > 0, "a whole number above 0"],
    ],
  ]);

function hasSoundBase(records: readonly SenmlRecord[], out: Yield): boolean {
  for (const [i, record] of records.entries()) {
    for (const [name, [is, what]] of baseFields) {
      const value = record[name];
      if (value === undefined || is(value)) continue;
      out.refuse("UB_PAYLOAD_SHAPE", `/${i}/${name}`, what);
      return false;
    }
    const version = record["bver"];
    if (typeof version !== "number" || version <= VERSION) continue;
    out.refuse("UB_FORMAT_UNKNOWN", `/${i}/bver`, `SenML of a version above ${VERSION}`);
    return false;
  }
  return true;
}

function basePart(record: SenmlRecord): Partial<Base> {
  const { bn, bt, bu, bv } = record as Partial<Base>;
  return {
    ...(bn === undefined ? {} : { bn }),
    ...(bt === undefined ? {} : { bt }),
    ...(bu === undefined ? {} : { bu }),
    ...(bv === undefined ? {} : { bv }),
  };
}

const valueLabels = ["v", "vb", "vs", "vd"] as const;
const ownLabels = ["n", "u", "t", "ut", "s", ...valueLabels] as const;

function readRecord(
  record: SenmlRecord,
  base: Base,
  pointer: string,
  window: TimeWindow,
  out: Yield,
): void {
  // §4.4: what is not understood is ignored, unless its name says that it must be understood.
  const mandatory = Object.keys(record).find((key) => key.endsWith("_"));
  if (mandatory !== undefined) {
    out.refuseAt("UB_PAYLOAD_SHAPE", pointer, mandatory, "must be understood and is not");
    return;
  }
  // A record of base fields alone speaks only to those after it.
  if (ownLabels.every((label) => record[label] === undefined)) return;
  const name = nameOf(record, base);
  if (name === null) {
    out.refuseAt("UB_SENSOR_NAME", pointer, "n", "1 to 128 of A–Z a–z 0–9 _ . : / -");
    return;
  }
  const unit = record["u"] ?? base.bu;
  if (unit !== null && typeof unit !== "string") {
    out.refuseAt("UB_PAYLOAD_SHAPE", pointer, "u", "text");
    return;
  }
  const time = timeOf(record, base, window, out);
  if ("code" in time) {
    out.refuseAt(time.code, pointer, "t", time.detail);
    return;
  }
  const what = whatOf(record, base, name, unit, pointer, out);
  if (what === null) return;
  const { at: measuredAt, timeSource } = time;
  out.measurements.push({ field: name, probe: name, measuredAt, timeSource, what, sequence: null });
}

function nameOf(record: SenmlRecord, base: Base): string | null {
  const own = record["n"] ?? "";
  if (typeof own !== "string") return null;
  const name = base.bn + own;
  return PROBE_NAME.test(name) ? name : null;
}

interface RecordTime {
  readonly at: EpochMs;
  readonly timeSource: "device" | "received";
}

function timeOf(
  record: SenmlRecord,
  base: Base,
  window: TimeWindow,
  out: Yield,
): RecordTime | BadTime {
  const own = record["t"] ?? 0;
  if (typeof own !== "number" || !Number.isFinite(own))
    return { code: "UB_TIME_INVALID", detail: "a number of seconds" };
  const seconds = base.bt + own;
  if (seconds === 0) return { at: window.receivedAt, timeSource: "received" };
  const isRelative = seconds < RELATIVE_BELOW;
  const ms = Math.round(seconds * 1000) + (isRelative ? window.receivedAt : 0);
  const told = writable(ms);
  if (!isRelative && typeof told === "number") out.stated(told, null);
  const at = withinWindow(ms, window);
  return typeof at === "number" ? { at, timeSource: isRelative ? "received" : "device" } : at;
}

/** @returns null if refused. */
function whatOf(
  record: SenmlRecord,
  base: Base,
  name: string,
  unit: string | null,
  pointer: string,
  out: Yield,
): Known | Other | null {
  const labels = valueLabels.filter((label) => record[label] !== undefined);
  const [label] = labels;
  if (label === undefined || labels.length > 1) {
    // §4.2 allows a sum without a value; a sum is no measurement of a moment.
    const isSum = label === undefined && record["s"] !== undefined;
    const [code, detail] = isSum
      ? (["UB_QUANTITY_UNKNOWN", "a sum over time is not kept"] as const)
      : (["UB_PAYLOAD_SHAPE", "exactly one of v, vb, vs, vd"] as const);
    out.refuse(code, pointer, detail);
    return null;
  }
  const value = record[label];
  const at = pointerTo(pointer, label);
  if (label === "v" && typeof value === "number")
    return numberOf(value + base.bv, name, unit, at, out);
  if (label === "vb" && typeof value === "boolean")
    return switchNamed(name, value ? 1 : 0) ?? { kind: "other", unit, value, pointer: at };
  if (label === "vs" && typeof value === "string")
    return { kind: "other", unit, value, pointer: at };
  // Data is text of base 64 in JSON and a string of bytes in CBOR.
  if (label === "vd" && (typeof value === "string" || value instanceof Uint8Array))
    return {
      kind: "other",
      unit,
      value: typeof value === "string" ? value : base64url(value),
      pointer: at,
    };
  out.refuse("UB_PAYLOAD_SHAPE", at, "not of the type that its label names");
  return null;
}

function numberOf(
  value: number,
  name: string,
  unit: string | null,
  pointer: string,
  out: Yield,
): Known | Other | null {
  if (!Number.isFinite(value)) {
    out.refuse("UB_VALUE_RANGE", pointer, "not a finite number");
    return null;
  }
  const known = unit === "/" && (value === 0 || value === 1) ? switchNamed(name, value) : null;
  if (known !== null) return known;
  const entry = unit === null ? undefined : senmlUnits.get(unit);
  if (entry === undefined) return { kind: "other", unit, value, pointer };
  const { quantity, exponent, offsetMilli } = entry;
  // Shifting the decimal text is exact, where multiplying by 100 would round.
  const raw = milliOf(exponent === 0 ? value : Number(`${value}e${exponent}`));
  const milli = raw === null ? null : Milli(raw + offsetMilli);
  if (milli !== null && isPossible(quantity, milli))
    return { kind: "known", quantity, sample: { kind: "value", milli } };
  out.refuse("UB_VALUE_RANGE", pointer, `not a possible ${quantity}`);
  return null;
}

function switchNamed(name: string, state: 0 | 1): Known | null {
  const quantity: Quantity | undefined = senmlSwitches.find((one) => one.name.test(name))?.quantity;
  if (quantity === undefined) return null;
  return { kind: "known", quantity, sample: { kind: "value", milli: Milli(state * 1000) } };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** RFC 4648 §5 without padding, as the JSON form of SenML writes data. */
function base64url(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    for (bits += 8; bits >= 6; bits -= 6) text += ALPHABET[(held >> (bits - 6)) & 63] ?? "";
  }
  return bits === 0 ? text : text + (ALPHABET[(held << (6 - bits)) & 63] ?? "");
}
