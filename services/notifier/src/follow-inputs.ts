import type { LogReader, OutputReader } from "@unbroken/event-log";
import {
  Fact,
  RegistryBuilder,
  deviceOfSensor,
  staysOf,
  type JudgementRecord,
  type Registry,
} from "@unbroken/model";
import { newsOf, type AlertNews } from "./alert/alert-news.ts";
import type { Cursor } from "./notify-store.ts";

const FACTS_PAGE = 1_000;
const COMMITS_PAGE = 256;

interface InputDeps {
  readonly log: LogReader;
  readonly outputs: OutputReader;
}

/** Reads what the processor and people said, once each, from where the cursor stands. */
export class InputFollower {
  readonly #deps: InputDeps;
  readonly #registry = new RegistryBuilder();
  /** From which offset on facts are news; those before only make the register. */
  readonly #factsFrom: readonly number[];
  readonly #facts: number[];
  readonly #commits: { next: number; to: number }[];

  private constructor(deps: InputDeps, cursor: Cursor) {
    this.#deps = deps;
    this.#factsFrom = cursor.facts;
    this.#facts = cursor.facts.map(() => 0);
    this.#commits = cursor.commits.map((each) => ({ ...each }));
  }

  /**
   * The processor's commits are numbered anew when its state is built again from the log; offsets of the log stay. So
   * where the numbers do not fit any more, all are read again, and those are passed over whose offsets were seen.
   */
  static async start(deps: InputDeps, cursor: Cursor | null): Promise<InputFollower> {
    const { log, outputs } = deps;
    const commits: { next: number; to: number }[] = [];
    for (let partition = 0; partition < log.partitions; partition++) {
      const at = cursor?.commits[partition] ?? { next: 0, to: 0 };
      const isOtherLog = (await log.end(partition)) < at.to;
      const last = at.next === 0 ? [] : await lastOf(outputs, partition, at.next);
      commits.push(
        isOtherLog ? { next: 0, to: 0 } : last[0]?.to === at.to ? at : { next: 0, to: at.to },
      );
    }
    const facts = commits.map((_, partition) => cursor?.facts[partition] ?? 0);
    return new InputFollower(deps, { commits, facts });
  }

  get registry(): Registry {
    return this.#registry;
  }

  get cursor(): Cursor {
    return {
      commits: this.#commits.map((each) => ({ ...each })),
      facts: this.#facts.map((offset, i) => Math.max(offset, this.#factsFrom[i] ?? 0)),
    };
  }

  /** Facts up to the end. Those that say something about alerts are news. */
  async readFacts(): Promise<readonly AlertNews[]> {
    const news: AlertNews[] = [];
    for (let partition = 0; partition < this.#facts.length; partition++) {
      for (;;) {
        const offset = this.#facts[partition] ?? 0;
        const records = await this.#deps.log.readFacts(partition, offset, FACTS_PAGE);
        const last = records.at(-1);
        if (last === undefined) break;
        for (const record of records) {
          const fact = Fact.parse(JSON.parse(Buffer.from(record.body).toString()));
          this.#registry.apply(fact);
          if (record.offset >= (this.#factsFrom[partition] ?? 0)) news.push(...newsOfFact(fact));
        }
        this.#facts[partition] = last.offset + 1;
      }
    }
    return news;
  }

  /** Some further commits of the processor. `isEnd`: there were no more. */
  async readCommits(): Promise<{ readonly news: readonly AlertNews[]; readonly isEnd: boolean }> {
    const news: AlertNews[] = [];
    let isEnd = true;
    for (const [partition, at] of this.#commits.entries()) {
      const commits = await this.#deps.outputs.readCommits(partition, at.next, COMMITS_PAGE);
      for (const { sequence, to, outputs } of commits) {
        if (to > at.to)
          for (const { topic, body } of outputs)
            if (topic === "judgements") news.push(...this.#newsOf(body));
        at.next = sequence + 1;
        at.to = Math.max(at.to, to);
      }
      if (commits.length === COMMITS_PAGE) isEnd = false;
    }
    return { news, isEnd };
  }

  /** Commits of the processor that were not read yet, and records of the log that it has not judged yet. */
  async lag(): Promise<{ readonly commits: number; readonly records: number }> {
    let commits = 0;
    let records = 0;
    for (const [partition, { next, to }] of this.#commits.entries()) {
      commits += Math.max(0, (await this.#deps.outputs.endOfCommits(partition)) - next);
      records += Math.max(0, (await this.#deps.log.end(partition)) - to);
    }
    return { commits, records };
  }

  #newsOf(body: Uint8Array): readonly AlertNews[] {
    // Our own processor wrote it, and the log holds a checksum over it.
    const record = JSON.parse(Buffer.from(body).toString()) as JudgementRecord;
    const { organisation, judgedAt, judgement } = record;
    return newsOf(organisation, judgedAt, judgement, (sensor) =>
      this.#spaceOf(organisation, sensor, judgedAt),
    );
  }

  #spaceOf(organisation: string, sensor: string, at: number): string | null {
    if (!this.#registry.devices.has(`${organisation}/${deviceOfSensor(sensor)}`)) return null;
    const stay = staysOf(this.#registry, organisation, sensor).find(
      ({ from, to }) => from <= at && (to === null || to > at),
    );
    return stay?.space ?? null;
  }
}

async function lastOf(
  outputs: OutputReader,
  partition: number,
  next: number,
): Promise<Awaited<ReturnType<OutputReader["readCommits"]>>> {
  if ((await outputs.endOfCommits(partition)) < next) return [];
  return outputs.readCommits(partition, next - 1, 1);
}

function newsOfFact({ organisation, statedAt, statedBy, statement }: Fact): readonly AlertNews[] {
  if (statement.kind !== "alert-acknowledged") return [];
  const { alert, space, note } = statement;
  const acknowledgement = { by: statedBy, at: statedAt, note: note ?? null };
  const what = { kind: "acknowledged", alert, acknowledgement } as const;
  return [{ organisation, space, trouble: null, judgedAt: statedAt, what }];
}
