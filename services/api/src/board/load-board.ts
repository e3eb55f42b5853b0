import type { OutputReader } from "@unbroken/event-log";
import type { EvidenceStretch, Excursion, QuarantineRecord, Reading } from "@unbroken/model";
import type { TimeSeries } from "@unbroken/time-series";
import { DAY, EpochMs, HOUR } from "@unbroken/units";
import { scanAll } from "../queries/scan-state.ts";
import { tracked, type SensorTrack } from "./sensor-track.ts";

export interface LoadedBoard {
  readonly tracks: readonly SensorTrack[];
  readonly heard: readonly Pick<Reading, "organisation" | "sensor" | "receivedAt">[];
  readonly timelines: ReadonlyMap<string, readonly EvidenceStretch[]>;
  readonly open: readonly {
    readonly organisation: string;
    readonly excursion: Excursion;
    readonly partition: number;
  }[];
  readonly quarantined: readonly Pick<QuarantineRecord, "organisation" | "receivedAt">[];
  /** The sequence of the first commit that may not be in this yet, by partition. */
  readonly next: readonly number[];
}

interface LoadDeps {
  readonly outputs: OutputReader;
  readonly series: TimeSeries;
  readonly partitions: number;
  readonly now: () => EpochMs;
}

/** Points for the trend are looked for this far before the last reading. */
const TREND_LOOKBACK_MS = 3 * HOUR;
const TREND_POINTS_READ = 1_000;
/** More than a board would count one by one. */
const QUARANTINE_READ_MAX = 100_000;

/** The processor's state as it stands, read once at start. */
export async function loadBoard(deps: LoadDeps): Promise<LoadedBoard> {
  const { outputs, partitions } = deps;
  const next: number[] = [];
  const tracks: SensorTrack[] = [];
  const heard: Reading[] = [];
  const timelines = new Map<string, readonly EvidenceStretch[]>();
  const open: { organisation: string; excursion: Excursion; partition: number }[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    // The end first: a commit that comes in between is applied again later, which changes nothing.
    next.push(await outputs.endOfCommits(partition));
    for await (const { value } of scanAll(outputs, partition, "last/")) {
      // `heardAt`: when the sensor was last heard at all, be it with older readings.
      const last = value as Reading & { readonly heardAt?: EpochMs };
      heard.push({ ...last, receivedAt: last.heardAt ?? last.receivedAt });
      const track = await trackOf(deps.series, last);
      if (track !== null) tracks.push(track);
    }
    for await (const { key, value } of scanAll(outputs, partition, "timeline/")) {
      const { stretches } = value as { stretches: EvidenceStretch[] };
      timelines.set(key.slice("timeline/".length), stretches);
    }
    for await (const { key, value } of scanAll(outputs, partition, "excursion/")) {
      const excursion = value as Excursion;
      const organisation = key.split("/")[1] ?? "";
      if (excursion.until === null && !excursion.retracted)
        open.push({ organisation, excursion, partition });
    }
  }
  return { tracks, heard, timelines, open, quarantined: await quarantinedOf(deps), next };
}

/** The sensor's present from the last reading, and its latest values from the time series. */
async function trackOf(series: TimeSeries, last: Reading): Promise<SensorTrack | null> {
  const { organisation, sensor } = last;
  const key = { organisation, sensor, quantity: "temperature" } as const;
  const end = last.quantity === "temperature" ? last : await series.last(key);
  if (end === null) return null;
  const from = EpochMs(end.measuredAt - TREND_LOOKBACK_MS);
  const points = await series.range(key, from, EpochMs(end.measuredAt + 1), TREND_POINTS_READ);
  let track: SensorTrack | null = null;
  for (const { measuredAt, receivedAt, milli, fault } of points)
    track = tracked(track, {
      organisation,
      sensor,
      measuredAt,
      receivedAt,
      sample:
        milli === null ? { kind: "fault", fault: fault ?? "absent" } : { kind: "value", milli },
    });
  // The series is a projection and may lag behind the state.
  return last.quantity === "temperature" ? tracked(track, last) : track;
}

async function quarantinedOf({
  outputs,
  now,
}: LoadDeps): Promise<Pick<QuarantineRecord, "organisation" | "receivedAt">[]> {
  const since = now() - DAY;
  const found: Pick<QuarantineRecord, "organisation" | "receivedAt">[] = [];
  let before: { sequence: number; index: number } | null = null;
  while (found.length < QUARANTINE_READ_MAX) {
    const page = await outputs.recentOutputs("quarantine", null, before, 1_000);
    for (const { sequence, index, output } of page) {
      const { organisation, receivedAt } = JSON.parse(
        Buffer.from(output.body).toString(),
      ) as QuarantineRecord;
      if (receivedAt < since) return found;
      found.push({ organisation, receivedAt });
      before = { sequence, index };
    }
    if (page.length < 1_000) break;
  }
  return found;
}
