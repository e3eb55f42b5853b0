import type { Commit, OutputRecord, OutputTopic } from "@unbroken/event-log";
import {
  keyOf,
  type Judgement,
  type JudgementRecord,
  type QuarantineRecord,
  type Reading,
} from "@unbroken/model";

const encoder = new TextEncoder();

/** Everything that one batch of records leads to, gathered so that it is committed in one step. */
export class CommitDraft {
  readonly readings: Reading[] = [];
  readonly judgements: JudgementRecord[] = [];
  readonly quarantined: QuarantineRecord[] = [];
  readonly #state = new Map<string, Uint8Array | null>();

  judged(organisation: string, judgedAt: number, judgement: Judgement): void {
    this.judgements.push({ organisation, judgedAt, judgement });
  }

  /** The last value of a key wins. */
  put(key: string, value: Uint8Array): void {
    this.#state.set(key, value);
  }

  putJson(key: string, value: unknown): void {
    this.#state.set(key, encoder.encode(JSON.stringify(value)));
  }

  remove(key: string): void {
    this.#state.set(key, null);
  }

  commit(partition: number, from: number, to: number): Commit {
    return { partition, from, to, state: [...this.#state], outputs: this.#outputs() };
  }

  #outputs(): readonly OutputRecord[] {
    return [
      ...this.#readingsByOrganisation().map(([organisation, readings]) =>
        output("readings", organisation, organisation, { readings }),
      ),
      ...this.judgements.map((record) =>
        output(
          "judgements",
          record.organisation,
          keyOf(record.organisation, entityOf(record.judgement)),
          record,
        ),
      ),
      ...this.quarantined.map((record) =>
        output(
          "quarantine",
          record.organisation,
          keyOf(record.organisation, record.publisher),
          record,
        ),
      ),
    ];
  }

  #readingsByOrganisation(): readonly (readonly [
    organisation: string,
    readings: readonly Reading[],
  ])[] {
    const groups = new Map<string, Reading[]>();
    for (const reading of this.readings) {
      const group = groups.get(reading.organisation);
      if (group === undefined) groups.set(reading.organisation, [reading]);
      else group.push(reading);
    }
    return [...groups];
  }
}

function output(
  topic: OutputTopic,
  organisation: string,
  key: string,
  body: unknown,
): OutputRecord {
  return { topic, organisation, key, body: encoder.encode(JSON.stringify(body)) };
}

/** What a judgement is about: the space, or the sensor or device where it is about it alone. */
function entityOf(judgement: Judgement): string {
  if ("excursion" in judgement) return judgement.excursion.space;
  if ("space" in judgement) return judgement.space;
  return "sensor" in judgement ? judgement.sensor : judgement.device;
}
