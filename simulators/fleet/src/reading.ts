import type { Json } from "@unbroken/model";
import { EpochMs, formatIsoTime } from "@unbroken/units";

/** What a simulated device measured, as it will say it. */
export type SimulatedReading = ProbeReading | ContactReading;

interface Numbered {
  /** By the device's clock, epoch ms. */
  readonly measuredAt: number;
  readonly boot: number;
  readonly seq: number;
}

/** A sample of a probe. */
export interface ProbeReading extends Numbered {
  /** m°C; null when the probe gave none. */
  readonly milli: number | null;
  /** Thousandths of %RH; null where the device has no such sensor. */
  readonly humidityMilli: number | null;
  /** Thousandths of %; null where the device has no battery or does not report it this time. */
  readonly batteryMilli: number | null;
}

/** What a door contact, a refrigeration unit or a supply monitor says; only of what it watches. */
export interface ContactReading extends Numbered {
  readonly states: Readonly<Partial<Record<Watched, boolean>>>;
}

/** What a contact can watch; true: the door is open, the coil is defrosting, there is supply. */
export type Watched = "door" | "defrost" | "power";

const FIELDS: Readonly<Record<Watched, string>> = {
  door: "door_open",
  defrost: "defrost",
  power: "power_ok",
};

/** How a device writes its times; both are allowed in the own format. */
export type TimeFormat = "rfc3339" | "epoch-ms";

/** The payload of a message in the own format, version 1: one reading, or a batch. */
export function payloadOf(readings: readonly SimulatedReading[], format: TimeFormat): Json {
  const [only] = readings;
  if (only !== undefined && readings.length === 1) return readingJson(only, format);
  return { readings: readings.map((reading) => readingJson(reading, format)) };
}

function readingJson(reading: SimulatedReading, format: TimeFormat): Json {
  const measuredAt =
    format === "epoch-ms" ? reading.measuredAt : formatIsoTime(EpochMs(reading.measuredAt));
  if ("states" in reading) {
    const states = Object.entries(reading.states) as [Watched, boolean][];
    return {
      measured_at: measuredAt,
      ...Object.fromEntries(states.map(([watched, is]) => [FIELDS[watched], is])),
      boot: reading.boot,
      seq: reading.seq,
    };
  }
  return {
    measured_at: measuredAt,
    temperature_c: reading.milli === null ? null : reading.milli / 1_000,
    ...(reading.humidityMilli === null
      ? {}
      : { relative_humidity_pct: reading.humidityMilli / 1_000 }),
    ...(reading.batteryMilli === null ? {} : { battery_pct: reading.batteryMilli / 1_000 }),
    boot: reading.boot,
    seq: reading.seq,
  };
}
