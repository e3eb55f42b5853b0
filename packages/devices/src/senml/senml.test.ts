import { DurationMs, EpochMs, fromMilli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { fieldsOf, type DecodeLimits } from "../decode.ts";

const receivedAt = EpochMs(Date.parse("2026-05-05T09:22:00Z"));
const limits: DecodeLimits = {
  earliest: EpochMs(0),
  futureMax: DurationMs(10_000),
  batchMax: 100,
};

const read = (pack: unknown) => fieldsOf(pack, receivedAt, limits);

/** `name=value unit` of each record, and `code pointer` of each refusal. */
function told(pack: unknown): readonly string[] {
  const { measurements, refused } = read(pack);
  return [
    ...measurements.map(({ field, what }) => {
      if (what.kind === "other") return `${field}=${what.value} other ${what.unit ?? "-"}`;
      const { sample, quantity } = what;
      return `${field}=${sample.kind === "value" ? fromMilli(sample.milli) : sample.fault} ${quantity}`;
    }),
    ...refused.map(({ code, pointer }) => `${code} ${pointer}`),
  ];
}

const at = (pack: unknown) =>
  read(pack).measurements.map(({ measuredAt, timeSource }) => [
    timeSource,
    (measuredAt - (timeSource === "received" ? receivedAt : 0)) / 1000,
  ]);

describe("SenML", () => {
  it("resolves the example of RFC 8428 §5.1.3: base name, base unit and times before the base time", () => {
    const pack = [
      {
        bn: "urn:dev:ow:10e2073a0108006:",
        bt: 1.276020076001e9,
        bu: "A",
        bver: 5,
        n: "voltage",
        u: "V",
        v: 120.1,
      },
      { n: "current", t: -5, v: 1.2 },
      { n: "current", v: 1.7 },
    ];
    expect(told(pack)).toEqual([
      "urn:dev:ow:10e2073a0108006:voltage=120.1 voltage",
      "urn:dev:ow:10e2073a0108006:current=1.2 other A",
      "urn:dev:ow:10e2073a0108006:current=1.7 other A",
    ]);
    expect(at(pack)).toEqual([
      ["device", 1_276_020_076.001],
      ["device", 1_276_020_071.001],
      ["device", 1_276_020_076.001],
    ]);
  });

  it("resolves the example of RFC 8428 §5.1.4: a base name alone, and a unit for all", () => {
    const pack = [
      { bn: "urn:dev:ow:10e2073a01080063", bt: 1.320067464e9, bu: "%RH", v: 21.2 },
      { t: 10, v: 21.3 },
    ];
    expect(told(pack)).toEqual([
      "urn:dev:ow:10e2073a01080063=21.2 relative_humidity",
      "urn:dev:ow:10e2073a01080063=21.3 relative_humidity",
    ]);
    expect(at(pack)[1]).toEqual(["device", 1_320_067_474]);
  });

  it.each([
    ["no time", {}, ["received", 0]],
    ["the time 0", { t: 0 }, ["received", 0]],
    ["5 seconds ago", { t: -5 }, ["received", -5]],
    ["just ahead", { t: 9.5 }, ["received", 9.5]],
    ["a base time ago", { bt: -60, t: -5 }, ["received", -65]],
    ["the last second that is absolute by 2²⁸", { t: 2 ** 28 }, ["device", 2 ** 28]],
  ])("counts %s from the right moment", (_, time, wanted) => {
    expect(at([{ n: "a", u: "Cel", v: 1, ...time }])).toEqual([wanted]);
  });

  it.each([
    ["2²⁸ − 1 seconds ahead", 2 ** 28 - 1, "UB_TIME_IN_FUTURE /0/t"],
    ["before the earliest", -(2 ** 33), "UB_TIME_TOO_EARLY /0/t"],
    ["text", "now", "UB_TIME_INVALID /0/t"],
    ["infinite", Infinity, "UB_TIME_INVALID /0/t"],
    ["beyond all calendars", 1e300, "UB_TIME_INVALID /0/t"],
  ])("refuses a record whose time is %s", (_, t, refusal) => {
    expect(told([{ n: "a", u: "Cel", v: 1, t }])).toEqual([refusal]);
  });

  it.each([
    ["Cel", 4.2, "a=4.2 temperature"],
    ["K", 273.15, "a=0 temperature"],
    ["K", 277.3505, "a=4.201 temperature"],
    ["K", 0, "a=-273.15 temperature"],
    ["%RH", 87, "a=87 relative_humidity"],
    ["%EL", 90, "a=90 battery"],
    ["V", 3.3, "a=3.3 voltage"],
    ["Pa", 101_325, "a=101325 pressure"],
    ["hPa", 1013.2525, "a=101325.25 pressure"],
    ["degF", 40, "a=40 other degF"],
    ["cel", 4, "a=4 other cel"],
    ["toString", 4, "a=4 other toString"],
    ["/", 1, "a=1 other /"],
    [undefined, 4, "a=4 other -"],
    ["K", -1, "UB_VALUE_RANGE /0/v"],
    ["Cel", 1e308, "UB_VALUE_RANGE /0/v"],
    ["hPa", 1e308, "UB_VALUE_RANGE /0/v"],
    ["Cel", Infinity, "UB_VALUE_RANGE /0/v"],
    ["Cel", NaN, "UB_VALUE_RANGE /0/v"],
  ])("takes a value in %s", (u, v, wanted) => {
    expect(told([{ n: "a", v, ...(u === undefined ? {} : { u }) }])).toEqual([wanted]);
  });

  it("adds the base value, and keeps each base until another replaces it", () => {
    expect(
      told([
        { bn: "a", bu: "Cel", bv: 20, v: 0.1 },
        { v: 0.2 },
        { bn: "b", bv: -20, v: 0.2 },
        { n: "c", u: "%RH", v: 70 },
      ]),
    ).toEqual([
      "a=20.1 temperature",
      "a=20.2 temperature",
      "b=-19.8 temperature",
      "bc=50 relative_humidity",
    ]);
  });

  it("takes a switch for a door, a supply or a defrost only if its name says so", () => {
    expect(
      told([
        { n: "door", vb: true },
        { n: "rear:door_open", u: "/", v: 0 },
        { n: "mains/power_ok", vb: false },
        { n: "defrost", u: "/", v: 1 },
        { n: "power", vb: true },
      ]),
    ).toEqual([
      "door=1 door_open",
      "rear:door_open=0 door_open",
      "mains/power_ok=0 power_supply",
      "defrost=1 defrost",
      "power=true other -",
    ]);
  });

  it("shows text and data, bytes of CBOR in base 64 as JSON has them", () => {
    expect(
      told([
        { n: "a", vs: "open" },
        { n: "b", vd: "aGk" },
        { n: "c", vd: Uint8Array.of(0xfb, 0xff, 0, 1) },
      ]),
    ).toEqual(["a=open other -", "b=aGk other -", "c=-_8AAQ other -"]);
  });

  it.each([
    ["no record", [], ["UB_PAYLOAD_SHAPE "]],
    ["a record that is no object", [{ n: "a", u: "Cel", v: 1 }, null], ["UB_PAYLOAD_SHAPE /1"]],
    ["base fields alone", [{ bn: "a" }], ["UB_PAYLOAD_SHAPE "]],
    ["a version above 10", [{ bver: 11, n: "a", u: "Cel", v: 1 }], ["UB_FORMAT_UNKNOWN /0/bver"]],
    [
      "a bad base field further down, which others would follow",
      [{ n: "a", u: "Cel", v: 1 }, { bt: "x" }],
      ["UB_PAYLOAD_SHAPE /1/bt"],
    ],
    [
      "a base name that is a number",
      [{ bn: 7, n: "a", u: "Cel", v: 1 }],
      ["UB_PAYLOAD_SHAPE /0/bn"],
    ],
  ])("refuses a pack with %s as a whole", (_, pack, wanted) => {
    expect(told(pack)).toEqual(wanted);
  });

  it.each([
    ["no name", { u: "Cel", v: 1 }, "UB_SENSOR_NAME /1/n"],
    ["a name with a space", { n: "a b", v: 1 }, "UB_SENSOR_NAME /1/n"],
    ["a name that begins with a colon", { n: ":a", v: 1 }, "UB_SENSOR_NAME /1/n"],
    ["a value that is text", { n: "a", v: "1" }, "UB_PAYLOAD_SHAPE /1/v"],
    ["a value that is null", { n: "a", v: null }, "UB_PAYLOAD_SHAPE /1/v"],
    ["a boolean that is 1", { n: "a", vb: 1 }, "UB_PAYLOAD_SHAPE /1/vb"],
    ["two values", { n: "a", v: 1, vb: true }, "UB_PAYLOAD_SHAPE /1"],
    ["no value", { n: "a" }, "UB_PAYLOAD_SHAPE /1"],
    ["a sum alone", { n: "a", s: 5 }, "UB_QUANTITY_UNKNOWN /1"],
    ["a unit that is a number", { n: "a", u: 1, v: 1 }, "UB_PAYLOAD_SHAPE /1/u"],
    [
      "a field that must be understood and is not",
      { n: "a", v: 1, x_: 1 },
      "UB_PAYLOAD_SHAPE /1/x_",
    ],
  ])("refuses a record with %s, and reads the rest", (_, record, refusal) => {
    const good = { n: "z", u: "Cel", v: 4 };
    expect(told([good, record, good])).toEqual(["z=4 temperature", "z=4 temperature", refusal]);
  });

  it("ignores fields that it does not know, and the update time", () => {
    expect(told([{ n: "a", u: "Cel", v: 4, ut: 60, colour: [1], s: 3, bs: 1 }])).toEqual([
      "a=4 temperature",
    ]);
  });
});
