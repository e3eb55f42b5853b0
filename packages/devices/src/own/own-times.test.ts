import { DurationMs, type EpochMs, formatIsoTime, parseIsoTime } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { fieldsOf, type DecodeLimits } from "../decode.ts";

const at = (time: string): EpochMs => parseIsoTime(`2026-05-05T${time}Z`) ?? expect.fail(time);
const receivedAt = at("09:22:00");
const limits: DecodeLimits = {
  earliest: parseIsoTime("2015-01-01T00:00:00Z") ?? expect.fail(),
  futureMax: DurationMs(300_000),
  batchMax: 100,
};

const read = (message: object, received: EpochMs | null = receivedAt) =>
  fieldsOf("readings" in message ? message : { temperature_c: 4, ...message }, received, limits);

const times = (message: object, received?: EpochMs | null): string[] =>
  read(message, received).measurements.map(
    ({ measuredAt, timeSource }) => `${timeSource} ${formatIsoTime(measuredAt).slice(0, 19)}`,
  );

const may5 = (time: string): string => `2026-05-05T${time}Z`;

describe("a device that says what its clock shows when it sends", () => {
  it.each<[string, object, readonly string[]]>([
    [
      "is believed while its clock is right",
      { measured_at: may5("09:20:00"), sent_at: may5("09:21:59") },
      ["device 2026-05-05T09:20:00"],
    ],
    [
      "and sends local time as UTC is put right to the second",
      { measured_at: may5("17:20:00"), sent_at: may5("17:21:59") },
      ["corrected 2026-05-05T09:20:00"],
    ],
    [
      "and is minutes ahead is put right by what it is ahead",
      { measured_at: may5("09:26:00"), sent_at: may5("09:27:00") },
      ["corrected 2026-05-05T09:21:00"],
    ],
    [
      "and whose clock began in 2000 when it got power",
      { measured_at: "2000-01-01T00:04:00Z", sent_at: 946_685_100_000 },
      ["corrected 2026-05-05T09:21:00"],
    ],
    [
      "and whose clock began in 1970",
      { measured_at: 40_000, sent_at: 100_000 },
      ["corrected 2026-05-05T09:21:00"],
    ],
    [
      "hours ago is believed: its message waited",
      { measured_at: may5("05:20:00"), sent_at: may5("05:21:00") },
      ["device 2026-05-05T05:20:00"],
    ],
    [
      "and measures now needs nothing put right",
      { sent_at: may5("17:22:00") },
      ["received 2026-05-05T09:22:00"],
    ],
    [
      "is put right for a whole batch",
      {
        sent_at: may5("17:22:00"),
        measured_at: may5("17:00:00"),
        readings: [{ temperature_c: 4 }, { temperature_c: 4, measured_at: may5("17:10:00") }],
      },
      ["corrected 2026-05-05T09:00:00", "corrected 2026-05-05T09:10:00"],
    ],
    [
      "is put right for columns at times",
      { temperature_c: [4, 4], t: [may5("17:00:00"), may5("17:10:00")], sent_at: may5("17:22:00") },
      ["corrected 2026-05-05T09:00:00", "corrected 2026-05-05T09:10:00"],
    ],
    [
      "is put right for columns at equal steps",
      { temperature_c: [4, 4], t0: may5("17:00:00"), dt: 600_000, sent_at: may5("17:22:00") },
      ["corrected 2026-05-05T09:00:00", "corrected 2026-05-05T09:10:00"],
    ],
  ])("%s", (_, message, expected) => {
    expect(read(message).refused).toEqual([]);
    expect(times(message)).toEqual(expected);
  });

  it("is not put right where nobody told when the message was received", () => {
    const message = { measured_at: may5("17:20:00"), sent_at: may5("17:21:59") };
    expect(times(message, null)).toEqual([]);
    expect(
      fieldsOf({ temperature_c: 4, ...message }, null, { ...limits, futureMax: DurationMs(8e15) })
        .measurements,
    ).toMatchObject([{ measuredAt: at("17:20:00"), timeSource: "device" }]);
  });
});

describe("a device without a clock says how old a reading is", () => {
  it.each<[string, object, readonly string[]]>([
    ["in seconds", { age_s: 90 }, ["received 2026-05-05T09:20:30"]],
    ["of this moment", { age_s: 0 }, ["received 2026-05-05T09:22:00"]],
    [
      "each in a batch, before what stands beside them",
      {
        measured_at: may5("09:00:00"),
        readings: [{ temperature_c: 4, age_s: 120.4 }, { temperature_c: 4 }],
      },
      ["received 2026-05-05T09:19:59", "device 2026-05-05T09:00:00"],
    ],
    [
      "each in columns",
      { temperature_c: [4, 4], age_s: [120, 60] },
      ["received 2026-05-05T09:20:00", "received 2026-05-05T09:21:00"],
    ],
  ])("%s", (_, message, expected) => {
    expect(read(message).refused).toEqual([]);
    expect(times(message)).toEqual(expected);
  });

  it.each<[string, object, string]>([
    ["an age and a time", { age_s: 5, measured_at: may5("09:20:00") }, "UB_PAYLOAD_SHAPE /age_s"],
    ["an age below 0", { age_s: -0.001 }, "UB_TIME_INVALID /age_s"],
    ["an age above 366 days", { age_s: 31_622_400.001 }, "UB_TIME_INVALID /age_s"],
    ["an age in words", { age_s: "90" }, "UB_TIME_INVALID /age_s"],
    ["columns with one age", { temperature_c: [4, 4], age_s: 5 }, "UB_PAYLOAD_SHAPE /age_s"],
    ["fewer ages than values", { temperature_c: [4, 4], age_s: [5] }, "UB_PAYLOAD_SHAPE /age_s"],
    [
      "ages and times",
      { temperature_c: [4], age_s: [5], t: [may5("09:20:00")] },
      "UB_PAYLOAD_SHAPE ",
    ],
    [
      "a bad age among good ones",
      { temperature_c: [4, 4], age_s: [5, -5] },
      "UB_TIME_INVALID /age_s/1",
    ],
    ["a sending without offset", { sent_at: "2026-05-05 09:22" }, "UB_TIME_INVALID /sent_at"],
    [
      "a sending in one reading of a batch",
      { readings: [{ temperature_c: 4, sent_at: may5("09:22:00") }] },
      "UB_PAYLOAD_SHAPE /readings/0/sent_at",
    ],
    [
      "a time that put right is still ahead",
      { measured_at: may5("19:00:00"), sent_at: may5("17:22:00") },
      "UB_TIME_IN_FUTURE /measured_at",
    ],
  ])("but not %s", (_, message, refusal) => {
    expect(read(message).refused.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      refusal,
    ]);
  });
});

describe("what a message tells of its device's clock", () => {
  it.each<[string, object, object | null]>([
    ["nothing without a time", {}, null],
    ["nothing by an age", { age_s: 5 }, null],
    [
      "the time of its reading",
      { measured_at: may5("09:20:00") },
      {
        told: at("09:20:00"),
        by: "newest-reading",
        sequence: null,
      },
    ],
    [
      "also where it is refused, for it is that wrong",
      { measured_at: may5("17:20:00") },
      {
        told: at("17:20:00"),
        by: "newest-reading",
        sequence: null,
      },
    ],
    [
      "its sending, with the newest reading's number",
      {
        sent_at: may5("17:22:00"),
        boot: 3,
        readings: [
          { temperature_c: 4, measured_at: may5("17:21:00"), seq: 9 },
          { temperature_c: 4, measured_at: may5("17:20:00"), seq: 8 },
        ],
      },
      { told: at("17:22:00"), by: "sent-at", sequence: { boot: 3, number: 9 } },
    ],
    [
      "the newest time of columns, uncorrected",
      {
        temperature_c: [4, 4],
        t: [may5("09:21:00"), may5("09:20:00")],
        seq: 7,
      },
      { told: at("09:21:00"), by: "newest-reading", sequence: { boot: 0, number: 7 } },
    ],
  ])("%s", (_, message, expected) => {
    expect(read(message).clock).toEqual(expected);
  });

  it("as SenML has it: absolute times, and not those that are relative to now", () => {
    const pack = [
      { n: "a", u: "Cel", v: 4, t: 1_777_972_800 },
      { n: "a", u: "Cel", v: 4, t: -5 },
    ];
    expect(fieldsOf(pack, receivedAt, limits).clock?.told).toBe(1_777_972_800_000);
    expect(fieldsOf(pack.slice(1), receivedAt, limits).clock).toBeNull();
  });
});
