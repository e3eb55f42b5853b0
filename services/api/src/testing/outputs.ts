import type { OutputRecord } from "@unbroken/event-log";
import type { Excursion, Judgement, QuarantineRecord, Reading } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";

// What the processor writes, in the shapes that it writes.

export const ORGANISATION = "acme";

/** A reading in °C; null is a fault. */
export function readingOf(sensor: string, at: number, celsius: number | null): Reading {
  return {
    organisation: ORGANISATION,
    sensor,
    quantity: "temperature",
    measuredAt: EpochMs(at),
    timeSource: "device",
    receivedAt: EpochMs(at),
    sample:
      celsius === null
        ? { kind: "fault", fault: "open-circuit" }
        : { kind: "value", milli: Milli(Math.round(celsius * 1_000)) },
    definition: "own/1@test",
  };
}

export function readingsOutput(readings: readonly Reading[]): OutputRecord {
  return output("readings", ORGANISATION, { readings });
}

export function judgementOutput(judgement: Judgement, judgedAt: number): OutputRecord {
  const space = "excursion" in judgement ? judgement.excursion.space : "cold";
  return output("judgements", `${ORGANISATION}/${space}`, {
    organisation: ORGANISATION,
    judgedAt,
    judgement,
  });
}

export function quarantineOutput(
  change: Partial<QuarantineRecord> & { readonly receivedAt: number },
): OutputRecord {
  const record: QuarantineRecord = {
    organisation: ORGANISATION,
    publisher: "d1",
    mqttTopic: "unbroken/v1/acme/d1/up",
    code: "UB_PAYLOAD_NOT_JSON",
    detail: "the message is neither JSON nor CBOR",
    pointer: "",
    offset: 7,
    payloadBase64: "AP8=",
    payloadBytes: 2,
    ...change,
  };
  const { organisation, publisher } = record;
  return { ...output("quarantine", `${organisation}/${publisher}`, record), organisation };
}

export function excursionOf(since: number, change: Partial<Excursion> = {}): Excursion {
  const space = change.space ?? "cold";
  return {
    id: `${space}|high|high|${since}`,
    space,
    rule: "high",
    quantity: "air",
    side: "high",
    severity: "break",
    since,
    until: null,
    ended: null,
    provenMs: 1_800_000,
    peak: 12_500,
    peakAt: since + 60_000,
    peakSensor: "d1/main",
    limit: 10_000,
    holdMs: 1_800_000,
    profileHash: "ab".repeat(32),
    engine: "detection/1",
    revision: 1,
    retracted: false,
    ...change,
  };
}

/** The state row of an excursion. */
export function excursionState(excursion: Excursion): readonly [string, Excursion] {
  const { space, since, rule, side } = excursion;
  const key = `excursion/${ORGANISATION}/${space}/${String(since).padStart(16, "0")}/${rule}/${side}`;
  return [key, excursion];
}

function output(topic: OutputRecord["topic"], key: string, value: unknown): OutputRecord {
  return { topic, organisation: ORGANISATION, key, body: Buffer.from(JSON.stringify(value)) };
}
