import type { TimedSample } from "@unbroken/detection";
import type { OutputReader } from "@unbroken/event-log";
import {
  QUEUE_MAX,
  deviceOfSensor,
  type FaultKind,
  type Quantity,
  type Reading,
} from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import type { ClockStage } from "./clock-stage.ts";
import type { CommitDraft } from "./commit-draft.ts";
import { doubted, keptSampleOf, type KeptSample } from "./kept-sample.ts";
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

/** One quantity of one sensor. */
interface Series {
  readonly organisation: string;
  readonly sensor: string;
  readonly quantity: Quantity;
  readonly history: SensorHistory;
  /** The reading with the latest measuredAt. */
  last: Reading | null;
  /** When it was last heard, by our clock. */
  heardAt: EpochMs;
  fault: OpenFault | null;
}

/** What is stored of it beside the older part of its history: one row for all that changes with each reading. */
type Last = Reading & {
  readonly heardAt: EpochMs;
  /** The newest stretch of its history, in base 64; missing in rows of before it stood here. */
  readonly tail?: string;
};

export interface Sensed {
  readonly outcome: "new" | "duplicate" | "conflict";
  readonly learnt: boolean;
}

export interface LastHeard {
  /** When it last measured, by its own clock. */
  readonly newestAt: EpochMs | null;
  readonly heardAt: EpochMs;
}

/** By sensor and quantity: order, doubt, store. Keeps all that rules are judged on. */
export class SenseStage {
  readonly #state: Pick<OutputReader, "scanState" | "getState">;
  readonly #partition: number;
  readonly #clocks: Pick<ClockStage, "doubts">;
  readonly #series = new Map<string, Series>();
  readonly #dirty = new Set<Series>();
  #commits = 0;

  constructor(
    state: Pick<OutputReader, "scanState" | "getState">,
    partition: number,
    clocks: Pick<ClockStage, "doubts">,
  ) {
    this.#state = state;
    this.#partition = partition;
    this.#clocks = clocks;
  }

  /**
   * Takes one reading in.
   *
   * @returns what became of it, and whether anything was learnt: a duplicate changes nothing, unless it says more.
   */
  async sense(reading: Reading, judgedAt: EpochMs, draft: CommitDraft): Promise<Sensed> {
    const { organisation, sensor, quantity, measuredAt, receivedAt } = reading;
    const series = await this.#seriesOf(organisation, sensor, quantity);
    if (receivedAt > series.heardAt) {
      series.heardAt = receivedAt;
      // Also from a duplicate: whether a sensor is silent must be known the same after a restart.
      this.#dirty.add(series);
    }
    const kept = keptSampleOf(reading);
    if (await this.#isSentAgain(series, kept)) return { outcome: "duplicate", learnt: false };
    const newest = series.history.newestAt;
    if (newest === null || measuredAt <= newest) await series.history.loadBackTo(measuredAt);
    const outcome = series.history.insert(kept);
    if (outcome.kind === "duplicate") {
      if (outcome.told) this.#dirty.add(series);
      return { outcome: "duplicate", learnt: outcome.told };
    }
    this.#dirty.add(series);
    if (outcome.kind === "conflict") {
      draft.judged(organisation, judgedAt, {
        kind: "reading-conflict",
        sensor,
        ...named(quantity),
        measuredAt,
        kept: outcome.kept.flatMap((kept) => (kept.kind === "value" ? [kept.milli] : [])),
      });
      return { outcome: "conflict", learnt: true };
    }
    if (outcome.newest) this.#noteNewest(series, reading, judgedAt, draft);
    return { outcome: "new", learnt: true };
  }

  async history(
    organisation: string,
    sensor: string,
    quantity: Quantity,
    from: EpochMs,
  ): Promise<readonly TimedSample[]> {
    const { history } = await this.#seriesOf(organisation, sensor, quantity);
    await history.loadBackTo(from);
    return doubted(
      history.from(from),
      await this.#clocks.doubts(organisation, deviceOfSensor(sensor)),
    );
  }

  async heard(organisation: string, sensor: string, quantity: Quantity): Promise<LastHeard> {
    const { history, heardAt } = await this.#seriesOf(organisation, sensor, quantity);
    return { newestAt: history.newestAt, heardAt };
  }

  /** Writes down what changed. */
  flush(draft: CommitDraft): void {
    for (const { organisation, sensor, quantity, history, last, heardAt } of this.#dirty) {
      const { written, removed, tail } = history.takeChanges();
      for (const start of removed) draft.remove(stretchKey(organisation, sensor, quantity, start));
      for (const [start, bytes] of written)
        draft.put(stretchKey(organisation, sensor, quantity, start), bytes);
      if (last === null) continue;
      const row: Last = { ...last, heardAt, tail: Buffer.from(tail).toString("base64") };
      draft.putJson(lastKey(organisation, sensor, quantity), row);
    }
    this.#dirty.clear();
    if (++this.#commits % COMMITS_PER_LOOK === 0) this.#shrink();
  }

  /**
   * Whether a reading that is timed by our clock was told before, no later: of several arrivals the earliest time counts,
   * so a later one that is kept makes room.
   */
  async #isSentAgain({ history }: Series, kept: KeptSample): Promise<boolean> {
    if (kept.receivedAt !== undefined || kept.sequence === undefined) return false;
    const floor = (kept.at - QUEUE_MAX) as EpochMs;
    let before = history.sentBefore(kept, floor);
    for (; before === "not loaded"; before = history.sentBefore(kept, floor))
      await history.loadMore();
    if (before === null) return false;
    if (before.at <= kept.at) return true;
    history.remove(before);
    return false;
  }

  #noteNewest(series: Series, reading: Reading, judgedAt: EpochMs, draft: CommitDraft): void {
    const { organisation, sensor, quantity, measuredAt, sample } = reading;
    series.last = reading;
    const before = series.fault;
    const fault = sample.kind === "fault" ? sample.fault : null;
    if (fault === (before?.kind ?? null)) return;
    const of = { sensor, ...named(quantity) };
    if (before !== null) {
      const { kind, from } = before;
      const closed = { kind: "fault-closed", ...of, fault: kind, from, to: measuredAt } as const;
      draft.judged(organisation, judgedAt, closed);
    }
    if (fault !== null) {
      const opened = { kind: "fault-opened", ...of, fault, from: measuredAt } as const;
      draft.judged(organisation, judgedAt, opened);
    }
    series.fault = fault === null ? null : { kind: fault, from: measuredAt };
    const key = faultKey(organisation, sensor, quantity);
    if (series.fault === null) draft.remove(key);
    else draft.putJson(key, series.fault);
  }

  async #seriesOf(organisation: string, sensor: string, quantity: Quantity): Promise<Series> {
    const key = `${quantity}/${organisation}/${sensor}`;
    const found = this.#series.get(key);
    if (found !== undefined) return found;
    const prefix = stretchPrefix(organisation, sensor, quantity);
    const history = new SensorHistory({
      older: async (than, max) => {
        const after = than === null ? null : stretchKey(organisation, sensor, quantity, than);
        const rows = await this.#state.scanState(this.#partition, prefix, after, max);
        return rows.map(([, bytes]) => bytes);
      },
    });
    const stored = await this.#recall<Last>(lastKey(organisation, sensor, quantity));
    const { tail, ...last } = stored ?? { heardAt: EpochMs(0) };
    if (tail !== undefined) history.takeUp(Buffer.from(tail, "base64"));
    await history.loadBackTo(Number.MAX_SAFE_INTEGER as EpochMs);
    const series: Series = {
      organisation,
      sensor,
      quantity,
      history,
      last: "sensor" in last ? last : null,
      heardAt: last.heardAt,
      fault: await this.#recall<OpenFault>(faultKey(organisation, sensor, quantity)),
    };
    this.#series.set(key, series);
    return series;
  }

  async #recall<T>(key: string): Promise<T | null> {
    const bytes = await this.#state.getState(this.#partition, key);
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as T);
  }

  #shrink(): void {
    let loaded = 0;
    for (const { history } of this.#series.values()) loaded += history.size;
    if (loaded <= LOADED_SAMPLES_MAX) return;
    for (const { history } of this.#series.values()) history.shrink();
  }
}

/** What is said of a temperature names no quantity. */
function named(quantity: Quantity): { readonly quantity?: Quantity } {
  return quantity === "temperature" ? {} : { quantity };
}
