import {
  initialSpaceState,
  judgeSpace,
  lookbackOf,
  openExcursions,
  touchesStay,
  type SpaceContext,
  type SpaceState,
  type TimedSample,
} from "@unbroken/detection";
import type { OutputReader } from "@unbroken/event-log";
import {
  keyOf,
  staysOf,
  type EvidenceStretch,
  type Excursion,
  type Judgement,
  type Quantity,
} from "@unbroken/model";
import { DAY, DurationMs, type EpochMs } from "@unbroken/units";
import type { CommitDraft } from "./commit-draft.ts";
import { changedTimeline } from "./kept-timeline.ts";
import { FoundFaults } from "./found-faults.ts";
import { judgedBy, type JudgedBy, type Sources } from "./judged-by.ts";
import type { JudgedQuantity } from "./judged-quantities.ts";
import { KnownExcursions, inOrder } from "./known-excursions.ts";
import type { LastHeard } from "./sense-stage.ts";
import { excursionKey, excursionPrefix, liveKey, snapshotsKey, timelineKey } from "./state-keys.ts";

/** Longer than any profile's gap should be: how far a reading can reach into a stay that it lies outside of. */
const TOUCH_MAX = DurationMs(30 * DAY);
/** Ended excursions of one space that stay in memory. */
const KNOWN_MAX = 2_000;

interface Space {
  readonly organisation: string;
  readonly space: string;
  state: SpaceState;
  timeline: readonly EvidenceStretch[];
  isTimelineDirty: boolean;
  /** All excursions that are open or ended at or after `knownFrom`. */
  readonly known: KnownExcursions;
  knownFrom: number;
  context: JudgedBy | null;
}

interface JudgeDeps extends Sources {
  readonly state: Pick<OutputReader, "scanState" | "getState">;
  readonly partition: number;
  readonly historyOf: (
    organisation: string,
    sensor: string,
    quantity: Quantity,
    from: EpochMs,
  ) => Promise<readonly TimedSample[]>;
  readonly heard: (organisation: string, sensor: string, quantity: Quantity) => Promise<LastHeard>;
}

/** By space: place, combine, account. */
export class JudgeStage {
  readonly #deps: JudgeDeps;
  readonly #faults: FoundFaults;
  readonly #spaces = new Map<string, Space>();
  readonly #dirty = new Set<Space>();
  /** With more excursions in memory than there need be. */
  readonly #crowded = new Set<Space>();

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
    this.#faults = new FoundFaults(deps);
  }

  /** Loads every space that was judged before, so that a tick notices the silence of each. */
  async recall(): Promise<void> {
    for (let after: string | null = null; ;) {
      const rows = await this.#deps.state.scanState(this.#deps.partition, "space/", after, 1_000);
      for (const [key] of rows) {
        const [, organisation = "", space = ""] = key.split("/");
        await this.#space(organisation, space);
      }
      after = rows.at(-1)?.[0] ?? null;
      if (after === null) return;
    }
  }

  /** Everything flushed is committed: what leaves memory now can be read again. */
  committed(): void {
    for (const space of this.#crowded) this.#forgetOld(space);
    this.#crowded.clear();
  }

  /** The spaces whose verdict may depend on what a sensor measured at a time. */
  async spacesOf(
    organisation: string,
    sensor: string,
    quantity: JudgedQuantity,
    measuredAt: EpochMs,
  ): Promise<readonly string[]> {
    const stays = staysOf(this.#deps.registry, organisation, sensor);
    // A value holds until the next one, wherever that is measured. To judge a space once too often does no harm.
    const touched = stays.filter((stay) => touchesStay({ sensor, ...stay }, measuredAt, TOUCH_MAX));
    const asking: string[] = [];
    for (const name of new Set(touched.map(({ space }) => space))) {
      const { quantities } = this.#contextOf(await this.#space(organisation, name));
      if (quantities.has(quantity)) asking.push(name);
    }
    return asking;
  }

  /**
   * Judges a space again after something was learnt of `[from, …)`. Whether a sensor has fallen silent is for ticks to
   * say: one that hands over its backlog is not silent, however old what it tells.
   */
  async judge(
    organisation: string,
    name: string,
    from: EpochMs,
    judgedAt: EpochMs,
    draft: CommitDraft,
  ): Promise<void> {
    const space = await this.#space(organisation, name);
    await this.#judge(space, { from }, space.state.live.asOf, judgedAt, draft);
  }

  /** Judges a space again after a fact said something new of `[from, …)`. */
  async judgeFact(
    organisation: string,
    name: string,
    from: EpochMs,
    judgedAt: EpochMs,
    draft: CommitDraft,
  ): Promise<void> {
    await this.forgetContext(organisation, name);
    const space = await this.#space(organisation, name);
    await this.judge(organisation, name, await this.#heldSince(space, from), judgedAt, draft);
  }

  /** Facts, or sensors of the space, are other than was thought: looks at them anew. */
  async forgetContext(organisation: string, name: string): Promise<void> {
    (await this.#space(organisation, name)).context = null;
  }

  /** A tick: only spaces in which a sensor has been silent for too long, by its own time and by ours. */
  async tick(clock: EpochMs, draft: CommitDraft): Promise<void> {
    const silent: (readonly [key: string, space: Space])[] = [];
    for (const [key, space] of this.#spaces) {
      const { deadline } = space.state.live;
      if (deadline === null || deadline >= clock || !(await this.#isSilent(space, clock))) continue;
      silent.push([key, space]);
    }
    // In which order the spaces came into memory is not the same after a restart; what is said has to be.
    silent.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, space] of silent) await this.#judge(space, null, clock, clock, draft);
  }

  async #isSilent(space: Space, clock: EpochMs): Promise<boolean> {
    const { assignments, stays, quantities } = this.#contextOf(space);
    const gap = assignments.at(-1)?.profile.gap;
    if (gap === undefined) return false;
    for (const { sensor, to } of stays) {
      if (to !== null && to <= clock) continue;
      for (const quantity of quantities) {
        const { newestAt, heardAt } = await this.#deps.heard(space.organisation, sensor, quantity);
        if (newestAt !== null && newestAt + gap < clock && heardAt + gap < clock) return true;
      }
    }
    return false;
  }

  /**
   * When the values that hold at `moment` were measured, or `moment`: what a fact says of the end of a silence bounds all
   * of it.
   */
  async #heldSince(space: Space, moment: EpochMs): Promise<EpochMs> {
    const { stays, quantities } = this.#contextOf(space);
    let since = moment;
    for (const { sensor, from } of stays) {
      if (from > moment) continue;
      for (const quantity of quantities) {
        const [held] = await this.#deps.historyOf(space.organisation, sensor, quantity, moment);
        if (held !== undefined && held.at < since) since = held.at;
      }
    }
    return since;
  }

  flush(draft: CommitDraft): void {
    for (const space of this.#dirty) {
      draft.putJson(liveKey(space.organisation, space.space), space.state.live);
      if (space.isTimelineDirty) {
        draft.putJson(timelineKey(space.organisation, space.space), { stretches: space.timeline });
        space.isTimelineDirty = false;
      }
      for (const excursion of openExcursions(space.state)) {
        draft.putJson(excursionKey(space.organisation, excursion), excursion);
      }
      if (space.known.size > KNOWN_MAX) this.#crowded.add(space);
    }
    this.#dirty.clear();
  }

  async #judge(
    space: Space,
    changed: { readonly from: EpochMs } | null,
    asOf: EpochMs,
    judgedAt: EpochMs,
    draft: CommitDraft,
  ): Promise<void> {
    const lookback = lookbackOf(space.state, changed?.from ?? null);
    const context = this.#contextOf(space);
    if (context.assignments.length === 0 && space.known.size === 0) return;
    const history = await this.#historiesOf(space, context, lookback);
    const known = await this.#knownSince(space, lookback);
    const [state, judgements] = judgeSpace(
      {
        space: space.space,
        assignments: context.assignments,
        stays: context.stays,
        facts: context.facts,
        history,
        known,
      },
      space.state,
      changed,
      asOf,
    );
    this.#dirty.add(space);
    if (state.snapshots !== space.state.snapshots) {
      draft.putJson(snapshotsKey(space.organisation, space.space), state.snapshots);
    }
    space.state = state;
    for (const judgement of judgements) {
      const news = this.#apply(space, judgement, draft);
      if (news !== null) draft.judged(space.organisation, judgedAt, news);
    }
    // What lasts grows without being said; kept as it stands now, as `flush` stores it for those who start anew.
    for (const excursion of openExcursions(state)) space.known.set(excursion);
    await this.#lookForFaults(space, context, judgedAt, draft);
  }

  async #lookForFaults(
    { organisation, space, state }: Space,
    { assignments, stays }: JudgedBy,
    judgedAt: EpochMs,
    draft: CommitDraft,
  ): Promise<void> {
    const rules = assignments.at(-1)?.profile.faults;
    if (rules === undefined) return;
    const { same } = state.live.settled;
    const sensors = stays.flatMap(({ sensor, to }) => (to === null ? [sensor] : []));
    const searched = { organisation, space, rules, sensors, same };
    await this.#faults.look(searched, judgedAt, draft);
  }

  /** Takes a judgement in. @returns what of it is news; null if all of it had been said. */
  #apply(space: Space, judgement: Judgement, draft: CommitDraft): Judgement | null {
    if ("excursion" in judgement) {
      const { excursion } = judgement;
      space.known.set(excursion);
      draft.putJson(excursionKey(space.organisation, excursion), excursion);
      return judgement;
    }
    if (judgement.kind !== "timeline-changed") return judgement;
    const { timeline, change } = changedTimeline(space.timeline, judgement);
    space.timeline = timeline;
    space.isTimelineDirty ||= change !== null;
    return change;
  }

  /** Every history that may be asked for, at hand. */
  async #historiesOf(
    space: Space,
    { stays, quantities }: JudgedBy,
    lookback: EpochMs,
  ): Promise<SpaceContext["history"]> {
    const { historyOf } = this.#deps;
    const bySensor = new Map<string, Map<Quantity, readonly TimedSample[]>>();
    for (const { sensor } of stays) {
      if (bySensor.has(sensor)) continue;
      const histories = new Map<Quantity, readonly TimedSample[]>();
      for (const quantity of quantities)
        histories.set(quantity, await historyOf(space.organisation, sensor, quantity, lookback));
      bySensor.set(sensor, histories);
    }
    return (sensor, from, quantity) => {
      if (from < lookback) throw new RangeError(`history of ${sensor} before it was asked for`);
      return bySensor.get(sensor)?.get(quantity) ?? [];
    };
  }

  #contextOf(space: Space): JudgedBy {
    return (space.context ??= judgedBy(this.#deps, space.organisation, space.space));
  }

  async #knownSince(space: Space, from: EpochMs): Promise<readonly Excursion[]> {
    if (from >= space.knownFrom) return space.known.since(from);
    const all = await this.#scanExcursions(space);
    return inOrder(all.filter(({ until }) => until === null || until >= from));
  }

  #forgetOld(space: Space): void {
    if (space.known.size <= KNOWN_MAX) return;
    // To half, so that it is long until the next time.
    const dropped = space.known.drop(space.known.size - KNOWN_MAX / 2);
    // Late data may have brought back some that are older than what was let go of before.
    if (dropped !== null) space.knownFrom = Math.max(space.knownFrom, dropped + 1);
  }

  /** Excursions as stored, with those changed since the last commit on top. */
  async #scanExcursions(
    space: Pick<Space, "organisation" | "space" | "known">,
  ): Promise<readonly Excursion[]> {
    const all = new Map<string, Excursion>();
    for (let after: string | null = null; ;) {
      const rows = await this.#deps.state.scanState(
        this.#deps.partition,
        excursionPrefix(space.organisation, space.space),
        after,
        1_000,
      );
      for (const [, bytes] of rows) {
        const excursion = parsed(bytes) as Excursion;
        all.set(excursion.id, excursion);
      }
      after = rows.at(-1)?.[0] ?? null;
      if (after === null) break;
    }
    for (const excursion of space.known.values()) all.set(excursion.id, excursion);
    return [...all.values()];
  }

  async #space(organisation: string, name: string): Promise<Space> {
    const key = keyOf(organisation, name);
    const found = this.#spaces.get(key);
    if (found !== undefined) return found;
    const recall = (stateKey: string): Promise<Uint8Array | null> =>
      this.#deps.state.getState(this.#deps.partition, stateKey);
    const live = await recall(liveKey(organisation, name));
    const snapshots = await recall(snapshotsKey(organisation, name));
    const timeline = await recall(timelineKey(organisation, name));
    const space: Space = {
      organisation,
      space: name,
      state:
        live === null
          ? initialSpaceState
          : {
              live: parsed(live) as SpaceState["live"],
              snapshots: snapshots === null ? [] : (parsed(snapshots) as SpaceState["snapshots"]),
            },
      timeline:
        timeline === null
          ? []
          : (parsed(timeline) as { readonly stretches: readonly EvidenceStretch[] }).stretches,
      isTimelineDirty: false,
      known: new KnownExcursions(),
      knownFrom: 0,
      context: null,
    };
    for (const excursion of await this.#scanExcursions(space)) space.known.set(excursion);
    this.#forgetOld(space);
    this.#spaces.set(key, space);
    return space;
  }
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
