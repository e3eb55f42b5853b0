import { partitionOf, type LogRecord, type NewRecord } from "@unbroken/event-log";
import type { GatewayDeps } from "../build-gateway.ts";

type GatewayLog = GatewayDeps["log"];

/** The part of the log's port that the gateway uses, in memory. */
export class MemoryLog implements GatewayLog {
  readonly partitions = 1;
  readonly records: LogRecord[] = [];
  readonly #listeners = new Set<() => void>();

  append(records: readonly NewRecord[]): Promise<number> {
    for (const record of records)
      this.records.push({
        ...record,
        schema: 1,
        partition: partitionOf(record.key, this.partitions),
        offset: this.records.length,
      });
    for (const listener of this.#listeners) listener();
    return Promise.resolve(this.records.length - 1);
  }

  readFacts(_partition: number, offset: number, max: number): Promise<readonly LogRecord[]> {
    const facts = this.records.filter((r) => r.topic === "facts" && r.offset >= offset);
    return Promise.resolve(facts.slice(0, max));
  }

  end(): Promise<number> {
    return Promise.resolve(this.records.length);
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
