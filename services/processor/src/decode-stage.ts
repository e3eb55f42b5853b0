import { decode, type DecodeLimits } from "@unbroken/devices";
import type { LogRecord } from "@unbroken/event-log";
import {
  decodeMessageBody,
  type ClockTelling,
  type QuarantineRecord,
  type Reading,
} from "@unbroken/model";

/** How many refusals of one message are written down one by one; the rest are counted in one more. */
const REFUSALS_MAX = 100;
/** How much of a refused message the quarantine shows; the whole stays in the log. */
const SHOWN_BYTES = 4_096;

export interface DecodedMessage {
  readonly readings: readonly Reading[];
  readonly quarantined: readonly QuarantineRecord[];
  /** Every refusal, also those beyond what is written down. */
  readonly refusals: number;
  readonly device: string;
  /** What the message tells of its device's clock, also where its readings were refused; null if nothing. */
  readonly clock: ClockTelling | null;
}

/** Bytes to readings. What cannot be understood is kept with its code; nothing throws. */
export function decodeMessage(record: LogRecord, limits: DecodeLimits): DecodedMessage {
  const { publisher, mqttTopic, payload } = decodeMessageBody(record.body);
  const device = publisher.slice(publisher.indexOf("/") + 1);
  const { readings, refused, clock } = decode(
    {
      mqttTopic,
      organisation: record.organisation,
      device,
      payload,
      receivedAt: record.receivedAt,
    },
    limits,
  );
  if (refused.length === 0) return { readings, quarantined: [], refusals: 0, device, clock };
  const base = {
    organisation: record.organisation,
    publisher,
    mqttTopic,
    receivedAt: record.receivedAt,
    offset: record.offset,
    payloadBytes: payload.length,
  };
  const quarantined = refused
    .slice(0, REFUSALS_MAX)
    .map(({ code, detail, pointer }, i): QuarantineRecord => ({
      ...base,
      code,
      detail,
      pointer,
      // Once a message: the others name the same offset.
      payloadBase64:
        i === 0 ? Buffer.from(payload.subarray(0, SHOWN_BYTES)).toString("base64") : "",
    }));
  const beyond = refused[REFUSALS_MAX];
  if (beyond !== undefined) {
    const detail = `and ${refused.length - REFUSALS_MAX} more of this message`;
    quarantined.push({ ...base, code: beyond.code, detail, pointer: "", payloadBase64: "" });
  }
  return { readings, quarantined, refusals: refused.length, device, clock };
}
