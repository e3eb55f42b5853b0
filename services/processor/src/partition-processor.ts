import type { DecodeLimits } from "@unbroken/devices";
import type { LogRecord, OutputReader } from "@unbroken/event-log";
import { Fact, RegistryBuilder, deviceOfSensor, type Reading } from "@unbroken/model";
import type { Metrics } from "@unbroken/observability";
import { EpochMs } from "@unbroken/units";
import { ClockStage } from "./clock-stage.ts";
import { CommitDraft } from "./commit-draft.ts";
import { decodeMessage, type DecodedMessage } from "./decode-stage.ts";
import { JudgeStage } from "./judge-stage.ts";
import { isJudged } from "./judged-quantities.ts";
import { Presence } from "./presence.ts";
import { ProfileShelf } from "./profile-shelf.ts";
import { SenseStage } from "./sense-stage.ts";
import { spacesTouched } from "./spaces-touched.ts";
import { CLOCK_KEY } from "./state-keys.ts";

/**
 * Decode → sense → judge for the records of one partition, one after the other. What comes out depends on the
 * records alone: neither on how they were batched nor on any clock but the one in the log.
 */
export class PartitionProcessor {
  readonly #limits: DecodeLimits;
  readonly #metrics: Metrics;
  readonly #registry = new RegistryBuilder();
  readonly #presence = new Presence();
  readonly #clocks: ClockStage;
  readonly #sense: SenseStage;
  readonly #judge: JudgeStage;
  readonly #state: OutputReader;
  readonly #partition: number;
  /** The latest time that the log has told: our clock may step back, what is known may not. */
  #now = EpochMs(0);

  constructor(state: OutputReader, partition: number, limits: DecodeLimits, metrics: Metrics) {
    this.#limits = limits;
    this.#metrics = metrics;
    this.#state = state;
    this.#partition = partition;
    this.#clocks = new ClockStage(state, partition);
    this.#sense = new SenseStage(state, partition, this.#clocks);
    this.#judge = new JudgeStage({
      state,
      partition,
      registry: this.#registry,
      presence: this.#presence,
      profiles: new ProfileShelf(this.#registry),
      historyOf: (...of) => this.#sense.history(...of),
      heard: (...of) => this.#sense.heard(...of),
    });
  }

  /** Takes up where the last commit left off: `facts` are those it had applied. */
  async recall(facts: readonly LogRecord[]): Promise<void> {
    for (const record of facts) {
      const fact = factOf(record);
      this.#registry.apply(fact);
      this.#presence.note(fact);
    }
    await this.#presence.recall(this.#state, this.#partition);
    const clock = await this.#state.getState(this.#partition, CLOCK_KEY);
    if (clock !== null) this.#now = EpochMs(Number(new TextDecoder().decode(clock)));
    await this.#judge.recall();
  }

  /** Everything that these records lead to. The state in memory has moved on: commit it, or start anew. */
  async process(records: readonly LogRecord[]): Promise<CommitDraft> {
    // Whoever comes for more has committed what came before, or has started anew.
    this.#judge.committed();
    const draft = new CommitDraft();
    for (const record of records) {
      if (record.receivedAt > this.#now) this.#now = record.receivedAt;
      switch (record.topic) {
        case "messages":
          await this.#message(record, draft);
          break;
        case "facts":
          await this.#fact(record, draft);
          break;
        case "ticks":
          await this.#judge.tick(this.#now, draft);
          break;
      }
    }
    this.#clocks.flush(draft);
    this.#sense.flush(draft);
    this.#judge.flush(draft);
    draft.putJson(CLOCK_KEY, this.#now);
    return draft;
  }

  async #message(record: LogRecord, draft: CommitDraft): Promise<void> {
    const decoded = decodeMessage(record, this.#limits);
    const { readings, quarantined, refusals } = decoded;
    draft.quarantined.push(...quarantined);
    if (refusals > 0) {
      for (const { code } of quarantined)
        this.#metrics.count("unbroken_processor_quarantined_total", 1, { code });
    }
    const learnt = new Learnt();
    for (const reading of readings) {
      draft.readings.push(reading);
      await this.#reading(reading, learnt, draft);
    }
    await this.#clock(record, decoded, learnt, draft);
    for (const [space, from] of learnt.bySpace) {
      await this.#judge.judge(record.organisation, space, from, this.#now, draft);
    }
  }

  async #reading(reading: Reading, learnt: Learnt, draft: CommitDraft): Promise<void> {
    const { organisation, sensor, quantity, measuredAt } = reading;
    if (!isJudged(quantity)) return;
    const { outcome, learnt: isLearnt } = await this.#sense.sense(reading, this.#now, draft);
    this.#metrics.count("unbroken_processor_readings_total", 1, { outcome });
    if (!isLearnt) return;
    if (this.#presence.hear(organisation, sensor)) await this.#meet(organisation, sensor);
    for (const space of await this.#judge.spacesOf(organisation, sensor, quantity, measuredAt))
      learnt.add(space, measuredAt);
  }

  /** What the message tells of its device's clock may throw doubt on readings that are there, or take it away. */
  async #clock(
    { organisation, receivedAt }: LogRecord,
    { device, clock, readings }: DecodedMessage,
    learnt: Learnt,
    draft: CommitDraft,
  ): Promise<void> {
    if (clock === null) return;
    const told = { telling: clock, receivedAt, measuredFrom: earliestByDevice(readings) };
    const from = await this.#clocks.observe(organisation, device, told, this.#now, draft);
    if (from === null) return;
    for (const space of this.#presence.spacesOf(this.#registry, organisation, device))
      learnt.add(space, from);
  }

  /** A sensor that was never heard before: the spaces of its device have one more. */
  async #meet(organisation: string, sensor: string): Promise<void> {
    for (const space of this.#presence.spacesOf(
      this.#registry,
      organisation,
      deviceOfSensor(sensor),
    )) {
      await this.#judge.forgetContext(organisation, space);
    }
  }

  async #fact(record: LogRecord, draft: CommitDraft): Promise<void> {
    const fact = factOf(record);
    this.#registry.apply(fact);
    this.#presence.note(fact);
    for (const { space, from } of spacesTouched(this.#registry, this.#presence, fact)) {
      await this.#judge.judgeFact(fact.organisation, space, from, this.#now, draft);
    }
  }
}

/** @throws ZodError where a stored fact is no fact: facts are validated before they are appended. */
function factOf(record: LogRecord): Fact {
  return Fact.parse(JSON.parse(new TextDecoder().decode(record.body)));
}

/** By space: the earliest moment of which something was learnt. */
class Learnt {
  readonly bySpace = new Map<string, EpochMs>();

  add(space: string, from: EpochMs): void {
    const before = this.bySpace.get(space);
    if (before === undefined || from < before) this.bySpace.set(space, from);
  }
}

function earliestByDevice(readings: readonly Reading[]): EpochMs | null {
  let earliest: EpochMs | null = null;
  for (const { timeSource, measuredAt } of readings)
    if (timeSource === "device" && (earliest === null || measuredAt < earliest))
      earliest = measuredAt;
  return earliest;
}
