import {
  DEPTH_MAX,
  decodeFields,
  fieldsOf,
  parseStrictJson,
  type DecodeLimits,
  type DecodedFields,
  type Measurement,
  type Refusal,
} from "@unbroken/devices";
import { UnbrokenError } from "@unbroken/errors";
import { quantities, type Quantity } from "@unbroken/model";
import { DurationMs, EpochMs, formatIsoTime, fromMilli, parseIsoTime } from "@unbroken/units";
import { parseOptions } from "../arguments.ts";
import type { Io } from "../io.ts";
import { linesOf } from "../ndjson.ts";

const HELP = `usage: unbroken decode < MESSAGES.ndjson

Reads device messages, one JSON object a line, and prints for each, in order, what Unbroken understands of it.
It needs no server and keeps nothing.

in, a line:
  topic         the MQTT topic: unbroken/v1/ORGANISATION/DEVICE/up
  format        own or senml, where there is no topic to tell; without either the content tells
  payload       the message as a JSON value, or
  payload_text  the message as text, or
  payload_hex   the message as bytes (CBOR), in hexadecimal
  received_at   when it arrived, RFC 3339 with offset: relative times count from it
  device        the device's name, where the topic does not tell

out, a line:
  {"device","readings":[{"sensor","field","quantity","value","unit","measured_at","fault"}],
   "sightings":[],"refused":[{"field","pointer","code","detail"}]}
  quantity is temperature, relative_humidity or other; of the others a server keeps those that have kept_as: battery,
  voltage, pressure, door_open. A dead probe has a fault and the value null. measured_at is missing where the
  message has no time.
  What a server's clock would refuse (long ago, in the future) is shown here.

A line that cannot be understood gives {"error":{"code","message"}}, and the rest goes on; the exit status is 0.

  echo '{"format":"own","payload":{"temperature_c":4.2}}' | unbroken decode
  echo '{"payload_text":"[{\\"n\\":\\"probe-1\\",\\"u\\":\\"Cel\\",\\"v\\":4.2}]"}' | unbroken decode
  echo '{"payload_hex":"a16d74656d70657261747572655f6304"}' | unbroken decode

Formats are described in docs/formats/.
`;

/** `unbroken decode`: messages in, readings out, one JSON object a line. */
export async function runDecode(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(args, { help: { type: "boolean" } });
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UnbrokenError("UB_USAGE", "messages are read from standard input");
  for await (const line of linesOf(io.stdin, LINE_MAX)) {
    if (line?.every(isWhiteSpace) === true) continue;
    io.stdout(`${JSON.stringify(answerTo(line))}\n`);
  }
  return 0;
}

/** Four times what MQTT lets a device send (1 MiB by default), for hexadecimal and escapes. */
const LINE_MAX = 4 * 1024 * 1024;

const isWhiteSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0d || byte === 0x09;

function answerTo(line: Uint8Array | null): unknown {
  try {
    if (line === null)
      throw new UnbrokenError("UB_PAYLOAD_TOO_LARGE", `the line is longer than ${LINE_MAX} bytes`);
    return shown(requestOf(line));
  } catch (error) {
    if (!(error instanceof UnbrokenError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

interface DecodeRequest {
  readonly topic: string | null;
  readonly format: "own" | "senml" | null;
  readonly device: string | null;
  /** A JSON value that is parsed, or bytes that are not. */
  readonly payload: { readonly value: unknown } | Uint8Array;
  readonly receivedAt: EpochMs | null;
}

function requestOf(line: Uint8Array): DecodeRequest {
  // The payload stands one level inside its line.
  const parsed = parseStrictJson(line, DEPTH_MAX + 1);
  if (!parsed.ok) throw failed(parsed.refusal);
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UnbrokenError("UB_REQUEST_INVALID", "a line is a JSON object");
  const members = value as Readonly<Record<string, unknown>>;
  const topic = textOf(members, "topic");
  return {
    topic,
    format: formatOf(members),
    device: textOf(members, "device") ?? TOPIC_DEVICE.exec(topic ?? "")?.[1] ?? null,
    payload: payloadOf(members),
    receivedAt: receivedAtOf(members),
  };
}

const TOPIC_DEVICE = /^unbroken\/v1\/[^/]+\/([^/]+)\/up$/;

function textOf(members: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = members[key] ?? null;
  if (value === null || typeof value === "string") return value;
  throw new UnbrokenError("UB_REQUEST_INVALID", `${key} is text`);
}

function formatOf(members: Readonly<Record<string, unknown>>): "own" | "senml" | null {
  const format = textOf(members, "format");
  if (format === null || format === "own" || format === "senml") return format;
  throw new UnbrokenError("UB_FORMAT_UNKNOWN", `format ${JSON.stringify(format)}: own or senml`);
}

function payloadOf(members: Readonly<Record<string, unknown>>): DecodeRequest["payload"] {
  const value = members["payload"] ?? null;
  const text = textOf(members, "payload_text");
  const hex = textOf(members, "payload_hex");
  if ([value, text, hex].filter((given) => given !== null).length !== 1)
    throw new UnbrokenError(
      "UB_REQUEST_INVALID",
      "exactly one of payload, payload_text and payload_hex is needed",
    );
  if (text !== null) return new TextEncoder().encode(text);
  if (hex === null) return { value };
  const digits = hex.replaceAll(/\s/g, "");
  if (digits.length % 2 === 1 || !/^[0-9a-f]*$/i.test(digits))
    throw new UnbrokenError("UB_REQUEST_INVALID", "payload_hex is pairs of hexadecimal digits");
  return Buffer.from(digits, "hex");
}

function receivedAtOf(members: Readonly<Record<string, unknown>>): EpochMs | null {
  const text = textOf(members, "received_at");
  if (text === null) return null;
  const at = parseIsoTime(text);
  if (at === null)
    throw new UnbrokenError(
      "UB_TIME_INVALID",
      "received_at is an RFC 3339 time with offset: 2026-05-05T09:21:56Z",
    );
  return at;
}

/** Which times an installation refuses is its setting, not the format's: here every one is shown. */
const limits: DecodeLimits = {
  earliest: EpochMs(-8_640_000_000_000_000),
  futureMax: DurationMs(8_640_000_000_000_000),
  batchMax: 10_000,
};

const OWN_TOPIC = "unbroken/v1/organisation/device/up";

function fieldsIn({ topic, format, payload, receivedAt }: DecodeRequest): DecodedFields {
  if (format === null && topic !== null && !TOPIC_DEVICE.test(topic))
    throw new UnbrokenError("UB_FORMAT_UNKNOWN", "no format is known for this MQTT topic");
  const fields =
    payload instanceof Uint8Array
      ? decodeFields({ mqttTopic: OWN_TOPIC, payload, receivedAt }, limits)
      : fieldsOf(payload.value, receivedAt, limits);
  const { definition } = fields;
  if (format !== null && definition !== null && !definition.startsWith(`${format}/`))
    throw new UnbrokenError("UB_FORMAT_UNKNOWN", `the message is not in the format ${format}`);
  return fields;
}

function shown(request: DecodeRequest): unknown {
  const { measurements, refused } = fieldsIn(request);
  const whole = refused.find(({ pointer }) => pointer === "");
  if (whole !== undefined) throw failed(whole);
  const { device, receivedAt } = request;
  return {
    ...(device === null ? {} : { device }),
    readings: measurements.map((measurement) => shownReading(measurement, receivedAt)),
    sightings: [],
    refused: refused.map((refusal) => ({ field: fieldAt(refusal.pointer), ...refusal })),
  };
}

function failed({ code, pointer, detail }: Refusal): UnbrokenError {
  return new UnbrokenError(code, pointer === "" ? detail : `${pointer}: ${detail}`);
}

/** The last name in a pointer: in `/readings/3/temperature_c` and in `/temperature_c/3` the same. */
function fieldAt(pointer: string): string {
  const names = pointer.split("/").filter((token) => !/^\d*$/.test(token));
  return (names.at(-1) ?? pointer).replaceAll("~1", "/").replaceAll("~0", "~");
}

function shownReading(
  { probe, field, what, measuredAt, timeSource }: Measurement,
  receivedAt: EpochMs | null,
): unknown {
  // Relative to a moment that nobody told, or no time at all: then there is none to show.
  const isTimed = timeSource === "device" || (receivedAt !== null && measuredAt !== receivedAt);
  return {
    ...(probe === null ? {} : { sensor: probe }),
    field,
    ...valueOf(what),
    ...(isTimed ? { measured_at: formatIsoTime(measuredAt) } : {}),
  };
}

function valueOf(what: Measurement["what"]): object {
  if (what.kind === "other") return { quantity: "other", value: what.value, unit: what.unit };
  const { quantity, sample } = what;
  const { unit } = quantities[quantity];
  const name = isJudged(quantity) ? { quantity } : { quantity: "other", kept_as: quantity };
  return sample.kind === "value"
    ? { ...name, value: fromMilli(sample.milli), unit }
    : { ...name, value: null, unit, fault: sample.fault };
}

/** What rules look at; the rest is kept beside it. */
function isJudged(quantity: Quantity): boolean {
  return quantity === "temperature" || quantity === "relative_humidity";
}
