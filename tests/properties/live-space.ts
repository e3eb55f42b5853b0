import {
  applyTimeline,
  initialSpaceState,
  judgeSpace,
  lookbackOf,
  noFacts,
  openExcursions,
  type SpaceFacts,
  type SpaceState,
  type TimedSample,
} from "@unbroken/detection";
import type { EvidenceStretch, Excursion, Profile } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import { factsOf, profileOf, readingOf } from "../oracle/ask-engine.ts";
import type { History, Row } from "../oracle/history.ts";

const ALWAYS = EpochMs(0);

/** A space that is judged while its readings come, as a processor does it: what was said is all that is kept of it. */
export class LiveSpace {
  #facts: SpaceFacts = noFacts;
  #state: SpaceState = initialSpaceState;
  #timeline: readonly EvidenceStretch[] = [];
  readonly #profile: Profile;
  readonly #sensors: readonly string[];
  readonly #heard = new Set<string>();
  readonly #samples = new Map<string, readonly TimedSample[]>();
  readonly #excursions = new Map<string, Excursion>();

  constructor(history: History) {
    this.#profile = profileOf(history);
    this.#sensors = [...new Set(history.rows.map(({ sensor }) => sensor))].sort();
  }

  /** All of them, from when on they hold or held. */
  state(history: History, asOf: EpochMs): void {
    this.#facts = factsOf(history);
    this.#judge({ from: ALWAYS }, asOf);
  }

  hear(rows: readonly Row[], asOf: EpochMs): void {
    const fresh = rows.filter((row) => this.#keep(row)).map((row) => readingOf(row).at);
    if (fresh.length > 0) this.#judge({ from: EpochMs(Math.min(...fresh)) }, asOf);
  }

  tick(asOf: EpochMs): void {
    this.#judge(null, asOf);
  }

  /** What stands in the end, without how often it was said anew. */
  outcome(): string {
    const open = new Map(openExcursions(this.#state).map((each) => [each.id, each]));
    const standing = [...this.#excursions.values()]
      .filter(({ retracted }) => !retracted)
      .map((each) => ({ ...(open.get(each.id) ?? each), revision: null }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return JSON.stringify({ standing, timeline: this.#timeline }, null, 1);
  }

  #judge(changed: { readonly from: EpochMs } | null, asOf: EpochMs): void {
    const reach = lookbackOf(this.#state, changed?.from ?? null);
    const context = {
      space: "room",
      assignments: [{ profile: this.#profile, from: ALWAYS, to: null }],
      stays: this.#sensors.map((sensor) => ({ sensor, from: ALWAYS, to: null })),
      facts: this.#facts,
      history: (sensor: string, from: EpochMs, quantity: string) =>
        this.#historyOf(`${sensor} ${quantity}`, from),
      known: [...this.#excursions.values()].filter(({ until }) => until === null || until >= reach),
    };
    const [state, judgements] = judgeSpace(context, this.#state, changed, asOf);
    this.#state = JSON.parse(JSON.stringify(state)) as SpaceState;
    for (const judgement of judgements) {
      if (judgement.kind === "timeline-changed")
        this.#timeline = applyTimeline(this.#timeline, judgement);
      if ("excursion" in judgement)
        this.#excursions.set(judgement.excursion.id, judgement.excursion);
    }
  }

  #keep(row: Row): boolean {
    const { sensor, quantity = "temperature", ...sample } = readingOf(row);
    const key = `${sensor} ${quantity}`;
    const text = `${key} ${JSON.stringify(sample)}`;
    if (this.#heard.has(text)) return false;
    this.#heard.add(text);
    const samples = [...(this.#samples.get(key) ?? []), sample];
    this.#samples.set(
      key,
      samples.sort((a, b) => a.at - b.at),
    );
    return true;
  }

  #historyOf(key: string, from: EpochMs): readonly TimedSample[] {
    const samples = this.#samples.get(key) ?? [];
    const last = samples.findLast(({ at }) => at <= from)?.at ?? from;
    return samples.filter(({ at }) => at >= last);
  }
}
