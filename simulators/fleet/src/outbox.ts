import type { SimulatedReading } from "./reading.ts";

/**
 * How a device hands over what it stored while it had no radio. The newest reading always goes first.
 * - block: then the backlog at once, oldest first, in batches;
 * - newest-first: the same, newest first;
 * - mixed: a few old ones after each live one, oldest first.
 */
export type BackfillOrder = "block" | "newest-first" | "mixed";

/** Readings in one message of a block. */
const BATCH_MAX = 60;
/** Old readings sent after each live one when mixed. */
const MIXED_MAX = 6;
/** 34 days of minutes; a logger's flash is about so large. Beyond it the oldest go, and are counted. */
export const OUTBOX_MAX = 50_000;

/** What a device has measured and not yet sent, oldest first. */
export class Outbox {
  private readings: SimulatedReading[] = [];
  private readonly order: BackfillOrder;
  private readonly max: number;
  dropped = 0;

  constructor(order: BackfillOrder, max: number = OUTBOX_MAX) {
    this.order = order;
    this.max = max;
  }

  get size(): number {
    return this.readings.length;
  }

  push(reading: SimulatedReading): void {
    this.readings.push(reading);
    if (this.readings.length > this.max) {
      this.readings.shift();
      this.dropped += 1;
    }
  }

  /** The messages to send now, each a batch of readings, in this order. Mixed leaves the rest for the next time. */
  take(): readonly (readonly SimulatedReading[])[] {
    const live = this.readings.pop();
    if (live === undefined) return [];
    if (this.order === "mixed") {
      const old = this.readings.splice(0, MIXED_MAX);
      return old.length === 0 ? [[live]] : [[live], old];
    }
    const backlog = this.order === "newest-first" ? this.readings.toReversed() : this.readings;
    this.readings = [];
    return [[live], ...batchesOf(backlog, BATCH_MAX)];
  }
}

export function batchesOf<T>(items: readonly T[], max: number): readonly (readonly T[])[] {
  const batches: T[][] = [];
  for (let i = 0; i < items.length; i += max) batches.push(items.slice(i, i + max));
  return batches;
}
