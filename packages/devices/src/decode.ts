import { DEFAULT_PROBE, sensorIdOf, type ClockTelling, type Reading } from "@unbroken/model";
import { EpochMs, type DurationMs } from "@unbroken/units";
import { isObject } from "./cbor/cbor-value.ts";
import { readCbor, type Labels } from "./cbor/read-cbor.ts";
import { definitions } from "./definitions.ts";
import { parseStrictJson, type Parsed } from "./json/strict-json.ts";
import type { TimeWindow } from "./measured-time.ts";
import { Yield, type Measurement } from "./measurement.ts";
import { readOwnV1 } from "./own/own-v1.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";
import { senmlLabels } from "./senml/senml-definition.ts";
import { readSenml } from "./senml/senml.ts";

export interface DecodeInput {
  readonly mqttTopic: string;
  readonly organisation: string;
  readonly device: string;
  readonly payload: Uint8Array;
  readonly receivedAt: EpochMs;
}

export interface DecodeLimits {
  /** A reading measured before it is refused. */
  readonly earliest: EpochMs;
  /** How far a device's clock may be ahead of `receivedAt`. */
  readonly futureMax: DurationMs;
  /** Rows of a batch or of columns, or records of a SenML pack. */
  readonly batchMax: number;
}

export interface Decoded {
  readonly readings: readonly Reading[];
  readonly refused: readonly Refusal[];
  /** What the message tells of its device's clock; null if nothing. */
  readonly clock: ClockTelling | null;
}

/** What a message says, field by field, with quantities that Unbroken does not keep. */
export interface DecodedFields {
  /** Name and hash of what decoded it, `own/1@…`, or null if nothing recognised it. */
  readonly definition: string | null;
  readonly measurements: readonly Measurement[];
  readonly refused: readonly Refusal[];
  readonly clock: ClockTelling | null;
}

/**
 * Reads the readings out of a message. Total: whatever the bytes, it returns, and what is no reading is in
 * `refused` with a code and the place. One bad reading of a batch costs no other.
 */
export function decode(input: DecodeInput, limits: DecodeLimits): Decoded {
  const { organisation, device, receivedAt } = input;
  const { definition, measurements, refused, clock } = decodeFields(input, limits);
  if (definition === null) return { readings: [], refused, clock };
  const readings: Reading[] = [];
  const all: Refusal[] = [...refused];
  for (const { probe, measuredAt, timeSource, what, sequence } of measurements) {
    if (what.kind === "other") {
      all.push(unknownQuantity(what.pointer, what.unit));
      continue;
    }
    const { quantity, sample } = what;
    const sensor = sensorIdOf(device, probe ?? DEFAULT_PROBE);
    readings.push(
      sequence === null
        ? { organisation, sensor, quantity, measuredAt, timeSource, receivedAt, sample, definition }
        : {
            organisation,
            sensor,
            quantity,
            measuredAt,
            timeSource,
            receivedAt,
            sample,
            sequence,
            definition,
          },
    );
  }
  return { readings, refused: all, clock };
}

function unknownQuantity(pointer: string, unit: string | null): Refusal {
  const detail =
    unit === null ? "it has no unit" : `the unit is ${JSON.stringify(unit.slice(0, 16))}`;
  return { code: "UB_QUANTITY_UNKNOWN", pointer, detail };
}

/** Own format and SenML share this MQTT topic; the content tells them apart. */
const OWN_TOPIC = /^unbroken\/v1\/[^/]+\/[^/]+\/up$/;

/**
 * As `decode`, before it is asked which quantities are kept.
 * @param input `receivedAt` null where nobody told it: what is relative to it is then relative to 1970.
 */
export function decodeFields(
  input: Pick<DecodeInput, "mqttTopic" | "payload"> & { readonly receivedAt: EpochMs | null },
  limits: DecodeLimits,
): DecodedFields {
  const { mqttTopic, payload, receivedAt } = input;
  if (!OWN_TOPIC.test(mqttTopic))
    return unrecognised("UB_FORMAT_UNKNOWN", "no format is known for this MQTT topic");
  if (payload.length === 0) return unrecognised("UB_PAYLOAD_NOT_JSON", "the message is empty");
  const parsed = parse(payload);
  if (!parsed.ok)
    return { definition: null, measurements: [], refused: [parsed.refusal], clock: null };
  return fieldsOf(parsed.value, receivedAt, limits);
}

/** The fields of a message that is parsed already, into what `parseStrictJson` gives. */
export function fieldsOf(
  value: unknown,
  receivedAt: EpochMs | null,
  limits: DecodeLimits,
): DecodedFields {
  const { earliest, futureMax, batchMax } = limits;
  const window: TimeWindow = {
    receivedAt: receivedAt ?? EpochMs(0),
    isReceiptKnown: receivedAt !== null,
    earliest,
    futureMax,
  };
  const out = new Yield();
  if (Array.isArray(value)) {
    readSenml(value, window, batchMax, out);
    return yielded(definitions.senml, out);
  }
  if (!isObject(value))
    return unrecognised("UB_FORMAT_UNKNOWN", "neither an object (own format) nor a list (SenML)");
  readOwnV1(value, window, batchMax, out);
  return yielded(definitions.own, out);
}

function yielded(definition: string, out: Yield): DecodedFields {
  const { measurements, refused } = out;
  return { definition, measurements, refused, clock: out.clock() };
}

function unrecognised(code: RefusalCode, detail: string): DecodedFields {
  return {
    definition: null,
    measurements: [],
    refused: [{ code, pointer: "", detail }],
    clock: null,
  };
}

/** JSON begins with white space, `{` or `[`; no CBOR map, list or tag begins with these bytes. */
function parse(payload: Uint8Array): Parsed {
  const [first = 0] = payload;
  if (" \t\r\n{[".includes(String.fromCharCode(first))) return parseStrictJson(payload);
  const parsed = readCbor(payload, isCborList(payload) ? senmlLabels : noLabels);
  if (parsed.ok || parsed.refusal.code !== "UB_PAYLOAD_NOT_JSON") return parsed;
  const detail = notAnything(first) ?? parsed.refusal.detail;
  return { ok: false, refusal: { ...parsed.refusal, detail } };
}

/** What to tell somebody who did not mean to send CBOR. */
function notAnything(first: number): string | null {
  if (first === 0xef) return "it begins with a byte order mark or is not JSON";
  return first > 0x20 && first < 0x7f ? "text that does not begin with { or [" : null;
}

/** The labels are SenML's alone: own format has no numbers for keys. */
const noLabels: Labels = new Map();

/** Whether the first item is a list (major type 4), behind the mark that says "this is CBOR" or not. */
function isCborList(payload: Uint8Array): boolean {
  const isMarked = payload[0] === 0xd9 && payload[1] === 0xd9 && payload[2] === 0xf7;
  return (payload[isMarked ? 3 : 0] ?? 0) >> 5 === 4;
}
