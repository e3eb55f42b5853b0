import { describe, expect, it } from "vitest";
import { Outbox, type BackfillOrder } from "./outbox.ts";
import type { SimulatedReading } from "./reading.ts";

const reading = (seq: number): SimulatedReading => ({
  measuredAt: seq * 60_000,
  milli: 4_000,
  humidityMilli: null,
  batteryMilli: null,
  boot: 1,
  seq,
});

function outboxWith(order: BackfillOrder, count: number, max?: number): Outbox {
  const outbox = max === undefined ? new Outbox(order) : new Outbox(order, max);
  for (let seq = 1; seq <= count; seq += 1) outbox.push(reading(seq));
  return outbox;
}

const seqs = (outbox: Outbox): number[][] =>
  outbox.take().map((message) => message.map(({ seq }) => seq));

describe("an outbox", () => {
  it("sends a single reading by itself, and then nothing", () => {
    const outbox = outboxWith("block", 1);
    expect(seqs(outbox)).toEqual([[1]]);
    expect(seqs(outbox)).toEqual([]);
  });

  it("sends the live reading, then the backlog as a block of batches of 60, oldest first", () => {
    const messages = seqs(outboxWith("block", 150));
    expect(messages.map((message) => message.length)).toEqual([1, 60, 60, 29]);
    expect(messages.flat()).toEqual([150, ...Array.from({ length: 149 }, (_, i) => i + 1)]);
  });

  it("sends all newest first where the device does so", () => {
    expect(seqs(outboxWith("newest-first", 70)).flat()).toEqual(
      Array.from({ length: 70 }, (_, i) => 70 - i),
    );
  });

  it("mixes six old readings, oldest first, with each live one", () => {
    const outbox = outboxWith("mixed", 10);
    expect(seqs(outbox)).toEqual([[10], [1, 2, 3, 4, 5, 6]]);
    outbox.push(reading(11));
    expect(seqs(outbox)).toEqual([[11], [7, 8, 9]]);
    expect(outbox.size).toBe(0);
  });

  it("drops the oldest beyond its size, and counts them", () => {
    const outbox = outboxWith("block", 12, 10);
    expect(outbox.dropped).toBe(2);
    expect(seqs(outbox).flat()).toEqual([12, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});
