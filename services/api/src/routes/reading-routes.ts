import {
  DeviceId,
  OrganisationId,
  Quantity,
  ReadingView,
  deviceOfSensor,
  pageOf,
} from "@unbroken/model";
import type { SeriesKey, TimeSeries } from "@unbroken/time-series";
import { DAY, type EpochMs } from "@unbroken/units";
import { z } from "zod";
import type { FactBook } from "../fact-book.ts";
import { route, type Route } from "../http/route.ts";
import { findReadings } from "../queries/readings.ts";
import { bucketView, readingView } from "../views.ts";
import { EnvelopeView } from "./api-schemas.ts";
import { organisationField, paging, span, spanOf } from "./query-fields.ts";

export interface ReadingDeps {
  readonly book: FactBook;
  readonly series: TimeSeries;
  readonly now: () => EpochMs;
}

const Sensor = z.string().min(3).max(200).meta({ description: "`device/probe`" });

const ReadingsQuery = z.strictObject({
  ...organisationField,
  device: DeviceId.optional(),
  sensor: Sensor.optional(),
  quantity: Quantity.optional(),
  ...span,
  ...paging,
});

const EnvelopeQuery = z.strictObject({
  organisation: OrganisationId,
  sensor: Sensor,
  quantity: Quantity.default("temperature"),
  ...span,
  buckets: z.coerce.number().int().min(1).max(2_000).default(500),
});

/** Raw readings in the order of their measuring, and curves that keep each stretch's minimum and maximum. */
export function readingRoutes({ book, series, now }: ReadingDeps): readonly Route[] {
  return [
    route({
      id: "listReadings",
      method: "get",
      path: "/api/v1/readings",
      tag: "readings",
      summary: "Readings of all sensors that match, by measured_at",
      query: ReadingsQuery,
      answer: pageOf(ReadingView),
      async handle({ query }) {
        // Devices may be ahead of our clock by what is tolerated; a day is more than that.
        const { from, to } = spanOf(query, { from: 0, to: now() + DAY });
        const keys = await keysOf(query, book, series);
        const { cursor, limit } = query;
        const { items, next } = await findReadings(series, { keys, from, to, cursor, limit });
        return { body: { items: items.map(({ key, point }) => readingView(key, point)), next } };
      },
    }),
    route({
      id: "getEnvelope",
      method: "get",
      path: "/api/v1/envelope",
      tag: "readings",
      summary:
        "A sensor's curve in buckets of equal length; the last 24 hours unless said otherwise",
      query: EnvelopeQuery,
      answer: EnvelopeView,
      async handle({ query: { organisation, sensor, quantity, buckets, ...rest } }) {
        const { from, to } = spanOf(rest, { from: now() - DAY, to: now() });
        const key = { organisation, sensor, quantity };
        const found = await series.envelope(key, from, to, buckets);
        return { body: { buckets: found.map(bucketView) } };
      },
    }),
  ];
}

async function keysOf(
  query: z.output<typeof ReadingsQuery>,
  book: FactBook,
  series: TimeSeries,
): Promise<readonly SeriesKey[]> {
  const device = query.device ?? (query.sensor === undefined ? null : deviceOfSensor(query.sensor));
  const organisations =
    query.organisation === undefined ? organisationsOf(book) : [query.organisation];
  const keys: SeriesKey[] = [];
  for (const organisation of organisations)
    keys.push(...(await series.series(organisation, device === "" ? null : device)));
  return keys.filter(
    ({ sensor, quantity }) =>
      (query.sensor ?? sensor) === sensor && (query.quantity ?? quantity) === quantity,
  );
}

/** Only a registered device can publish, so an organisation that has readings has a device. */
function organisationsOf({ registry }: FactBook): readonly string[] {
  return [
    ...new Set([...registry.devices.values()].map(({ organisation }) => organisation)),
  ].sort();
}
