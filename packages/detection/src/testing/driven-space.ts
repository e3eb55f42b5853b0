import type { EvidenceStretch, Excursion, Judgement, Quantity } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import {
  applyTimeline,
  initialSpaceState,
  judgeSpace,
  lookbackOf,
  noFacts,
  openExcursions,
  type Assignment,
  type SpaceFacts,
  type SpaceState,
  type Stay,
  type TimedSample,
} from "../index.ts";

export interface Heard extends TimedSample {
  readonly sensor: string;
  /** Temperature unless stated. */
  readonly quantity?: Quantity;
}

/** A space as its caller keeps it: histories, what was said, and the state between calls. */
export class DrivenSpace {
  readonly assignments: readonly Assignment[];
  readonly stays: readonly Stay[];
  facts: SpaceFacts;
  state: SpaceState = initialSpaceState;
  timeline: readonly EvidenceStretch[] = [];
  readonly said: Judgement[] = [];
  readonly excursions = new Map<string, Excursion>();
  readonly #histories = new Map<string, TimedSample[]>();

  constructor(
    assignments: readonly Assignment[],
    stays: readonly Stay[],
    facts: SpaceFacts = noFacts,
  ) {
    this.assignments = assignments;
    this.stays = stays;
    this.facts = facts;
  }

  /** Facts become known that hold from `from` on. */
  learn(facts: SpaceFacts, from: EpochMs, asOf: number): readonly Judgement[] {
    this.facts = facts;
    return this.judge({ from }, asOf);
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
        facts: this.facts,
        history: (sensor, from, quantity) => this.#historyOf(sensor, quantity, from, reach),
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

  #keep({ sensor, quantity = "temperature", ...timed }: Heard): boolean {
    const key = `${sensor}|${quantity}`;
    const history = this.#histories.get(key) ?? [];
    this.#histories.set(key, history);
    const text = JSON.stringify(timed);
    if (history.some((kept) => kept.at === timed.at && JSON.stringify(kept) === text)) return false;
    const index = history.findIndex((kept) => kept.at > timed.at);
    history.splice(index === -1 ? history.length : index, 0, timed);
    return true;
  }

  #historyOf(
    sensor: string,
    quantity: Quantity,
    from: EpochMs,
    reach: EpochMs,
  ): readonly TimedSample[] {
    if (from < reach) throw new Error(`history from ${from} asked, ${reach} said`);
    const history = this.#histories.get(`${sensor}|${quantity}`) ?? [];
    const last = history.findLast(({ at }) => at <= from)?.at ?? from;
    return history.filter(({ at }) => at >= last);
  }
}

function withoutRevision(excursion: Excursion): Excursion {
  return { ...excursion, revision: 1 };
}
