import type { LogRecord, NewRecord } from "@unbroken/event-log";
import type { GatewayDeps } from "../build-gateway.ts";

type GatewayLog = GatewayDeps["log"];

/** A real log behind a gate that a test can shut, and that can answer with an error in the log's place. */
export class GatedLog implements GatewayLog {
  readonly #inner: GatewayLog;
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;
  /** While set, appends are refused with it and nothing is kept. */
  refuseWith: Error | null = null;
  /** Records in each append that was asked for. */
  readonly groups: number[] = [];

  constructor(inner: GatewayLog) {
    this.#inner = inner;
  }

  get partitions(): number {
    return this.#inner.partitions;
  }

  shut(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  async append(records: readonly NewRecord[]): Promise<number> {
    this.groups.push(records.length);
    await this.#opened;
    if (this.refuseWith !== null) throw this.refuseWith;
    return this.#inner.append(records);
  }

  readFacts(partition: number, offset: number, max: number): Promise<readonly LogRecord[]> {
    return this.#inner.readFacts(partition, offset, max);
  }

  end(partition: number): Promise<number> {
    return this.#inner.end(partition);
  }

  onAppended(listener: () => void): () => void {
    return this.#inner.onAppended(listener);
  }
}
