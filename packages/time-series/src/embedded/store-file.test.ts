import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EpochMs } from "@unbroken/units";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOM, START, at, everything, numbered, value } from "../contract/points.ts";
import type { Point } from "../port.ts";
import { storeError } from "./database.ts";
import { openEmbeddedSeries } from "./open-embedded-series.ts";
import { RowLogFollower } from "./row-log.ts";
import { Tails } from "./tails.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "unbroken-series-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const small = { generationPoints: 40, generationRows: 5, chunkPoints: 8 };
const minutes = (from: number, to: number): readonly Point[] =>
  Array.from({ length: to - from }, (_, i) => value((from + i) * 60, 4000 + ((from + i) % 9)));

function edit<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(dir, "series.db"));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

describe("the embedded store's file", () => {
  it("refuses a second writer, and takes one after the first has closed", async () => {
    const first = await openEmbeddedSeries({ dir });
    await expect(openEmbeddedSeries({ dir })).rejects.toMatchObject({ code: "UB_LOG_LOCKED" });
    await first.close();
    await (await openEmbeddedSeries({ dir })).close();
  });

  it("shows a reader beside the writer each write as soon as it is confirmed", async () => {
    const writer = await openEmbeddedSeries({ dir, limits: small });
    const reader = await openEmbeddedSeries({ dir, readOnly: true });
    const other = { ...ROOM, sensor: "room-2/air" };
    for (let i = 0; i < 60; i++) {
      const key = i % 4 === 3 ? other : ROOM;
      await writer.write(at(key, minutes(i * 3, i * 3 + 3)), { partition: 0, cursor: i + 1 });
      expect(await reader.cursor(0)).toBe(i + 1);
      expect(await reader.last(key)).toEqual(minutes(i * 3 + 2, i * 3 + 3)[0]);
      for (const shown of [ROOM, other])
        expect(await everything(reader, shown)).toEqual(await everything(writer, shown));
    }
    await writer.retain(EpochMs(START + 100 * 60_000));
    const left = await everything(reader, ROOM);
    expect(left).toEqual(await everything(writer, ROOM));
    expect(left.length).toBeLessThan(135);
    await writer.close();
    expect(await everything(reader, ROOM)).toEqual(left);
    await reader.close();
  });

  it("can be read when no writer is there", async () => {
    const writer = await openEmbeddedSeries({ dir });
    await writer.write(at(ROOM, minutes(0, 5)), null);
    await writer.close();
    const reader = await openEmbeddedSeries({ dir, readOnly: true });
    expect(await everything(reader, ROOM)).toEqual(minutes(0, 5));
    await reader.close();
  });

  it("says so when there is nothing to read, when it is closed, and when a reader writes", async () => {
    await expect(openEmbeddedSeries({ dir, readOnly: true })).rejects.toMatchObject({
      code: "UB_STORE_IO",
    });
    const writer = await openEmbeddedSeries({ dir });
    const reader = await openEmbeddedSeries({ dir, readOnly: true });
    await expect(reader.write(at(ROOM, minutes(0, 1)), null)).rejects.toThrow(/reading only/);
    await reader.close();
    await writer.close();
    await writer.close();
    await expect(writer.last(ROOM)).rejects.toMatchObject({ code: "UB_LOG_CLOSED" });
  });

  it("keeps the rows that wait for chunks few, however many writes there were", async () => {
    const writer = await openEmbeddedSeries({ dir, limits: small });
    for (let i = 0; i < 200; i++) await writer.write(at(ROOM, minutes(i * 4, i * 4 + 4)), null);
    await writer.close();
    const [rows, chunks] = edit((db) =>
      ["recent", "chunk"].map((table) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()),
    );
    expect(rows?.["n"]).toBeLessThanOrEqual(10);
    expect(chunks?.["n"]).toBeGreaterThanOrEqual(95);
    expect(chunks?.["n"]).toBeLessThanOrEqual(105);
  });

  it("fills its chunks also when a device sends its backlog newest first, or every other point late", async () => {
    const writer = await openEmbeddedSeries({ dir, limits: small });
    const other = { ...ROOM, sensor: "room-2/air" };
    const all = minutes(0, 400);
    for (const point of all.toReversed()) await writer.write(at(ROOM, [point]), null);
    for (const late of [0, 1])
      for (const [i, point] of all.entries())
        if (i % 2 === late) await writer.write(at(other, [point]), null);
    expect(await everything(writer, ROOM)).toEqual(all);
    expect(await everything(writer, other)).toEqual(all);
    await writer.close();
    const chunks = edit((db) => db.prepare("SELECT count(*) AS n FROM chunk").get());
    expect(chunks?.["n"]).toBeLessThan((1.25 * 800) / small.chunkPoints);
  });

  it("follows each row of the writer's once", async () => {
    const writer = await openEmbeddedSeries({ dir });
    const reader = new DatabaseSync(join(dir, "series.db"), { readOnly: true });
    const tails = new Tails();
    const follower = new RowLogFollower(reader, tails);
    for (let i = 0; i < 3; i++) {
      await writer.write(at(ROOM, minutes(i, i + 1)), null);
      follower.follow();
      follower.follow();
      expect(tails.pointsIn(1)).toBe(i + 1);
    }
    reader.close();
    await writer.close();
  });

  it("answers a long envelope from headers: points in one bucket are not read", async () => {
    const writer = await openEmbeddedSeries({ dir, limits: small });
    for (let i = 0; i < 50; i++) await writer.write(at(ROOM, minutes(i * 8, i * 8 + 8)), null);
    await writer.close();
    edit((db) => db.exec("UPDATE chunk_points SET points = x'00' WHERE id < 40"));
    const again = await openEmbeddedSeries({ dir });
    const from = EpochMs(START);
    const [bucket] = await again.envelope(ROOM, from, EpochMs(START + 400 * 60_000), 1);
    expect(bucket).toMatchObject({ count: 400, min: 4000, max: 4008 });
    await expect(everything(again, ROOM)).rejects.toMatchObject({ code: "UB_LOG_CORRUPT" });
    await again.close();
  });

  it("refuses rows of which a bit has changed, and files of a newer version", async () => {
    const writer = await openEmbeddedSeries({ dir });
    await writer.write(at(ROOM, minutes(0, 5)), null);
    await writer.close();
    edit((db) => db.exec("UPDATE recent SET points = x'0102030405060708'"));
    await expect(openEmbeddedSeries({ dir })).rejects.toMatchObject({ code: "UB_LOG_CORRUPT" });
    edit((db) => db.exec("PRAGMA user_version = 3"));
    await expect(openEmbeddedSeries({ dir })).rejects.toMatchObject({ code: "UB_LOG_NEWER" });
  });

  it("takes over a file of before points had numbers, which older programs then refuse to read", async () => {
    const writer = await openEmbeddedSeries({ dir });
    await writer.write(at(ROOM, minutes(0, 5)), null);
    await writer.close();
    edit((db) => db.exec("PRAGMA user_version = 1"));
    const reader = await openEmbeddedSeries({ dir, readOnly: true });
    expect(await everything(reader, ROOM)).toEqual(minutes(0, 5));
    await reader.close();
    const again = await openEmbeddedSeries({ dir });
    const next = numbered(value(300, 4000), 1, 2);
    await again.write(at(ROOM, [next]), null);
    expect(await everything(again, ROOM)).toEqual([...minutes(0, 5), next]);
    await again.close();
    expect(edit((db) => db.prepare("PRAGMA user_version").get())).toEqual({ user_version: 2 });
  });

  it("tells a full disk, where trying again helps, from one that fails", () => {
    const db = new DatabaseSync(join(dir, "tiny.db"));
    db.exec("CREATE TABLE t(b); PRAGMA max_page_count = 4");
    let cause: unknown;
    try {
      db.exec("INSERT INTO t VALUES (zeroblob(100000))");
    } catch (error) {
      cause = error;
    }
    expect(storeError(cause, "tiny.db")).toMatchObject({ code: "UB_LOG_FULL" });
    db.close();
    expect(storeError(Object.assign(new Error("disk"), { errcode: 778 }), "f")).toMatchObject({
      code: "UB_STORE_IO",
    });
    const bug = new RangeError("ours");
    expect(storeError(bug, "f")).toBe(bug);
  });
});
