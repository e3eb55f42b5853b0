import type { AcceptedCommit, OutputReader } from "@unbroken/event-log";
import type { Reading } from "@unbroken/model";
import type { SeriesPoint, TimeSeries } from "@unbroken/time-series";

/** Commits that are read at once when the store has to catch up. */
const CATCH_UP = 64;

/** Carries accepted readings into the time series, from where the store says that it stands. */
export class SeriesProjection {
  readonly #outputs: OutputReader;
  readonly #series: TimeSeries;
  readonly #partition: number;

  constructor(outputs: OutputReader, series: TimeSeries, partition: number) {
    this.#outputs = outputs;
    this.#series = series;
    this.#partition = partition;
  }

  /** Everything that was accepted while the store was not looking, or before it was lost. */
  async catchUp(): Promise<void> {
    for (;;) {
      const cursor = await this.#series.cursor(this.#partition);
      const commits = await this.#outputs.readCommits(this.#partition, cursor, CATCH_UP);
      if (commits.length === 0) return;
      await this.store(commits);
    }
  }

  async store(commits: readonly AcceptedCommit[]): Promise<void> {
    const last = commits.at(-1);
    if (last === undefined) return;
    const points = commits.flatMap(({ outputs }) =>
      outputs.flatMap(({ topic, body }) =>
        topic === "readings" ? readingsOf(body).map(pointOf) : [],
      ),
    );
    await this.#series.write(points, { partition: this.#partition, cursor: last.sequence + 1 });
  }

  /** The readings of a commit that this thread has just made: the same points, without parsing them again. */
  async storeReadings(readings: readonly Reading[], sequence: number): Promise<void> {
    await this.#series.write(readings.map(pointOf), {
      partition: this.#partition,
      cursor: sequence + 1,
    });
  }
}

function readingsOf(body: Uint8Array): readonly Reading[] {
  return (JSON.parse(new TextDecoder().decode(body)) as { readings: readonly Reading[] }).readings;
}

function pointOf({
  organisation,
  sensor,
  quantity,
  measuredAt,
  receivedAt,
  timeSource,
  sample,
  sequence,
}: Reading): SeriesPoint {
  return {
    organisation,
    sensor,
    quantity,
    measuredAt,
    receivedAt,
    timeSource,
    milli: sample.kind === "value" ? sample.milli : null,
    fault: sample.kind === "fault" ? sample.fault : null,
    ...(sequence === undefined ? {} : { sequence }),
  };
}
