import { FaultKind, ProbeName, quantities } from "@unbroken/model";
import { parseIsoTime } from "@unbroken/units";
import { z } from "zod";
import { AGE_MAX_S } from "../measured-time.ts";
import { ownFields, type OwnField } from "./own-v1-definition.ts";

// Own format v1 for people and tools: the JSON Schema is made from it. What reads messages is `readOwnV1`, many
// times faster; a property test holds the two equal.

const VALUE_MAX = 1_000_000_000;

/** The edges of what rounding to thousandths leads into the span; written so that each is the nearest double. */
const below = (milli: number): number => (milli * 10 - 5) / 10_000;
const above = (milli: number): number => (milli * 10 + 5) / 10_000;

/** What a field may say: a value of its quantity, or null for a probe that gave none. */
function valueOf({ quantity, as }: (typeof ownFields)[number]) {
  if (as === "boolean") return z.boolean().nullable();
  const { span, unit } = quantities[quantity];
  const [min, max] = span;
  const number = z.number().gt(below(min));
  const bounded = max / 1000 < VALUE_MAX ? number.lt(above(max)) : number.lte(VALUE_MAX);
  return bounded.nullable().meta({ description: `in ${unit}; null: the probe gave no value` });
}

const Count = z.int().min(0);

const Moment = z
  .union([
    z
      .string()
      .refine((text) => parseIsoTime(text) !== null)
      .meta({ format: "date-time" }),
    z.int().min(-62_167_219_200_000).max(253_402_300_799_999),
  ])
  .meta({ description: "RFC 3339 with offset, or whole milliseconds since 1970" });

const Age = z.number().min(0).max(AGE_MAX_S).meta({
  description:
    "seconds from measuring to sending, by a counter that never stops; no clock is needed",
});

const SentAt = Moment.meta({
  description: "what the device's clock shows when the message is handed to the network",
});

type Fields<T> = Record<OwnField, T>;

/** An object with an entry for each measuring field. */
function perField<T>(entryOf: (entry: (typeof ownFields)[number]) => T): Fields<T> {
  return Object.fromEntries(ownFields.map((entry) => [entry.field, entryOf(entry)])) as Fields<T>;
}

const fieldNames = ownFields.map(({ field }) => field);

const rowFields = {
  ...perField((entry) => valueOf(entry).optional()),
  fault: FaultKind.optional(),
  measured_at: Moment.optional(),
  age_s: Age.optional(),
  sensor: ProbeName.optional(),
  seq: Count.optional(),
  boot: Count.optional(),
};

/** What no single field of a row can say. */
function rowOf<T extends z.ZodType<z.infer<z.ZodObject<typeof rowFields>>>>(row: T): T {
  return row
    .refine((said) => fieldNames.some((field) => said[field] !== undefined), "it measures nothing")
    .refine(
      (said) => said.fault === undefined || fieldNames.some((field) => said[field] === null),
      "fault says why a field is null, and none is",
    )
    .refine(
      (said) => said.age_s === undefined || said.measured_at === undefined,
      "it was measured_at a time or is of an age",
    );
}

const Row = rowOf(z.strictObject(rowFields)).meta({
  id: "Reading",
  description: "one reading: what one sensor measured at one time",
});

const LoneRow = rowOf(z.strictObject({ ...rowFields, sent_at: SentAt.optional() })).meta({
  id: "LoneReading",
  description: "a message with one reading",
});

const Batch = z
  .strictObject({
    readings: z.array(Row).min(1),
    measured_at: Moment.optional(),
    sensor: ProbeName.optional(),
    boot: Count.optional(),
    sent_at: SentAt.optional(),
  })
  .meta({
    id: "Batch",
    description: "readings; what stands beside them holds where they say nothing",
  });

const columns = {
  ...perField((entry) => z.array(valueOf(entry)).min(1).optional()),
  sensor: ProbeName.optional(),
  seq: Count.optional().meta({ description: "of the first row; each further one has one more" }),
  boot: Count.optional(),
  sent_at: SentAt.optional(),
};

const isEven = (row: Partial<Fields<readonly unknown[] | undefined>>, length?: number): boolean => {
  const lengths = fieldNames.flatMap((field) => row[field]?.length ?? []);
  return lengths.length > 0 && lengths.every((other) => other === (length ?? lengths[0]));
};

const ColumnsByTimes = z
  .strictObject({ t: z.array(Moment).min(1), ...columns })
  .refine((row) => isEven(row, row.t.length), "columns of different lengths, or none")
  .meta({ id: "ColumnsByTimes", description: "columns of one sensor, with the time of each row" });

const ColumnsBySteps = z
  .strictObject({ t0: Moment, dt: z.int().min(1).meta({ description: "in ms" }), ...columns })
  .refine((row) => isEven(row), "columns of different lengths, or none")
  .meta({ id: "ColumnsBySteps", description: "columns of one sensor, at equal steps of time" });

const ColumnsByAges = z
  .strictObject({ age_s: z.array(Age).min(1), ...columns })
  .refine((row) => isEven(row, row.age_s.length), "columns of different lengths, or none")
  .meta({ id: "ColumnsByAges", description: "columns of one sensor, with the age of each row" });

/** A message in own format v1, apart from the limits of an installation (earliest, future, rows of a batch). */
export const ownV1Schema = z
  .union([Batch, ColumnsByTimes, ColumnsBySteps, ColumnsByAges, LoneRow])
  .meta({ id: "OwnV1", title: "Unbroken own format, version 1" });
export type OwnV1 = z.infer<typeof ownV1Schema>;
