import { randomUUID } from "node:crypto";
import type { LogAppender, LogReader, NewRecord } from "@unbroken/event-log";
import {
  Fact,
  RegistryBuilder,
  entityOf,
  keyOf,
  type Registry,
  type Statement,
} from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";

/** What is to be stated; the book adds id and times. */
export interface NewFact {
  readonly organisation: string;
  readonly effectiveFrom: EpochMs;
  readonly statement: Statement;
}

const PAGE = 1_000;

/**
 * The register of the present, followed from the facts in the log, and the way to state new ones. A statement resolves
 * when its facts are on stable storage and visible in `registry`, so whoever asks next sees them.
 */
export class FactBook {
  readonly #registry = new RegistryBuilder();
  /** By organisation, those of one entity in the order of the log. */
  readonly #facts = new Map<string, Fact[]>();
  readonly #log: LogAppender & LogReader;
  readonly #now: () => EpochMs;
  readonly #next: number[];
  readonly #listeners = new Set<(facts: readonly Fact[]) => void>();
  #reading: Promise<void> = Promise.resolve();
  #commands: Promise<unknown> = Promise.resolve();

  constructor(log: LogAppender & LogReader, now: () => EpochMs) {
    this.#log = log;
    this.#now = now;
    this.#next = Array.from({ length: log.partitions }, () => 0);
  }

  get registry(): Registry {
    return this.#registry;
  }

  /** Everything that an organisation ever stated. */
  facts(organisation: string): readonly Fact[] {
    return this.#facts.get(organisation) ?? [];
  }

  /** The register as it was known at a moment of our clock: of facts that were stated until then. */
  registryAsOf(organisation: string, statedUntil: EpochMs): Registry {
    const registry = new RegistryBuilder();
    for (const fact of this.facts(organisation))
      if (fact.statedAt <= statedUntil) registry.apply(fact);
    return registry;
  }

  onFacts(listener: (facts: readonly Fact[]) => void): void {
    this.#listeners.add(listener);
  }

  /** Reads on to the end of the facts. Calls wait for one another, so each sees all that stood before it. */
  catchUp(): Promise<void> {
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#readOn());
    return this.#reading;
  }

  /** Runs commands one after the other: what one has looked up still holds when it states. */
  exclusive<T>(command: () => Promise<T>): Promise<T> {
    const result = this.#commands.then(command);
    this.#commands = result.catch(() => undefined);
    return result;
  }

  /** @returns the ids of the facts. @throws UB_LOG_FULL, UB_LOG_BUSY, UB_LOG_CLOSED, UB_STORE_IO: nothing was stated. */
  async state(facts: readonly NewFact[], statedBy: string): Promise<readonly string[]> {
    if (facts.length === 0) return [];
    const statedAt = this.#now();
    const whole = facts.map((fact): Fact => ({ ...fact, id: randomUUID(), statedAt, statedBy }));
    await this.#log.append(whole.map(recordOf));
    await this.catchUp();
    return whole.map(({ id }) => id);
  }

  async #readOn(): Promise<void> {
    for (let partition = 0; partition < this.#next.length; partition++) {
      for (;;) {
        const records = await this.#log.readFacts(partition, this.#next[partition] ?? 0, PAGE);
        const last = records.at(-1);
        if (last === undefined) break;
        const facts = records.map(({ body }) =>
          Fact.parse(JSON.parse(Buffer.from(body).toString())),
        );
        for (const fact of facts) this.#keep(fact);
        this.#next[partition] = last.offset + 1;
        for (const listener of this.#listeners) listener(facts);
      }
    }
  }

  #keep(fact: Fact): void {
    this.#registry.apply(fact);
    const facts = this.#facts.get(fact.organisation);
    if (facts === undefined) this.#facts.set(fact.organisation, [fact]);
    else facts.push(fact);
  }
}

function recordOf(fact: Fact): NewRecord {
  return {
    topic: "facts",
    organisation: fact.organisation,
    key: keyOf(fact.organisation, entityOf(fact.statement)),
    receivedAt: fact.statedAt,
    clock: "steady",
    body: Buffer.from(JSON.stringify(fact)),
  };
}
