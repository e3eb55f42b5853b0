import { clockCorrection, type Sample } from "@unbroken/model";
import { DurationMs, EpochMs, milliOf, parseIsoTime } from "@unbroken/units";
import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { fieldsOf, type DecodeLimits } from "../decode.ts";
import { ownFields } from "./own-v1-definition.ts";
import { ownV1Schema, type OwnV1 } from "./own-v1-schema.ts";

const receivedAt = EpochMs(Date.parse("2026-05-05T09:22:00Z"));
const wide: DecodeLimits = {
  earliest: EpochMs(-8_640_000_000_000_000),
  futureMax: DurationMs(8_640_000_000_000_000),
  batchMax: 100,
};

interface Told {
  readonly field: string;
  readonly probe: string | null;
  readonly at: number;
  readonly said: unknown;
  readonly numbered: unknown;
}

const read = (message: unknown) => fieldsOf(message, receivedAt, wide);

const saidBy = (sample: Sample): unknown => (sample.kind === "value" ? sample.milli : sample.fault);

const toldByReader = (message: unknown): readonly Told[] =>
  read(message).measurements.map(({ field, probe, measuredAt, what, sequence }) => ({
    field,
    probe,
    at: measuredAt,
    said: what.kind === "other" ? "other" : saidBy(what.sample),
    numbered: sequence,
  }));

type Rows = Exclude<OwnV1, { readings: unknown }>;
type Columns = Exclude<Rows, { measured_at?: unknown }>;

const isColumns = (message: Rows): message is Columns =>
  "t" in message || "t0" in message || Array.isArray(message.age_s);

/** The same from what the schema lets through, spelt out with as little thought as possible. */
function toldBySchema(message: OwnV1): readonly Told[] {
  const ms = (time: string | number): number =>
    typeof time === "number" ? time + 0 : (parseIsoTime(time) ?? NaN);
  const rowsOf = (): readonly Readonly<Record<string, unknown>>[] => {
    if ("readings" in message) {
      const { readings, ...defaults } = message;
      return readings.map((row) => ({ ...defaults, ...row }));
    }
    if (!isColumns(message)) return [message];
    const length = ownFields.flatMap(({ field }) => message[field]?.length ?? [])[0] ?? 0;
    return Array.from({ length }, (_, i) => ({
      ...Object.fromEntries(
        ownFields.flatMap(({ field }) =>
          message[field] === undefined ? [] : [[field, message[field][i]]],
        ),
      ),
      ...("age_s" in message
        ? { age_s: message.age_s[i] }
        : { measured_at: "t" in message ? message.t[i] : ms(message.t0) + i * message.dt }),
      sensor: message.sensor,
      boot: message.boot,
      ...(message.seq === undefined ? {} : { seq: message.seq + i }),
    }));
  };
  const sentAt = message.sent_at === undefined ? receivedAt : ms(message.sent_at);
  const correction = clockCorrection(sentAt, receivedAt);
  const timeOf = (row: Readonly<Record<string, unknown>>): number => {
    if (row["age_s"] !== undefined) return receivedAt - Math.round(Number(row["age_s"]) * 1000);
    if (row["measured_at"] === undefined) return receivedAt;
    return ms(row["measured_at"] as string | number) + correction;
  };
  return rowsOf().flatMap((row) =>
    ownFields.flatMap(({ field }): readonly Told[] => {
      const value = row[field] as number | boolean | null | undefined;
      if (value === undefined) return [];
      const fault = row["fault"] ?? "not-a-value";
      return [
        {
          field,
          probe: (row["sensor"] as string | undefined) ?? null,
          at: timeOf(row),
          said:
            value === null
              ? fault
              : typeof value === "boolean"
                ? Number(value) * 1000
                : milliOf(value),
          numbered:
            row["seq"] === undefined
              ? null
              : { boot: Number(row["boot"] ?? 0) + 0, number: Number(row["seq"]) + 0 },
        },
      ];
    }),
  );
}

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(4.2, 0, -0, -18, 87, null, true, false) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      -273.1505,
      -273.1504,
      100.0004,
      100.0005,
      1000.0004,
      1000.0005,
      1e9,
      1_000_000.0005,
      1e308,
      -0.0004,
      -0.0005,
      Infinity,
      "4.2",
      {},
    ),
  },
  { weight: 1, arbitrary: fc.double({ noNaN: true }) },
);
const moment = fc.constantFrom<unknown>(
  "2026-05-05T09:21:56Z",
  "2026-05-05T11:21:56.5+02:00",
  1_777_972_916_000,
  0,
  1.5,
  "noon",
  null,
  8.64e15,
  -1,
);
const count = fc.constantFrom<unknown>(0, -0, 17, 2 ** 53, -1, 1.5, "1");
const sensor = fc.constantFrom<unknown>("a", "rear:1/x", "", "a b", 7);
const rare = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });

function object(entries: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  return fc
    .record(entries)
    .map((record) =>
      Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)),
    );
}

const fieldsWith = (value: fc.Arbitrary<unknown>) =>
  Object.fromEntries(
    ownFields.map(({ field }) => [
      field,
      fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: value }),
    ]),
  );
const seldom = (arbitrary: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const age = fc.constantFrom<unknown>(0, -0, 12.3456, 31_622_400, 31_622_401, -0.001, "1", null);
const sentAt = fc.constantFrom<unknown>(
  "2026-05-05T09:21:57Z",
  "2026-05-05T17:21:59Z",
  "2026-05-05T09:30:00Z",
  "2000-01-01T00:05:00Z",
  0,
  "noon",
  1.5,
);
const extras = {
  sensor: seldom(sensor),
  boot: seldom(count),
  unit: seldom(seldom(fc.constant("F"))),
};
const row = object({
  ...fieldsWith(scalar),
  ...extras,
  seq: seldom(count),
  measured_at: seldom(moment),
  age_s: seldom(seldom(age)),
  fault: seldom(fc.constantFrom("open-circuit", "broken")),
  sent_at: seldom(seldom(sentAt)),
});
const batch = object({
  ...extras,
  readings: fc.array(row, { maxLength: 3 }),
  measured_at: seldom(moment),
  sent_at: seldom(seldom(sentAt)),
});
const columns = object({
  ...fieldsWith(fc.array(scalar, { minLength: 1, maxLength: 2 })),
  ...extras,
  seq: seldom(count),
  t: rare(fc.array(moment, { minLength: 1, maxLength: 2 })),
  t0: rare(moment),
  age_s: rare(fc.array(age, { minLength: 1, maxLength: 2 })),
  sent_at: seldom(seldom(sentAt)),
  dt: rare(fc.constantFrom<unknown>(1, 60_000, 0, -1, "1")),
});

it("is accepted by the schema exactly if the reader refuses nothing, and means the same to both", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(row, batch, columns), (message) => {
      const parsed = ownV1Schema.safeParse(message);
      expect(parsed.success).toBe(read(message).refused.length === 0);
      if (!parsed.success) return;
      accepted++;
      expect(toldByReader(message)).toEqual(toldBySchema(parsed.data));
    }),
    { numRuns: 6_000 },
  );
  expect(accepted).toBeGreaterThan(200);
});

it("can be shown as JSON Schema, with the bounds of each quantity", () => {
  const schema = JSON.stringify(z.toJSONSchema(ownV1Schema));
  expect(schema).toContain('"exclusiveMinimum":-273.1505');
  expect(schema).toContain('"additionalProperties":false');
});
