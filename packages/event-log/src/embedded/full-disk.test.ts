import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readAll, record } from "../contract/event-log.contract.ts";
import type { EventLog, StageStore } from "../port.ts";
import { openEmbeddedLog, openStageStore } from "./index.ts";

const filler = "x".repeat(2_000);

/** Appends until the disk is full; the texts that were acknowledged. */
async function fill(log: EventLog, day: number): Promise<readonly string[]> {
  const kept: string[] = [];
  for (let i = 0; ; i++) {
    const text = `${day}/${i} ${filler}`;
    try {
      await log.append([record("messages", "d", text, day)]);
    } catch (error) {
      expect(error).toMatchObject({ code: "UB_LOG_FULL" });
      return kept;
    }
    kept.push(text);
  }
}

const texts = async (log: EventLog): Promise<readonly string[]> =>
  (await readAll(log, 0)).map(({ body }) => Buffer.from(body).toString());

it("a full file keeps what was acknowledged and nothing else, and the next day goes on by itself", async () => {
  const dir = await mkdtemp(join(tmpdir(), "unbroken-full-"));
  const log = await openEmbeddedLog({ dir, lingerMs: 0, pagesMax: 40 });
  const kept = await fill(log, 0);
  expect(kept.length).toBeGreaterThan(10);
  expect(await texts(log)).toEqual(kept);
  const nextDay = await fill(log, 1);
  expect(nextDay.length).toBeGreaterThan(10);
  expect(await texts(log)).toEqual([...kept, ...nextDay]);
  await log.close();
  const again = await openEmbeddedLog({ dir });
  expect(await texts(again)).toEqual([...kept, ...nextDay]);
  await again.close();
  await rm(dir, { recursive: true });
});

it("a full stage store changes nothing, and goes on when there is room", async () => {
  const dir = await mkdtemp(join(tmpdir(), "unbroken-full-"));
  const small = await openStageStore({ dir, partitions: 1, pagesMax: 40 });
  const commit = (store: StageStore, i: number): ReturnType<StageStore["commit"]> =>
    store.commit({
      partition: 0,
      from: i,
      to: i + 1,
      state: [[`key ${i}`, Buffer.from(filler)]],
      outputs: [],
    });
  let done = 0;
  const failed = await (async (): Promise<unknown> => {
    for (; ; done++) {
      try {
        await commit(small, done);
      } catch (error) {
        return error;
      }
    }
  })();
  expect(failed).toMatchObject({ code: "UB_LOG_FULL" });
  expect(await small.applied(0)).toBe(done);
  expect(await small.getState(0, `key ${done}`)).toBeNull();
  await small.close();
  const roomy = await openStageStore({ dir, partitions: 1 });
  expect((await commit(roomy, done)).sequence).toBe(done);
  await roomy.close();
  await rm(dir, { recursive: true });
});

/** A real small disk, where this process may mount one. */
function mountSmallDisk(dir: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", dir], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

it("a full disk refuses appends, and takes them again when there is room, without a restart", async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "unbroken-disk-"));
  if (!mountSmallDisk(dir)) {
    await rm(dir, { recursive: true });
    context.skip("needs the right to mount a tmpfs");
  }
  try {
    const ballast = join(dir, "ballast");
    // Opening takes the lock, which writes a page: without any room it says UB_LOG_FULL, as it should.
    const reserve = join(dir, "reserve");
    writeFileSync(ballast, Buffer.alloc(2_000_000));
    writeFileSync(reserve, Buffer.alloc(200_000));
    mkdirSync(join(dir, "log"));
    const log = await openEmbeddedLog({ dir: join(dir, "log"), lingerMs: 0 });
    const kept = await fill(log, 0);
    expect(await texts(log)).toEqual(kept);
    rmSync(ballast);
    await log.append([record("facts", "d", "there is room again")]);
    expect(await texts(log)).toEqual([...kept, "there is room again"]);
    expect(await log.readFacts(0, 0, 10)).toHaveLength(1);
    await fill(log, 1);
    const all = await texts(log);
    await log.close();
    rmSync(reserve);
    const again = await openEmbeddedLog({ dir: join(dir, "log") });
    expect(await texts(again)).toEqual(all);
    await again.close();
  } finally {
    execFileSync("umount", [dir]);
    await rm(dir, { recursive: true });
  }
});
