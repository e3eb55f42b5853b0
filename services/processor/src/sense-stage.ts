import type { TimedSample } from "@unbroken/detection";
import type { OutputReader } from "@unbroken/event-log";
import type { FaultKind, Reading } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import type { CommitDraft } from "./commit-draft.ts";
import { SensorHistory } from "./sensor-history.ts";
import { faultKey, lastKey, stretchKey, stretchPrefix } from "./state-keys.ts";

/** Samples that may stay in memory; beyond, sensors keep only their newest. Late data loads older ones again. */
const LOADED_SAMPLES_MAX = 4_000_000;
/** Commits between two looks at how much is loaded. */
const COMMITS_PER_LOOK = 1_000;

interface OpenFault {
  readonly kind: FaultKind;
  readonly from: EpochMs;
}

interface Sensor {
  readonly organisation: string;
  readonly sensor: string;
  readonly history: SensorHistory;
  /** The reading with the latest measuredAt. */
  last: Reading | null;
  /** When it was last heard, by our clock. */
  heardAt: EpochMs;
  fault: OpenFault | null;
}

/** What is stored of a sensor beside its history. */
type Last = Reading & { readonly heardAt: EpochMs };

/** By sensor: order, doubt, store. Keeps the temperatures that rules are judged on. */
export class SenseStage {
  readonly #state: Pick<OutputReader, "scanState" | "getState">;
  readonly #partition: number;
  readonly #sensors = new Map<string, Sensor>();
  readonly #dirty = new Set<Sensor>();
  #commits = 0;

  constructor(state: Pick<OutputReader, "scanState" | "getState">, partition: number) {
    this.#state = state;
    this.#partition = partition;
  }

  /** Takes one temperature in. Says whether anything was learnt: a duplicate changes nothing. */
  async sense(
    reading: Reading,
    judgedAt: EpochMs,
    draft: CommitDraft,
  ): Promise<"new" | "duplicate" | "conflict"> {
    const sensor = await this.#sensor(reading.organisation, reading.sensor);
    const { measuredAt, receivedAt, sample } = reading;
    if (receivedAt > sensor.heardAt) {
      sensor.heardAt = receivedAt;
      // Also from a duplicate: whether a sensor is silent must be known the same after a restart.
      this.#dirty.add(sensor);
    }
    const newest = sensor.history.newestAt;
    if (newest === null || measuredAt <= newest) await sensor.history.loadBackTo(measuredAt);
    const outcome = sensor.history.insert(measuredAt, sample);
    if (outcome.kind === "duplicate") return "duplicate";
    this.#dirty.add(sensor);
    if (outcome.kind === "conflict") {
      draft.judged(reading.organisation, judgedAt, {
        kind: "reading-conflict",
        sensor: reading.sensor,
        measuredAt,
        kept: outcome.kept.flatMap((kept) => (kept.kind === "value" ? [kept.milli] : [])),
      });
      return "conflict";
    }
    if (outcome.newest) this.#noteNewest(sensor, reading, judgedAt, draft);
    return "new";
  }

  async history(
    organisation: string,
    sensor: string,
    from: EpochMs,
  ): Promise<readonly TimedSample[]> {
    const { history } = await this.#sensor(organisation, sensor);
    await history.loadBackTo(from);
    return history.from(from);
  }

  async heard(
    organisation: string,
    sensor: string,
  ): Promise<{ readonly newestAt: EpochMs | null; readonly heardAt: EpochMs }> {
    const { history, heardAt } = await this.#sensor(organisation, sensor);
    return { newestAt: history.newestAt, heardAt };
  }

  /** Writes down what changed. */
  flush(draft: CommitDraft): void {
    for (const sensor of this.#dirty) {
      const { organisation, sensor: name, history, last, heardAt } = sensor;
      const { written, removed } = history.takeChanges();
      for (const start of removed) draft.remove(stretchKey(organisation, name, start));
      for (const [start, bytes] of written) draft.put(stretchKey(organisation, name, start), bytes);
      if (last !== null)
        draft.putJson(lastKey(organisation, name), { ...last, heardAt } satisfies Last);
    }
    this.#dirty.clear();
    if (++this.#commits % COMMITS_PER_LOOK === 0) this.#shrink();
  }

  #noteNewest(sensor: Sensor, reading: Reading, judgedAt: EpochMs, draft: CommitDraft): void {
    const { organisation, sensor: name, measuredAt, sample } = reading;
    sensor.last = reading;
    const before = sensor.fault;
    const kind = sample.kind === "fault" ? sample.fault : null;
    if (kind === (before?.kind ?? null)) return;
    if (before !== null) {
      const closed = {
        kind: "fault-closed",
        sensor: name,
        fault: before.kind,
        from: before.from,
        to: measuredAt,
      } as const;
      draft.judged(organisation, judgedAt, closed);
    }
    if (kind !== null) {
      draft.judged(organisation, judgedAt, {
        kind: "fault-opened",
        sensor: name,
        fault: kind,
        from: measuredAt,
      });
    }
    sensor.fault = kind === null ? null : { kind, from: measuredAt };
    if (sensor.fault === null) draft.remove(faultKey(organisation, name));
    else draft.putJson(faultKey(organisation, name), sensor.fault);
  }

  async #sensor(organisation: string, name: string): Promise<Sensor> {
    const key = `${organisation}/${name}`;
    const found = this.#sensors.get(key);
    if (found !== undefined) return found;
    const prefix = stretchPrefix(organisation, name);
    const history = new SensorHistory({
      older: async (than, max) => {
        const after = than === null ? null : stretchKey(organisation, name, than);
        const rows = await this.#state.scanState(this.#partition, prefix, after, max);
        return rows.map(([, bytes]) => bytes);
      },
    });
    await history.loadBackTo(Number.MAX_SAFE_INTEGER as EpochMs);
    const last = await this.#recall<Last>(lastKey(organisation, name));
    const sensor: Sensor = {
      organisation,
      sensor: name,
      history,
      last,
      heardAt: last?.heardAt ?? EpochMs(0),
      fault: await this.#recall<OpenFault>(faultKey(organisation, name)),
    };
    this.#sensors.set(key, sensor);
    return sensor;
  }

  async #recall<T>(key: string): Promise<T | null> {
    const bytes = await this.#state.getState(this.#partition, key);
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as T);
  }

  #shrink(): void {
    let loaded = 0;
    for (const { history } of this.#sensors.values()) loaded += history.size;
    if (loaded <= LOADED_SAMPLES_MAX) return;
    for (const { history } of this.#sensors.values()) history.shrink();
  }
}
