import { EpochMs, MINUTE } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { decode, type DecodeLimits } from "./decode.ts";

const receivedAt = EpochMs(Date.parse("2026-05-05T09:22:00Z"));
const limits: DecodeLimits = {
  earliest: EpochMs(Date.parse("2015-01-01T00:00:00Z")),
  futureMax: MINUTE,
  batchMax: 10_000,
};
const mqttTopic = "unbroken/v1/acme/truck-7/up";

function decodeText(text: string) {
  const payload = new TextEncoder().encode(text);
  return decode(
    { mqttTopic, organisation: "acme", device: "truck-7", payload, receivedAt },
    limits,
  );
}

describe("a message in own format", () => {
  it("gives a reading for each quantity, with the device's time and numbering", () => {
    const { readings, refused } = decodeText(
      '{"temperature_c":4.2,"relative_humidity_pct":87,"measured_at":"2026-05-05T09:21:56Z","sensor":"probe-1","seq":17,"boot":3}',
    );
    expect(refused).toEqual([]);
    expect(readings).toMatchObject([
      {
        organisation: "acme",
        sensor: "truck-7/probe-1",
        quantity: "temperature",
        measuredAt: Date.parse("2026-05-05T09:21:56Z"),
        timeSource: "device",
        receivedAt,
        sample: { kind: "value", milli: 4_200 },
        sequence: { boot: 3, number: 17 },
      },
      { quantity: "relative_humidity", sample: { kind: "value", milli: 87_000 } },
    ]);
  });

  it("counts the good readings of a batch and refuses the bad one by its place", () => {
    const { readings, refused } = decodeText(
      '{"readings":[{"temperature_c":4},{"temperature_c":"5"},{"temperature_c":6}]}',
    );
    expect(readings.map((reading) => reading.sample)).toEqual([
      { kind: "value", milli: 4_000 },
      { kind: "value", milli: 6_000 },
    ]);
    expect(refused).toMatchObject([
      { code: "UB_PAYLOAD_SHAPE", pointer: "/readings/1/temperature_c" },
    ]);
  });
});
