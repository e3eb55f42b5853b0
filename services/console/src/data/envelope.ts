import type { EnvelopeBucket } from "@unbroken/model";
import { getJson } from "./api.ts";

interface EnvelopeView {
  readonly buckets: readonly EnvelopeBucket[];
}

export interface SensorEnvelope {
  readonly sensor: string;
  readonly buckets: readonly EnvelopeBucket[];
}

export interface Range {
  /** Epoch ms, `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

/** The temperature of each sensor in at most `buckets` pieces, with minimum and maximum of each piece. */
export async function fetchEnvelopes(
  organisation: string,
  sensors: readonly string[],
  range: Range,
  buckets: number,
  signal: AbortSignal,
): Promise<readonly SensorEnvelope[]> {
  return await Promise.all(
    sensors.map(async (sensor) => {
      const query = {
        organisation,
        sensor,
        quantity: "temperature",
        from: new Date(range.from).toISOString(),
        to: new Date(range.to).toISOString(),
        buckets,
      };
      const view = await getJson<EnvelopeView>("/envelope", query, signal);
      return { sensor, buckets: view.buckets };
    }),
  );
}
