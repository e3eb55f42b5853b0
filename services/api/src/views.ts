import {
  deviceOfSensor,
  isoOf,
  quantities,
  type EnvelopeBucket,
  type Excursion,
  type ExcursionView,
  type QuarantineRecord,
  type QuarantineView,
  type ReadingView,
  type RuleMode,
  type SiteEntry,
  type SiteView,
  type VehicleEntry,
  type VehicleView,
} from "@unbroken/model";
import type { Bucket, Point, SeriesKey } from "@unbroken/time-series";
import { limitUnitOf } from "./profile-view.ts";
import { EpochMs, Milli, fromMilli } from "@unbroken/units";

// How things are shown. The one place where figures are rounded: to three places at the most.

export function iso(at: number): string {
  return isoOf(EpochMs(at));
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

export function milliOrNull(milli: number | null): number | null {
  return milli === null ? null : fromMilli(Milli(milli));
}

export function threePlaces(value: number): number {
  const rounded = Math.round(value * 1_000) / 1_000;
  return rounded === 0 ? 0 : rounded;
}

export function siteView({ organisation, site, name, zone, region }: SiteEntry): SiteView {
  return { organisation, site, name, zone, region };
}

export function vehicleView({
  organisation,
  vehicle,
  name,
  plate,
  zone,
}: VehicleEntry): VehicleView {
  return { organisation, vehicle, name, plate, zone };
}

export function readingView(key: SeriesKey, point: Point): ReadingView {
  return {
    organisation: key.organisation,
    device: deviceOfSensor(key.sensor),
    sensor: key.sensor,
    quantity: key.quantity,
    value: milliOrNull(point.milli),
    unit: quantities[key.quantity].unit,
    measured_at: iso(point.measuredAt),
    received_at: iso(point.receivedAt),
    time_source: point.timeSource,
    fault: point.fault,
  };
}

export function bucketView(bucket: Bucket): EnvelopeBucket {
  const values = bucket.count - bucket.faults;
  return {
    from: iso(bucket.from),
    to: iso(bucket.to),
    count: bucket.count,
    min: milliOrNull(bucket.min),
    max: milliOrNull(bucket.max),
    mean: bucket.min === null || values <= 0 ? null : threePlaces(bucket.sum / values / 1_000),
    first_at: isoOrNull(bucket.firstAt),
    last_at: isoOrNull(bucket.lastAt),
    faults: bucket.faults,
  };
}

/** What an excursion does not know of itself. */
export interface ExcursionPlace {
  readonly organisation: string;
  readonly spaceName: string;
  /** Of its rule; null where its profile is not known. */
  readonly mode: RuleMode | null;
}

export function excursionView(
  excursion: Excursion,
  { organisation, spaceName, mode }: ExcursionPlace,
): ExcursionView {
  const unit = limitUnitOf(excursion.quantity, mode);
  const peak = fromMilli(Milli(excursion.peak));
  const limit = fromMilli(Milli(excursion.limit));
  return {
    organisation,
    id: excursion.id,
    space: excursion.space,
    space_name: spaceName,
    rule: excursion.rule,
    quantity: excursion.quantity,
    mode,
    side: excursion.side,
    severity: excursion.severity,
    since: iso(excursion.since),
    until: isoOrNull(excursion.until),
    ended: excursion.ended,
    minutes: threePlaces(excursion.provenMs / 60_000),
    unit,
    peak,
    peak_c: unit === "Cel" ? peak : null,
    peak_at: iso(excursion.peakAt),
    peak_sensor: excursion.peakSensor,
    limit,
    limit_c: unit === "Cel" ? limit : null,
    hold_ms: excursion.holdMs,
    revision: excursion.revision,
    retracted: excursion.retracted,
    profile_hash: excursion.profileHash,
    engine: excursion.engine,
  };
}

export function quarantineView(record: QuarantineRecord): QuarantineView {
  return {
    organisation: record.organisation,
    publisher: record.publisher,
    mqtt_topic: record.mqttTopic,
    received_at: iso(record.receivedAt),
    code: record.code,
    detail: record.detail,
    pointer: record.pointer,
    offset: record.offset,
    payload_base64: record.payloadBase64,
    payload_bytes: record.payloadBytes,
  };
}
