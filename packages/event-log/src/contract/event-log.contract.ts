import { EpochMs } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { partitionOf } from "../partition-of.ts";
import type { EventLog } from "../port.ts";
import type { InputTopic, LogRecord, NewRecord } from "../record.ts";

/** A place for one test's log. */
export interface LogPlace {
  readonly partitions: number;
  /** The same storage each time: closing and opening is the restart. */
  open(): Promise<EventLog>;
  remove(): Promise<void>;
}

const DAY_MS = 86_400_000;
const noon = 1_777_982_400_000; // 2026-05-05T12:00:00Z

/** A record of one device, received on the given day after the first. */
export function record(topic: InputTopic, device: string, text: string, day = 0): NewRecord {
  return {
    topic,
    organisation: "acme",
    key: topic === "ticks" ? "" : `acme/${device}`,
    receivedAt: EpochMs(noon + day * DAY_MS),
    clock: "steady",
    body: new TextEncoder().encode(text),
  };
}

const textOf = ({ body }: { readonly body: Uint8Array }): string => new TextDecoder().decode(body);

/** Everything of a partition from `offset` on, read in pages. */
export async function readAll(
  log: EventLog,
  partition: number,
  offset = 0,
  page = 7,
): Promise<readonly LogRecord[]> {
  const all: LogRecord[] = [];
  for (let at = offset; ;) {
    const records = await log.read(partition, at, page);
    const last = records.at(-1);
    if (last === undefined) return all;
    all.push(...records);
    at = last.offset + 1;
  }
}

/** Every adapter of the log runs this: one that passes can stand for another. */
export function eventLogContract(name: string, makePlace: () => Promise<LogPlace>): void {
  const withPlace = async (work: (place: LogPlace) => Promise<void>): Promise<void> => {
    const place = await makePlace();
    try {
      await work(place);
    } finally {
      await place.remove();
    }
  };
  const withLog = (work: (log: EventLog, place: LogPlace) => Promise<void>): Promise<void> =>
    withPlace(async (place) => {
      const log = await place.open();
      try {
        await work(log, place);
      } finally {
        await log.close();
      }
    });
  describe(`${name} keeps the EventLog contract`, () => {
    appending(withLog);
    reading(withLog);
    trimming(withLog);
    restarting(withPlace);
  });
}

type WithLog = (work: (log: EventLog, place: LogPlace) => Promise<void>) => Promise<void>;

function appending(withLog: WithLog): void {
  it("gives back every field of a record as it was appended", () =>
    withLog(async (log) => {
      const appended: NewRecord = {
        topic: "messages",
        organisation: "冷链企业",
        key: "冷链企业/门口-1",
        receivedAt: EpochMs(noon + 1),
        clock: "stepped",
        body: Uint8Array.of(0, 255, 1),
      };
      const offset = await log.append([appended]);
      const partition = partitionOf(appended.key, log.partitions);
      const [read] = await log.read(partition, offset, 1);
      expect(read).toMatchObject({ ...appended, schema: 1, partition, offset });
    }));

  it("keeps a body of no bytes, of one byte and of a megabyte", () =>
    withLog(async (log) => {
      const bodies = [0, 1, 1_048_576].map((length) => new Uint8Array(length).fill(7));
      for (const body of bodies) await log.append([{ ...record("messages", "d", ""), body }]);
      const read = await readAll(log, partitionOf("acme/d", log.partitions));
      expect(read.map(({ body }) => body.byteLength)).toEqual([0, 1, 1_048_576]);
      expect(read.map(({ body }) => body)).toEqual(bodies);
    }));

  it("puts a record into the partition of its key and nowhere else", () =>
    withLog(async (log) => {
      const devices = Array.from({ length: 40 }, (_, i) => `device-${i}`);
      await log.append(devices.map((device) => record("messages", device, device)));
      const found: string[] = [];
      for (let p = 0; p < log.partitions; p++) {
        for (const read of await readAll(log, p)) {
          expect(partitionOf(read.key, log.partitions)).toBe(p);
          found.push(textOf(read));
        }
      }
      expect(found.toSorted()).toEqual(devices.toSorted());
    }));

  it("puts a tick into every partition", () =>
    withLog(async (log) => {
      await log.append([record("ticks", "", "tick")]);
      for (let p = 0; p < log.partitions; p++)
        expect((await readAll(log, p)).map((r) => [r.topic, textOf(r)])).toEqual([
          ["ticks", "tick"],
        ]);
    }));

  it("keeps the order of one caller's appends, though none waits for the one before", () =>
    withLog(async (log) => {
      const texts = Array.from({ length: 500 }, (_, i) => `${i}`);
      const offsets = await Promise.all(
        texts.map((text) => log.append([record("messages", "d", text)])),
      );
      const read = await readAll(log, partitionOf("acme/d", log.partitions), 0, 64);
      expect(read.map(textOf)).toEqual(texts);
      expect(read.map(({ offset }) => offset)).toEqual(offsets);
    }));

  it("numbers messages, facts and ticks of a partition in one growing sequence", () =>
    withLog(async (log) => {
      await log.append([
        record("messages", "d", "m"),
        record("facts", "d", "f"),
        record("ticks", "", "t"),
        record("messages", "d", "n"),
      ]);
      const read = await readAll(log, partitionOf("acme/d", log.partitions));
      expect(read.map((r) => [r.topic, textOf(r)])).toEqual([
        ["messages", "m"],
        ["facts", "f"],
        ["ticks", "t"],
        ["messages", "n"],
      ]);
      const offsets = read.map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      expect(new Set(offsets).size).toBe(4);
    }));

  it("refuses an append after it was closed", async () =>
    withLog(async (log) => {
      await log.close();
      await expect(log.append([record("messages", "d", "late")])).rejects.toMatchObject({
        code: "UB_LOG_CLOSED",
      });
    }));
}

function reading(withLog: WithLog): void {
  it("reads from any offset on, at most as many as asked for, the same at each reading", () =>
    withLog(async (log) => {
      const texts = Array.from({ length: 50 }, (_, i) => `${i}`);
      await log.append(texts.map((text) => record("messages", "d", text)));
      const p = partitionOf("acme/d", log.partitions);
      const all = await readAll(log, p);
      for (const [i, { offset }] of all.entries()) {
        const read = await log.read(p, offset, 3);
        expect(read.map(textOf)).toEqual(texts.slice(i, i + 3));
      }
    }));

  it("finds nothing in an empty log, and its end is 0", () =>
    withLog(async (log) => {
      expect(await log.read(0, 0, 10)).toEqual([]);
      expect(await log.readFacts(0, 0, 10)).toEqual([]);
      expect(await log.end(0)).toBe(0);
    }));

  it("ends after the last record", () =>
    withLog(async (log) => {
      const offset = await log.append([record("messages", "d", "a"), record("messages", "d", "b")]);
      const p = partitionOf("acme/d", log.partitions);
      expect(await log.end(p)).toBeGreaterThan(offset);
      expect(await log.read(p, await log.end(p), 10)).toEqual([]);
    }));

  it("wakes who listens when records were appended, and not after they stopped", () =>
    withLog(async (log) => {
      let woken = 0;
      const first = await new Promise<number>((resolve) => {
        const stop = log.onAppended(() => {
          stop();
          resolve((woken += 1));
        });
        void log.append([record("messages", "d", "a")]);
      });
      expect(first).toBe(1);
      await log.append([record("messages", "d", "b")]);
      expect(woken).toBe(1);
    }));

  it("shows a record that was acknowledged to the next read", () =>
    withLog(async (log) => {
      const p = partitionOf("acme/d", log.partitions);
      for (let i = 0; i < 20; i++) {
        const offset = await log.append([record("messages", "d", `${i}`)]);
        expect((await log.read(p, offset, 1)).map(textOf)).toEqual([`${i}`]);
      }
    }));

  it("reads facts alone, in order, in pages", () =>
    withLog(async (log) => {
      for (let i = 0; i < 10; i++)
        await log.append([record("messages", "d", `m${i}`), record("facts", "d", `f${i}`)]);
      const p = partitionOf("acme/d", log.partitions);
      const texts: string[] = [];
      for (let at = 0; ;) {
        const facts = await log.readFacts(p, at, 3);
        const last = facts.at(-1);
        if (last === undefined) break;
        expect(facts.length).toBeLessThanOrEqual(3);
        texts.push(...facts.map(textOf));
        at = last.offset + 1;
      }
      expect(texts).toEqual(Array.from({ length: 10 }, (_, i) => `f${i}`));
    }));
}

function trimming(withLog: WithLog): void {
  /** Three days of a message and a fact each; returns the offset of each day's message. */
  const threeDays = async (log: EventLog): Promise<readonly number[]> => {
    const offsets: number[] = [];
    for (let day = 0; day < 3; day++) {
      offsets.push(await log.append([record("messages", "d", `m${day}`, day)]));
      await log.append([record("facts", "d", `f${day}`, day)]);
    }
    return offsets;
  };
  const trimAll = async (log: EventLog, own: number, offset: number): Promise<number> => {
    let first = 0;
    for (let p = 0; p < log.partitions; p++) {
      const kept = await log.trim(p, p === own ? offset : await log.end(p));
      if (p === own) first = kept;
    }
    return log.partitions === 1 ? first : await log.trim(own, offset);
  };

  it("never trims at or behind the offset, and reads on from the first kept record", () =>
    withLog(async (log) => {
      const p = partitionOf("acme/d", log.partitions);
      const offsets = await threeDays(log);
      const first = await trimAll(log, p, offsets[1] ?? 0);
      expect(first).toBeLessThanOrEqual(offsets[1] ?? 0);
      const read = await readAll(log, p, first);
      expect(read.map(textOf).slice(-4)).toEqual(["m1", "f1", "m2", "f2"]);
    }));

  it("refuses to read what was trimmed, instead of skipping it", () =>
    withLog(async (log) => {
      const p = partitionOf("acme/d", log.partitions);
      await threeDays(log);
      const first = await trimAll(log, p, await log.end(p));
      expect(first).toBeGreaterThan(0);
      await expect(log.read(p, first - 1, 10)).rejects.toMatchObject({ code: "UB_LOG_TRIMMED" });
      await expect(log.read(p, 0, 10)).rejects.toMatchObject({ code: "UB_LOG_TRIMMED" });
    }));

  it("keeps every fact through every trim", () =>
    withLog(async (log) => {
      const p = partitionOf("acme/d", log.partitions);
      await threeDays(log);
      await trimAll(log, p, await log.end(p));
      expect((await log.readFacts(p, 0, 10)).map(textOf)).toEqual(["f0", "f1", "f2"]);
    }));

  it("does not go back when it is asked to trim less than before", () =>
    withLog(async (log) => {
      const p = partitionOf("acme/d", log.partitions);
      await threeDays(log);
      const first = await trimAll(log, p, await log.end(p));
      expect(await log.trim(p, 0)).toBe(first);
    }));
}

function restarting(withPlace: (work: (place: LogPlace) => Promise<void>) => Promise<void>): void {
  it("gives back, after a restart, every record it said it had", () =>
    withPlace(async (place) => {
      const first = await place.open();
      const texts = Array.from({ length: 100 }, (_, i) => `${i}`);
      await Promise.all(texts.map((text) => first.append([record("messages", "d", text)])));
      await first.close();
      const again = await place.open();
      const read = await readAll(again, partitionOf("acme/d", again.partitions));
      expect(read.map(textOf)).toEqual(texts);
      await again.close();
    }));

  it("gives new records new offsets after a restart, even when all was trimmed", () =>
    withPlace(async (place) => {
      const first = await place.open();
      const p = partitionOf("acme/d", first.partitions);
      await first.append([record("messages", "d", "a", 0)]);
      const last = await first.append([record("messages", "d", "b", 1)]);
      for (let q = 0; q < first.partitions; q++) await first.trim(q, await first.end(q));
      await first.close();
      const again = await place.open();
      expect(await again.end(p)).toBeGreaterThan(last);
      expect(await again.append([record("messages", "d", "c", 2)])).toBeGreaterThan(last);
      await again.close();
    }));

  it("keeps what was handed over before close, whether or not anyone waited for it", () =>
    withPlace(async (place) => {
      const log = await place.open();
      const appended = log.append([record("messages", "d", "a")]);
      await log.close();
      await expect(appended).resolves.toBe(0);
      const again = await place.open();
      expect(await again.end(partitionOf("acme/d", again.partitions))).toBe(1);
      await again.close();
    }));
}
