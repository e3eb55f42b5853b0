import { EpochMs, MINUTE } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, type DecodeLimits } from "./decode.ts";

const receivedAt = EpochMs(Date.parse("2026-05-05T09:22:00Z"));
const limits: DecodeLimits = {
  earliest: EpochMs(Date.parse("2015-01-01T00:00:00Z")),
  futureMax: MINUTE,
  batchMax: 10_000,
};
const mqttTopic = "unbroken/v1/acme/truck-7/up";

function decodeBytes(payload: Uint8Array, topic = mqttTopic) {
  return decode(
    { mqttTopic: topic, organisation: "acme", device: "truck-7", payload, receivedAt },
    limits,
  );
}
const decodeText = (text: string) => decodeBytes(new TextEncoder().encode(text));
const decodeHex = (hex: string) => decodeBytes(Uint8Array.from(Buffer.from(hex, "hex")));
const values = (decoded: ReturnType<typeof decode>) =>
  decoded.readings.map(({ sample }) => (sample.kind === "value" ? sample.milli : sample.fault));
const refusals = (decoded: ReturnType<typeof decode>) =>
  decoded.refused.map(({ code, pointer }) => `${code} ${pointer}`);

const at = Date.parse("2026-05-05T09:21:56Z");

describe("a message in own format", () => {
  it("gives a reading for each quantity, with the device's time and numbering", () => {
    const { readings, refused } = decodeText(
      '{"temperature_c":4.2,"relative_humidity_pct":87,"measured_at":"2026-05-05T09:21:56Z","sensor":"probe-1","seq":17,"boot":3}',
    );
    expect(refused).toEqual([]);
    const common = {
      organisation: "acme",
      sensor: "truck-7/probe-1",
      measuredAt: at,
      timeSource: "device",
      receivedAt,
      sequence: { boot: 3, number: 17 },
      definition: expect.stringMatching(/^own\/1@[0-9a-f]{16}$/) as unknown,
    };
    expect(readings).toEqual([
      { quantity: "temperature", sample: { kind: "value", milli: 4_200 }, ...common },
      { quantity: "relative_humidity", sample: { kind: "value", milli: 87_000 }, ...common },
    ]);
  });

  it("takes the time of receipt where there is none, and says so", () => {
    expect(decodeText('{"temperature_c":-0}').readings).toMatchObject([
      {
        sensor: "truck-7/main",
        measuredAt: receivedAt,
        timeSource: "received",
        sample: { milli: 0 },
      },
    ]);
  });

  it.each([
    [
      "every field",
      '{"temperature_c":-18.04,"relative_humidity_pct":99.9999,"battery_pct":0,"voltage_v":3.3,"pressure_pa":101325,"door_open":true,"power_ok":false,"defrost":true}',
      [-18_040, 100_000, 0, 3_300, 101_325_000, 1_000, 0, 1_000],
    ],
    ["white space before", '\r\n {"door_open":false}', [0]],
    ["absolute zero", '{"temperature_c":-273.15}', [-273_150]],
    ["rounding, once, half away from zero", '{"temperature_c":-4.0005}', [-4_001]],
    ["a dead probe", '{"temperature_c":null}', ["not-a-value"]],
    [
      "a dead probe that says why",
      '{"temperature_c":null,"battery_pct":50,"fault":"open-circuit"}',
      ["open-circuit", 50_000],
    ],
    [
      "a batch",
      '{"sensor":"a","boot":1,"readings":[{"temperature_c":4,"seq":1},{"temperature_c":5,"sensor":"b"}]}',
      [4_000, 5_000],
    ],
    [
      "columns with times",
      `{"t":[${at},"2026-05-05T09:20:00Z"],"temperature_c":[4,null]}`,
      [4_000, "not-a-value"],
    ],
    [
      "columns at equal steps",
      `{"t0":${at - 60_000},"dt":30000,"temperature_c":[4,5,6],"battery_pct":[1,2,3]}`,
      [4_000, 1_000, 5_000, 2_000, 6_000, 3_000],
    ],
  ])("reads %s", (_, text, wanted) => {
    const decoded = decodeText(text);
    expect(values(decoded)).toEqual(wanted);
    expect(decoded.refused).toEqual([]);
  });

  it("gives the rows of columns their times and numbers, one after the other", () => {
    const { readings } = decodeText(
      `{"t0":${at - 60_000},"dt":30000,"temperature_c":[4,5],"seq":7,"boot":2,"sensor":"a"}`,
    );
    expect(readings).toMatchObject([
      { measuredAt: at - 60_000, sequence: { boot: 2, number: 7 }, sensor: "truck-7/a" },
      { measuredAt: at - 30_000, sequence: { boot: 2, number: 8 }, timeSource: "device" },
    ]);
  });

  it("lets a reading of a batch differ from what the batch says", () => {
    const { readings } = decodeText(
      `{"sensor":"a","boot":1,"measured_at":${at},"readings":[{"temperature_c":4,"seq":1},{"temperature_c":5,"seq":2,"sensor":"b","boot":0,"measured_at":${at - 1}}]}`,
    );
    expect(readings).toMatchObject([
      { sensor: "truck-7/a", measuredAt: at, sequence: { boot: 1, number: 1 } },
      { sensor: "truck-7/b", measuredAt: at - 1, sequence: { boot: 0, number: 2 } },
    ]);
  });

  it.each([
    // What stands beside the mistake still counts where the mistake cannot change its meaning.
    [
      "one value of several",
      '{"temperature_c":"4","battery_pct":50}',
      "UB_PAYLOAD_SHAPE /temperature_c",
      1,
    ],
    [
      "one reading of a batch",
      '{"readings":[{"temperature_c":4},{"temperature_c":1e308},{"temperature_c":6}]}',
      "UB_VALUE_RANGE /readings/1/temperature_c",
      2,
    ],
    [
      "a batch's reading that is none",
      '{"readings":[{"temperature_c":4},7]}',
      "UB_PAYLOAD_SHAPE /readings/1",
      1,
    ],
    [
      "one value of a column",
      `{"t0":${at},"dt":1,"temperature_c":[4,1001,6]}`,
      "UB_VALUE_RANGE /temperature_c/1",
      2,
    ],
    [
      "one time of a column",
      `{"t":[${at},"noon",${at}],"temperature_c":[4,5,6]}`,
      "UB_TIME_INVALID /t/1",
      2,
    ],
    ["an unknown key", '{"temperature_c":40,"unit":"F"}', "UB_PAYLOAD_SHAPE /unit", 0],
    [
      "__proto__",
      '{"temperature_c":4,"__proto__":{"sensor":"a"}}',
      "UB_PAYLOAD_SHAPE /__proto__",
      0,
    ],
    ["constructor", '{"temperature_c":4,"constructor":1}', "UB_PAYLOAD_SHAPE /constructor", 0],
    [
      "a misspelt key in a batch",
      '{"readings":[{"temp":4}]}',
      "UB_PAYLOAD_SHAPE /readings/0/temp",
      0,
    ],
    [
      "a batch in a batch",
      '{"readings":[{"readings":[]}]}',
      "UB_PAYLOAD_SHAPE /readings/0/readings",
      0,
    ],
    [
      "a value beside a batch",
      '{"readings":[{"temperature_c":4}],"temperature_c":4}',
      "UB_PAYLOAD_SHAPE /temperature_c",
      0,
    ],
    ["an empty object", "{}", "UB_PAYLOAD_SHAPE ", 0],
    ["a batch without readings", '{"readings":[]}', "UB_PAYLOAD_SHAPE /readings", 0],
    ["readings that are no list", '{"readings":{"0":{}}}', "UB_PAYLOAD_SHAPE /readings", 0],
    ["readings that are null", '{"readings":null}', "UB_PAYLOAD_SHAPE /readings", 0],
    [
      "a key twice",
      '{"temperature_c":4,"temperature_c":40}',
      "UB_PAYLOAD_DUPLICATE_KEY /temperature_c",
      0,
    ],
    ["a boolean for a temperature", '{"temperature_c":true}', "UB_PAYLOAD_SHAPE /temperature_c", 0],
    ["a number for a door", '{"door_open":1}', "UB_PAYLOAD_SHAPE /door_open", 0],
    [
      "an object for a temperature",
      '{"temperature_c":{"value":4}}',
      "UB_PAYLOAD_SHAPE /temperature_c",
      0,
    ],
    ["below absolute zero", '{"temperature_c":-273.151}', "UB_VALUE_RANGE /temperature_c", 0],
    [
      "more than is wet",
      '{"relative_humidity_pct":100.001}',
      "UB_VALUE_RANGE /relative_humidity_pct",
      0,
    ],
    ["1e400", '{"temperature_c":1e400}', "UB_VALUE_RANGE /temperature_c", 0],
    [
      "a fault without a null",
      '{"temperature_c":4,"fault":"open-circuit"}',
      "UB_PAYLOAD_SHAPE /fault",
      0,
    ],
    ["an unknown fault", '{"temperature_c":null,"fault":"broken"}', "UB_PAYLOAD_SHAPE /fault", 0],
    [
      "a fault from Object.prototype",
      '{"temperature_c":null,"fault":"toString"}',
      "UB_PAYLOAD_SHAPE /fault",
      0,
    ],
    ["an empty sensor", '{"temperature_c":4,"sensor":""}', "UB_SENSOR_NAME /sensor", 0],
    ["a sensor with a wildcard", '{"temperature_c":4,"sensor":"a/#"}', "UB_SENSOR_NAME /sensor", 0],
    [
      "a sensor with half a character",
      '{"temperature_c":4,"sensor":"a\\ud800"}',
      "UB_SENSOR_NAME /sensor",
      0,
    ],
    [
      "a sensor with a line end after it",
      '{"temperature_c":4,"sensor":"a\\n"}',
      "UB_SENSOR_NAME /sensor",
      0,
    ],
    [
      "a sensor of 129 characters",
      `{"temperature_c":4,"sensor":"${"a".repeat(129)}"}`,
      "UB_SENSOR_NAME /sensor",
      0,
    ],
    ["a seq that is a fraction", '{"temperature_c":4,"seq":1.5}', "UB_PAYLOAD_SHAPE /seq", 0],
    ["a seq beyond 2⁵³", '{"temperature_c":4,"seq":9007199254740993}', "UB_PAYLOAD_SHAPE /seq", 0],
    ["a negative boot", '{"temperature_c":4,"seq":1,"boot":-1}', "UB_PAYLOAD_SHAPE /boot", 0],
    [
      "columns of different lengths",
      `{"t0":${at},"dt":1,"temperature_c":[4],"battery_pct":[1,2]}`,
      "UB_PAYLOAD_SHAPE /battery_pct",
      0,
    ],
    [
      "a column beside a single value",
      `{"t0":${at},"dt":1,"temperature_c":[4],"battery_pct":1}`,
      "UB_PAYLOAD_SHAPE /battery_pct",
      0,
    ],
    ["columns without times", '{"temperature_c":[4,5]}', "UB_PAYLOAD_SHAPE ", 0],
    [
      "columns with times told twice",
      `{"t0":${at},"dt":1,"t":[${at}],"temperature_c":[4]}`,
      "UB_PAYLOAD_SHAPE ",
      0,
    ],
    ["columns with too few times", `{"t":[${at}],"temperature_c":[4,5]}`, "UB_PAYLOAD_SHAPE /t", 0],
    ["columns without a step", `{"t0":${at},"temperature_c":[4,5]}`, "UB_PAYLOAD_SHAPE ", 0],
    [
      "columns that stand still",
      `{"t0":${at},"dt":0,"temperature_c":[4,5]}`,
      "UB_PAYLOAD_SHAPE /dt",
      0,
    ],
    ["columns that are empty", `{"t":[],"temperature_c":[]}`, "UB_PAYLOAD_SHAPE ", 0],
    ["times and nothing measured", `{"t":[${at}]}`, "UB_PAYLOAD_SHAPE ", 0],
  ])("refuses %s by its place", (_, text, refusal, kept) => {
    const decoded = decodeText(text);
    expect(refusals(decoded)).toEqual([refusal]);
    expect(decoded.readings).toHaveLength(kept);
  });

  it.each([
    ["1970", "0", "UB_TIME_TOO_EARLY"],
    ["seconds for milliseconds", "1777972916", "UB_TIME_TOO_EARLY"],
    ["1970 as text", '"1970-01-01T00:00:00Z"', "UB_TIME_TOO_EARLY"],
    ["year 0", '"0000-01-01T00:00:00Z"', "UB_TIME_TOO_EARLY"],
    ["2100", '"2100-01-01T00:00:00Z"', "UB_TIME_IN_FUTURE"],
    ["a minute and a millisecond ahead", String(receivedAt + 60_001), "UB_TIME_IN_FUTURE"],
    ["the last moment that ECMAScript has", "8640000000000000", "UB_TIME_INVALID"],
    ["the same as text", '"+275760-09-13T00:00:00Z"', "UB_TIME_INVALID"],
    ["1e308", "1e308", "UB_TIME_INVALID"],
    ["1e400", "1e400", "UB_TIME_INVALID"],
    ["a fraction of a millisecond", "1777972916000.5", "UB_TIME_INVALID"],
    ["a leap second", '"2016-12-31T23:59:60Z"', "UB_TIME_INVALID"],
    ["30 February", '"2026-02-30T00:00:00Z"', "UB_TIME_INVALID"],
    ["no offset", '"2026-05-05T09:21:56"', "UB_TIME_INVALID"],
    ["a number as text", '"1777972916000"', "UB_TIME_INVALID"],
    ["null", "null", "UB_TIME_INVALID"],
    ["a list", "[1]", "UB_TIME_INVALID"],
  ])("refuses a reading measured at %s", (_, time, code) => {
    const decoded = decodeText(`{"temperature_c":4,"measured_at":${time}}`);
    expect(refusals(decoded)).toEqual([`${code} /measured_at`]);
    expect(decoded.readings).toEqual([]);
  });

  it("accepts the earliest and the latest time that the limits allow", () => {
    for (const time of [limits.earliest, receivedAt + limits.futureMax])
      expect(decodeText(`{"temperature_c":4,"measured_at":${time}}`).refused).toEqual([]);
  });

  it.each([
    [
      "a batch",
      (n: number) => `{"readings":[${'{"temperature_c":4},'.repeat(n - 1)}{"temperature_c":4}]}`,
      "/readings",
    ],
    [
      "columns",
      (n: number) => `{"t0":${at - 20_000},"dt":1,"temperature_c":[${"4,".repeat(n - 1)}4]}`,
      "",
    ],
    [
      "a SenML pack",
      (n: number) => `[${'{"n":"a","u":"Cel","v":4},'.repeat(n - 1)}{"n":"a","u":"Cel","v":4}]`,
      "",
    ],
  ])("takes 10,000 readings in %s, and not one more", (_, text, pointer) => {
    expect(decodeText(text(10_000)).readings).toHaveLength(10_000);
    const tooLong = decodeText(text(10_001));
    expect(refusals(tooLong)).toEqual([`UB_BATCH_TOO_LONG ${pointer}`]);
    expect(tooLong.readings).toEqual([]);
  });
});

describe("a message in CBOR", () => {
  const key = "6d74656d70657261747572655f63"; // temperature_c
  const timeKey = "6b6d656173757265645f6174"; // measured_at
  it.each([
    ["a whole number", `a1${key}04`, [4_000]],
    ["a double", `a1${key}fb4010cccccccccccd`, [4_200]],
    ["a float of four bytes, as its author meant it", `a1${key}fa40866666`, [4_200]],
    ["half a float", `a1${key}f94480`, [4_500]],
    ["a decimal fraction", `a1${key}c48220182a`, [4_200]],
    ["null for a dead probe", `a1${key}f6`, ["not-a-value"]],
    ["NaN for a dead probe", `a1${key}f97e00`, ["not-a-value"]],
    ["a map of untold length", `bf${key}04ff`, [4_000]],
    ["the mark that says it is CBOR", `d9d9f7a1${key}04`, [4_000]],
    ["a SenML pack", "81a3006161016343656c0204", [4_000]],
    ["a marked SenML pack", "d9d9f781a3006161016343656c0204", [4_000]],
  ])("reads %s", (_, hex, wanted) => {
    const decoded = decodeHex(hex);
    expect(decoded.refused).toEqual([]);
    expect(values(decoded)).toEqual(wanted);
  });

  it("takes a tagged time in seconds and a plain one in milliseconds", () => {
    const seconds = (at / 1000).toString(16);
    const ms = at.toString(16).padStart(16, "0");
    for (const time of [`c11a${seconds}`, `1b${ms}`])
      expect(decodeHex(`a2${key}04${timeKey}${time}`).readings).toMatchObject([
        { measuredAt: at, timeSource: "device" },
      ]);
  });

  it.each([
    ["Infinity", `a1${key}f97c00`, "UB_VALUE_RANGE /temperature_c"],
    ["a bignum", `a1${key}c249010000000000000000`, "UB_VALUE_RANGE /temperature_c"],
    ["undefined", `a1${key}f7`, "UB_PAYLOAD_SHAPE /temperature_c"],
    ["bytes", `a1${key}4104`, "UB_PAYLOAD_SHAPE /temperature_c"],
    ["a time for a temperature", `a1${key}c104`, "UB_PAYLOAD_SHAPE /temperature_c"],
    ["a tag of unknown meaning", `a1${key}d8ff04`, "UB_PAYLOAD_SHAPE /temperature_c"],
    ["SenML's number for a key", "a1061a00000001", "UB_PAYLOAD_SHAPE /#6"],
    ["a key twice", `a2${key}04${key}1828`, "UB_PAYLOAD_DUPLICATE_KEY "],
    ["a message cut short", `a2${key}04`, "UB_PAYLOAD_NOT_JSON "],
    ["a number alone", "1864", "UB_FORMAT_UNKNOWN "],
  ])("refuses %s", (_, hex, refusal) => {
    const decoded = decodeHex(hex);
    expect(refusals(decoded)).toEqual([refusal]);
    expect(decoded.readings).toEqual([]);
  });
});

describe("any message", () => {
  it.each([
    ["nothing", "", "UB_PAYLOAD_NOT_JSON"],
    ["plain text", "warm", "UB_PAYLOAD_NOT_JSON"],
    ["a plain number", "4.2", "UB_PAYLOAD_NOT_JSON"],
    ["a byte order mark before JSON", '\ufeff{"temperature_c":4}', "UB_PAYLOAD_NOT_JSON"],
    ["JSON cut short", '{"temperature_c":4', "UB_PAYLOAD_NOT_JSON"],
    ["JSON with more after it", '{"temperature_c":4}x', "UB_PAYLOAD_NOT_JSON"],
    ["10,000 lists in each other", "[".repeat(10_000), "UB_PAYLOAD_TOO_DEEP"],
    ["a list of numbers", "[4.2]", "UB_PAYLOAD_SHAPE"],
  ])("is refused as a whole if it is %s", (_, text, code) => {
    const decoded = decodeText(text);
    expect(decoded.refused).toMatchObject([{ code }]);
    expect(decoded.readings).toEqual([]);
  });

  it.each(["sensors/7", "unbroken/v2/acme/truck-7/up", "unbroken/v1/acme/truck-7/down", ""])(
    "is refused on the MQTT topic %j, of which no format is known",
    (topic) => {
      const decoded = decodeBytes(new TextEncoder().encode('{"temperature_c":4}'), topic);
      expect(refusals(decoded)).toEqual(["UB_FORMAT_UNKNOWN "]);
    },
  );

  it("points to a long key by its beginning, and escapes what a pointer must", () => {
    expect(decodeText(`{"${"k".repeat(9_999)}":1}`).refused[0]?.pointer).toHaveLength(66);
    expect(decodeText('{"a/b~":1}').refused[0]?.pointer).toBe("/a~1b~0");
  });

  it("yields readings or refusals, never neither, and never an exception", () => {
    const words = [
      "temperature_c",
      "readings",
      "measured_at",
      "t",
      "t0",
      "dt",
      "sensor",
      "n",
      "u",
      "v",
      "bn",
      "bt",
      "vb",
      "s",
    ];
    const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<unknown>(
          null,
          true,
          4.2,
          -0,
          1e308,
          at,
          "a",
          "Cel",
          "2026-05-05T09:21:56Z",
        ),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...words), tie("value"), { maxKeys: 4 }),
      ),
    }));
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      json.map((value) => new TextEncoder().encode(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(payload, (bytes) => {
        const { readings, refused } = decodeBytes(bytes);
        expect(readings.length + refused.length).toBeGreaterThan(0);
        for (const { measuredAt, sample } of readings)
          expect(
            [measuredAt, sample.kind === "value" ? sample.milli : 0].every(Number.isSafeInteger),
          ).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
