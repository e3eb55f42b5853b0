import type { EvidenceStretch, Excursion, Judgement } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import {
  applyTimeline,
  initialSpaceState,
  judgeSpace,
  lookbackOf,
  noFacts,
  openExcursions,
  type Assignment,
  type SpaceState,
  type Stay,
  type TimedSample,
} from "../index.ts";

export interface Heard extends TimedSample {
  readonly sensor: string;
}

/** A space as its caller keeps it: histories, what was said, and the state between calls. */
export class DrivenSpace {
  readonly assignments: readonly Assignment[];
  readonly stays: readonly Stay[];
  state: SpaceState = initialSpaceState;
  timeline: readonly EvidenceStretch[] = [];
  readonly said: Judgement[] = [];
  readonly excursions = new Map<string, Excursion>();
  readonly #histories = new Map<string, TimedSample[]>();

  constructor(assignments: readonly Assignment[], stays: readonly Stay[]) {
    this.assignments = assignments;
    this.stays = stays;
  }

  feed(batch: readonly Heard[], asOf: number): readonly Judgement[] {
    const fresh = batch.filter((heard) => this.#keep(heard));
    if (fresh.length === 0) return this.tick(asOf);
    return this.judge({ from: EpochMs(Math.min(...fresh.map(({ at }) => at))) }, asOf);
  }

  tick(asOf: number): readonly Judgement[] {
    return this.judge(null, asOf);
  }

  judge(changed: { from: EpochMs } | null, asOf: number): readonly Judgement[] {
    const reach = lookbackOf(this.state, changed?.from ?? null);
    const [state, judgements] = judgeSpace(
      {
        space: "room",
        assignments: this.assignments,
        stays: this.stays,
        facts: noFacts,
        history: (sensor, from) => this.#historyOf(sensor, from, reach),
        known: [...this.excursions.values()].filter(
          ({ until }) => until === null || until >= reach,
        ),
      },
      this.state,
      changed,
      EpochMs(asOf),
    );
    // A state must survive being stored.
    this.state = JSON.parse(JSON.stringify(state)) as SpaceState;
    for (const judgement of judgements) this.#apply(judgement);
    return judgements;
  }

  /** What is believed in the end, without the way it came about. */
  outcome(): unknown {
    const open = new Map(openExcursions(this.state).map((excursion) => [excursion.id, excursion]));
    return {
      excursions: [...this.excursions.values()]
        .filter(({ retracted }) => !retracted)
        .map((known) => withoutRevision(open.get(known.id) ?? known))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
      timeline: this.timeline,
    };
  }

  #apply(judgement: Judgement): void {
    this.said.push(judgement);
    if (judgement.kind === "timeline-changed")
      this.timeline = applyTimeline(this.timeline, judgement);
    if (!("excursion" in judgement)) return;
    const { excursion } = judgement;
    const revision = this.excursions.get(excursion.id)?.revision ?? 0;
    if (excursion.revision !== revision + 1)
      throw new Error(`revision ${excursion.revision} of ${excursion.id} follows ${revision}`);
    this.excursions.set(excursion.id, excursion);
  }

  #keep({ sensor, at, sample }: Heard): boolean {
    const history = this.#histories.get(sensor) ?? [];
    this.#histories.set(sensor, history);
    const text = JSON.stringify(sample);
    if (history.some((kept) => kept.at === at && JSON.stringify(kept.sample) === text))
      return false;
    const index = history.findIndex((kept) => kept.at > at);
    history.splice(index === -1 ? history.length : index, 0, { at, sample });
    return true;
  }

  #historyOf(sensor: string, from: EpochMs, reach: EpochMs): readonly TimedSample[] {
    if (from < reach) throw new Error(`history from ${from} asked, ${reach} said`);
    const history = this.#histories.get(sensor) ?? [];
    const last = history.findLast(({ at }) => at <= from)?.at ?? from;
    return history.filter(({ at }) => at >= last);
  }
}

function withoutRevision(excursion: Excursion): Excursion {
  return { ...excursion, revision: 1 };
}
