import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll, record } from "../contract/event-log.contract.ts";
import { partitionOf } from "../partition-of.ts";
import {
  attachEmbeddedLog,
  inspectLog,
  openEmbeddedLog,
  openStageReader,
  openStageStore,
  type EmbeddedLog,
} from "./index.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "unbroken-embedded-"));
});
afterEach(() => rm(dir, { recursive: true }));

async function withLog(
  options: Partial<Parameters<typeof openEmbeddedLog>[0]>,
  work: (log: EmbeddedLog) => Promise<void>,
): Promise<void> {
  const log = await openEmbeddedLog({ dir, ...options });
  try {
    await work(log);
  } finally {
    await log.close();
  }
}

const dayFiles = async (): Promise<readonly string[]> =>
  (await readdir(dir)).filter((name) => /^messages-.*\.db$/.test(name)).toSorted();
const textOf = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString();

describe("a file a day", () => {
  it("a new day begins a new file, and trimming deletes whole days up to the one that is written", () =>
    withLog({}, async (log) => {
      const offsets: number[] = [];
      for (let day = 0; day < 4; day++)
        offsets.push(await log.append([record("messages", "d", `${day}`, day)]));
      expect(await dayFiles()).toEqual(
        ["05", "06", "07", "08"].map((d) => `messages-2026-05-${d}.db`),
      );
      expect(await log.trim(0, offsets[2] ?? 0)).toBe(offsets[2]);
      expect(await dayFiles()).toEqual(["messages-2026-05-07.db", "messages-2026-05-08.db"]);
      expect(await log.trim(0, await log.end(0))).toBe(offsets[3]);
      expect(await dayFiles()).toEqual(["messages-2026-05-08.db"]);
      expect((await readAll(log, 0, offsets[3])).map(textOf)).toEqual(["3"]);
    }));

  it("a file stays until every partition has been trimmed past it", () =>
    withLog({ partitions: 2 }, async (log) => {
      for (let day = 0; day < 2; day++) await log.append([record("ticks", "", `${day}`, day)]);
      expect(await log.trim(0, 1)).toBe(0);
      expect(await dayFiles()).toHaveLength(2);
      expect(await log.trim(1, 1)).toBe(1);
      expect(await dayFiles()).toEqual(["messages-2026-05-06.db"]);
    }));

  it("a clock set back by days begins a file of its own, and reads keep the order of appending", () =>
    withLog({}, async (log) => {
      for (const [i, day] of [5, 0, 1, 5, 5].entries())
        await log.append([record("messages", "d", `${i}`, day)]);
      expect(await dayFiles()).toEqual([
        "messages-2026-05-05.db",
        "messages-2026-05-06.db",
        "messages-2026-05-10.2.db",
        "messages-2026-05-10.db",
      ]);
      expect((await readAll(log, 0)).map(textOf)).toEqual(["0", "1", "2", "3", "4"]);
    }));

  it("a record that comes in a second before midnight after one from behind it stays in the new day", () =>
    withLog({}, async (log) => {
      const midnight = 12 * 3_600_000;
      for (const late of [0, 1_000, -1_000]) {
        const one = record("messages", "d", `${late}`);
        const receivedAt = (one.receivedAt + midnight + late) as typeof one.receivedAt;
        await log.append([{ ...one, receivedAt }]);
      }
      expect(await dayFiles()).toEqual(["messages-2026-05-06.db"]);
    }));
});

describe("many callers", () => {
  it("appends of a moment become durable in few flushes", async () => {
    let flushes = 0;
    let records = 0;
    const onFlush = (_: number, flushed: number): void => {
      flushes += 1;
      records += flushed;
    };
    await withLog({ onFlush, lingerMs: 5 }, async (log) => {
      const all = Array.from({ length: 2_000 }, (_, i) => record("messages", `d${i}`, "x"));
      await Promise.all(all.map((one) => log.append([one])));
    });
    expect(records).toBe(2_000);
    expect(flushes).toBeLessThan(20);
  });

  it("more bytes than may wait are refused at once, and later ones are taken again", () =>
    withLog({ pendingBytesMax: 100_000 }, async (log) => {
      const big = record("messages", "d", "x".repeat(60_000));
      const first = log.append([big]);
      await expect(log.append([big])).rejects.toMatchObject({ code: "UB_LOG_BUSY" });
      await first;
      await expect(log.append([big])).resolves.toBe(1);
    }));

  it("one append larger than all that may wait is taken when nothing else waits", () =>
    withLog({ pendingBytesMax: 1_000 }, async (log) => {
      await expect(log.append([record("messages", "d", "x".repeat(5_000))])).resolves.toBe(0);
    }));

  it("another thread appends, reads and is woken; both see one log", () =>
    withLog({ partitions: 2 }, async (log) => {
      const handle = log.handle();
      const source = `
        const { workerData, parentPort } = require("node:worker_threads");
        import(workerData.index).then(async ({ attachEmbeddedLog }) => {
          const log = attachEmbeddedLog(workerData.handle);
          const stop = log.onAppended(async () => {
            const p = workerData.partition;
            const records = await log.read(p, 0, 10);
            if (records.length < 2) return;
            stop();
            await log.close();
            parentPort.postMessage(records.map(({ body }) => Buffer.from(body).toString()));
          });
          await log.append([{ ...workerData.record, body: Buffer.from("from the thread") }]);
          parentPort.postMessage("appended");
        });`;
      const one = record("messages", "d", "from the owner");
      const worker = new Worker(source, {
        eval: true,
        workerData: {
          index: new URL("./index.ts", import.meta.url).href,
          handle,
          record: one,
          partition: partitionOf(one.key, 2),
        },
        transferList: [handle.port],
      });
      const said: unknown[] = [];
      const exited = new Promise((resolve, reject) => {
        worker.once("error", reject);
        worker.once("exit", resolve);
      });
      worker.on("message", (message: unknown) => {
        said.push(message);
        if (message === "appended") void log.append([one]);
      });
      await exited;
      expect(said).toEqual(["appended", ["from the thread", "from the owner"]]);
    }));

  it("an attached thread is refused once the owner has closed the log", async () => {
    const log = await openEmbeddedLog({ dir });
    const attached = attachEmbeddedLog(log.handle());
    const before = attached.append([record("messages", "d", "before")]);
    await expect(before).resolves.toBe(0);
    await log.close();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(attached.append([record("messages", "d", "after")])).rejects.toMatchObject({
      code: "UB_LOG_CLOSED",
    });
    await attached.close();
  });
});

describe("a look from beside", () => {
  it("inspection tells days, sizes, offsets and the newest record, while the log is open", () =>
    withLog({}, async (log) => {
      expect(inspectLog(dir)).toMatchObject({ days: [], newestReceivedAt: null, partitions: 1 });
      await log.append([record("messages", "d", "a", 0), record("facts", "d", "f", 0)]);
      const newest = record("messages", "d", "b", 1);
      await log.append([newest]);
      const inspection = inspectLog(dir);
      expect(inspection.days).toMatchObject([
        { day: "2026-05-05", firstOffset: 0, nextOffset: 2 },
        { day: "2026-05-06", firstOffset: 2, nextOffset: 3 },
      ]);
      expect(inspection.newestReceivedAt).toBe(newest.receivedAt);
      expect(inspection.bytes.messages).toBeGreaterThan(0);
    }));

  it("a stage reader may come before the store, and follows it without holding it up", async () => {
    const reader = openStageReader(dir, { partitions: 1 });
    expect(await reader.endOfCommits(0)).toBe(0);
    const store = await openStageStore({ dir, partitions: 1 });
    const woken = new Promise<void>((resolve) => {
      const stop = reader.onCommitted(() => {
        stop();
        resolve();
      });
    });
    const state = [["k", Buffer.from("v")]] as const;
    await store.commit({ partition: 0, from: 0, to: 1, state, outputs: [] });
    // Its channel alone does not keep a thread alive.
    const alive = setInterval(() => undefined, 1_000);
    await woken;
    clearInterval(alive);
    expect(await reader.endOfCommits(0)).toBe(1);
    expect(Buffer.from((await reader.getState(0, "k")) ?? []).toString()).toBe("v");
    reader.close();
    await store.close();
  });
});
