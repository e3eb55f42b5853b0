import {
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { UnbrokenError } from "@unbroken/errors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAll, record } from "../contract/event-log.contract.ts";
import { requireSqlite } from "./database.ts";
import { openEmbeddedLog, openStageStore } from "./index.ts";

const DAY = "messages-2026-05-05.db";
let root = "";
/** A closed log of one file, and one as a killed process leaves it: the records stand in the write-ahead log. */
let closed = "";
let killed = "";
const count = 200;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "unbroken-damage-"));
  closed = join(root, "closed");
  killed = join(root, "killed");
  const log = await openEmbeddedLog({ dir: closed, lingerMs: 0 });
  for (let i = 0; i < count; i++) await log.append([record("messages", "d", `record ${i}`)]);
  cpSync(closed, killed, { recursive: true });
  // Copied without its lock state: nobody holds the copy.
  rmSync(join(killed, "lock.db"));
  rmSync(join(killed, "lock.db-journal"), { force: true });
  await log.close();
});
afterAll(() => rm(root, { recursive: true }));

let copies = 0;
function copyOf(source: string): string {
  const dir = join(root, `copy-${copies++}`);
  cpSync(source, dir, { recursive: true });
  return dir;
}

function flip(path: string, position: number): void {
  const fd = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 0x10;
  writeSync(fd, byte, 0, 1, position);
  closeSync(fd);
}

/** Opens and reads everything: the texts in order, or the code that it is refused with. */
async function outcome(dir: string): Promise<readonly string[] | string> {
  try {
    const log = await openEmbeddedLog({ dir });
    try {
      return (await readAll(log, 0, 0, 50)).map(({ body }) => Buffer.from(body).toString());
    } finally {
      await log.close();
    }
  } catch (error) {
    if (!(error instanceof UnbrokenError)) throw error;
    expect(error.message).toContain(dir);
    return error.code;
  }
}

const whole = Array.from({ length: count }, (_, i) => `record ${i}`);

describe("a damaged file gives what is whole or is refused by name, never something else", () => {
  it("a log as a killed process leaves it is whole", async () => {
    expect(await outcome(copyOf(killed))).toEqual(whole);
  });

  it.each([0.1, 0.3, 0.5, 0.7, 0.9, 0.999])(
    "a write-ahead log cut off at %d of its length gives the records up to there",
    async (share) => {
      const dir = copyOf(killed);
      const wal = join(dir, `${DAY}-wal`);
      truncateSync(wal, Math.floor(readFileSync(wal).byteLength * share));
      const found = await outcome(dir);
      if (typeof found === "string") expect(found).toBe("UB_LOG_CORRUPT");
      else {
        expect(found).toEqual(whole.slice(0, found.length));
        expect(found.length).toBeLessThan(count);
      }
    },
  );

  it.each([0.05, 0.25, 0.45, 0.65, 0.85, 0.99])(
    "a bit flipped at %d of the write-ahead log changes no record",
    async (share) => {
      const dir = copyOf(killed);
      const wal = join(dir, `${DAY}-wal`);
      flip(wal, Math.floor(readFileSync(wal).byteLength * share));
      const found = await outcome(dir);
      if (typeof found === "string") expect(found).toBe("UB_LOG_CORRUPT");
      else expect(found).toEqual(whole.slice(0, found.length));
    },
  );

  it.each([0, 0.2, 0.6, 0.95])("a file cut off at %d of its length is refused", async (share) => {
    const dir = copyOf(closed);
    const path = join(dir, DAY);
    truncateSync(path, Math.floor(readFileSync(path).byteLength * share));
    expect(await outcome(dir)).toBe("UB_LOG_CORRUPT");
  });

  it.each(["record 0", "record 100", `record ${count - 1}`])(
    "a bit flipped in %j is noticed when it is read",
    async (text) => {
      const dir = copyOf(closed);
      const path = join(dir, DAY);
      const at = readFileSync(path).indexOf(text);
      expect(at).toBeGreaterThan(0);
      flip(path, at);
      expect(await outcome(dir)).toBe("UB_LOG_CORRUPT");
    },
  );

  it("bits flipped all over the file never change, add or hide a record", async () => {
    const path = join(closed, DAY);
    const length = readFileSync(path).byteLength;
    let refused = 0;
    for (let i = 0; i < 20; i++) {
      const dir = copyOf(closed);
      flip(join(dir, DAY), Math.floor((length * (i + 0.5)) / 20));
      const found = await outcome(dir);
      if (typeof found === "string") refused += 1;
      else expect(found).toEqual(whole);
      rmSync(dir, { recursive: true });
    }
    expect(refused).toBeGreaterThan(0);
  });

  it("a day file that is gone is refused, not skipped", async () => {
    const dir = copyOf(closed);
    rmSync(join(dir, DAY));
    expect(await outcome(dir)).toBe("UB_LOG_CORRUPT");
  });

  it("records that the manifest does not know are not deleted", async () => {
    const dir = copyOf(closed);
    rmSync(join(dir, "manifest.db"));
    expect(await outcome(dir)).toBe("UB_LOG_CORRUPT");
    expect(readFileSync(join(dir, DAY)).byteLength).toBeGreaterThan(0);
  });

  it("a reader that has seen more than an older copy holds is refused", async () => {
    const log = await openEmbeddedLog({ dir: copyOf(closed) });
    await expect(log.read(0, count + 1, 10)).rejects.toMatchObject({ code: "UB_LOG_CORRUPT" });
    await log.close();
  });
});

describe("what a newer version wrote is refused", () => {
  it.each([DAY, "manifest.db", "facts.db"])("a newer format of %s", async (name) => {
    const dir = copyOf(closed);
    const db = new DatabaseSync(join(dir, name));
    db.exec("PRAGMA user_version = 2");
    db.close();
    const refused = openEmbeddedLog({ dir });
    await expect(refused).rejects.toMatchObject({ code: "UB_LOG_NEWER", details: { format: 2 } });
    await expect(refused).rejects.toThrow(name);
  });

  it("a newer format of the state", async () => {
    const dir = join(root, "newer-state");
    await (await openStageStore({ dir, partitions: 1 })).close();
    const db = new DatabaseSync(join(dir, "state.db"));
    db.exec("PRAGMA user_version = 2");
    db.close();
    const refused = openStageStore({ dir, partitions: 1 });
    await expect(refused).rejects.toMatchObject({ code: "UB_LOG_NEWER" });
  });

  it("a foreign database under a name of ours", async () => {
    const dir = join(root, "foreign");
    await (await openStageStore({ dir, partitions: 1, name: "x" })).close();
    const path = join(dir, "state.db");
    writeFileSync(
      path,
      "not a database at all, but long enough to have a header of its own".repeat(99),
    );
    const refused = openStageStore({ dir, partitions: 1 });
    await expect(refused).rejects.toMatchObject({ code: "UB_LOG_CORRUPT" });
  });

  it.each(["3.51.2", "3.40.1", "2.9.0"])("SQLite %s is too old", (version) => {
    expect(() => requireSqlite(version)).toThrow(
      expect.objectContaining({ code: "UB_SQLITE_TOO_OLD" }) as Error,
    );
  });

  it.each(["3.51.3", "3.53.4", "4.0.0"])("SQLite %s is new enough", (version) => {
    expect(() => requireSqlite(version)).not.toThrow();
  });
});

describe("the state of a stage", () => {
  it("a bit flipped in a value or an output is noticed when it is read", async () => {
    const dir = join(root, "state");
    const store = await openStageStore({ dir, partitions: 1 });
    const output = { topic: "judgements", organisation: "acme", key: "acme/s" } as const;
    await store.commit({
      partition: 0,
      from: 0,
      to: 1,
      state: [["key", Buffer.from("the value of the state")]],
      outputs: [{ ...output, body: Buffer.from("the body of the output") }],
    });
    await store.close();
    const path = join(dir, "state.db");
    const file = readFileSync(path);
    flip(path, file.indexOf("the value of the state"));
    for (let at = file.indexOf("the body"); at >= 0; at = file.indexOf("the body", at + 1))
      flip(path, at);
    const again = await openStageStore({ dir, partitions: 1 });
    const corrupt = { code: "UB_LOG_CORRUPT" };
    await expect(again.getState(0, "key")).rejects.toMatchObject(corrupt);
    await expect(again.scanState(0, "", null, 9)).rejects.toMatchObject(corrupt);
    await expect(again.readCommits(0, 0, 1)).rejects.toMatchObject(corrupt);
    await expect(again.recentOutputs("judgements", null, null, 1)).rejects.toMatchObject(corrupt);
    await again.close();
  });
});
