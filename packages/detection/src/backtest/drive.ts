import type { Excursion, Profile, Quantity } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import { judgeSpace } from "../judge-space.ts";
import type { IntervalReading } from "../judge-interval.ts";
import type { SpaceFacts } from "../space-facts.ts";
import {
  initialSpaceState,
  lookbackOf,
  openExcursions,
  type SpaceState,
  type Stay,
} from "../space-state.ts";
import { countBefore, type TimedSample } from "../track.ts";

/** An excursion as it was judged live, and when it was first said: by the clock of the reading or the silence that proved it. */
export interface Fired {
  readonly excursion: Excursion;
  readonly firedAt: EpochMs;
}

/**
 * Judges recorded readings as if they had come in on time, one moment after the other, each silence noticed as soon as it
 * was one.
 * @param readings sorted by time, each once.
 */
export function drive(
  profile: Profile,
  readings: readonly IntervalReading[],
  { facts, stays }: { readonly facts: SpaceFacts; readonly stays: readonly Stay[] | null },
  to: EpochMs,
): readonly Fired[] {
  const drive = new Drive(profile, facts, stays ?? alwaysThere(readings));
  for (let i = 0; i < readings.length;) {
    const at = readings[i]?.at ?? to;
    drive.waitUntil(at);
    while (readings[i]?.at === at) {
      const reading = readings[i];
      if (reading !== undefined) drive.keep(reading);
      i += 1;
    }
    drive.judge({ from: at }, at);
  }
  drive.waitUntil(to);
  return drive.fired();
}

class Drive {
  readonly #assignments: readonly { profile: Profile; from: EpochMs; to: null }[];
  readonly #stays: readonly Stay[];
  readonly #facts: SpaceFacts;
  readonly #histories = new Map<string, TimedSample[]>();
  readonly #known = new Map<string, Fired>();
  #state: SpaceState = initialSpaceState;

  constructor(profile: Profile, facts: SpaceFacts, stays: readonly Stay[]) {
    this.#assignments = [{ profile, from: EpochMs(0), to: null }];
    this.#stays = stays;
    this.#facts = facts;
  }

  keep({ sensor, at, sample, quantity = "temperature", sequence, clock }: IntervalReading): void {
    const key = keyOf(sensor, quantity);
    const history = this.#histories.get(key) ?? [];
    this.#histories.set(key, history);
    history.push({
      at,
      sample,
      ...(sequence === undefined ? {} : { sequence }),
      ...(clock === undefined ? {} : { clock }),
    });
  }

  /** Ticks as long as a tick can change anything before `moment`. */
  waitUntil(moment: EpochMs): void {
    for (
      let due = this.#state.live.deadline;
      due !== null && due < moment;
      due = this.#state.live.deadline
    ) {
      this.judge(null, EpochMs(due + 1));
      // What a tick cannot settle, the next reading will.
      if (this.#state.live.deadline === due) return;
    }
  }

  judge(changed: { readonly from: EpochMs } | null, asOf: EpochMs): void {
    const [state, judgements] = judgeSpace(
      {
        space: "space",
        assignments: this.#assignments,
        stays: this.#stays,
        facts: this.#facts,
        history: (sensor, from, quantity) => this.#historyFrom(keyOf(sensor, quantity), from),
        known: [...this.#knownSince(lookbackOf(this.#state, changed?.from ?? null))],
      },
      this.#state,
      changed,
      asOf,
    );
    this.#state = state;
    for (const judgement of judgements) {
      if (!("excursion" in judgement)) continue;
      const { excursion } = judgement;
      const firedAt = this.#known.get(excursion.id)?.firedAt ?? asOf;
      this.#known.set(excursion.id, { excursion, firedAt });
    }
  }

  /** In the order of their beginnings; those that last as they stand at the end. */
  fired(): readonly Fired[] {
    for (const excursion of openExcursions(this.#state)) {
      const known = this.#known.get(excursion.id);
      if (known !== undefined) this.#known.set(excursion.id, { ...known, excursion });
    }
    return [...this.#known.values()]
      .filter(({ excursion }) => !excursion.retracted)
      .sort(({ excursion: a }, { excursion: b }) =>
        a.since === b.since ? (a.id < b.id ? -1 : 1) : a.since - b.since,
      );
  }

  *#knownSince(from: EpochMs): Generator<Excursion> {
    for (const { excursion } of this.#known.values())
      if (excursion.until === null || excursion.until >= from) yield excursion;
  }

  #historyFrom(key: string, from: EpochMs): readonly TimedSample[] {
    const history = this.#histories.get(key) ?? [];
    let index = countBefore(history, EpochMs(from + 1));
    const last = history[index - 1]?.at;
    while (index > 0 && history[index - 1]?.at === last) index -= 1;
    return history.slice(index);
  }
}

function keyOf(sensor: string, quantity: Quantity): string {
  return `${quantity} ${sensor}`;
}

function alwaysThere(readings: readonly IntervalReading[]): readonly Stay[] {
  const sensors = [...new Set(readings.map(({ sensor }) => sensor))].sort();
  return sensors.map((sensor) => ({ sensor, from: EpochMs(0), to: null }));
}
