import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventLogContract, stageStoreContract } from "../contract/index.ts";
import { openEmbeddedLog, openStageStore } from "./index.ts";

const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), "unbroken-log-"));

for (const partitions of [1, 3]) {
  eventLogContract(`the embedded log with ${partitions} partitions`, async () => {
    const dir = await scratch();
    return {
      partitions,
      open: () => openEmbeddedLog({ dir, partitions }),
      remove: () => rm(dir, { recursive: true }),
    };
  });
  stageStoreContract(`the embedded stage store with ${partitions} partitions`, async () => {
    const dir = await scratch();
    return {
      partitions,
      open: () => openStageStore({ dir, partitions }),
      remove: () => rm(dir, { recursive: true }),
    };
  });
}

describe("a folder has one opener at a time", () => {
  it("the second opener of a log is refused, and let in when the first has closed", async () => {
    const dir = await scratch();
    const first = await openEmbeddedLog({ dir });
    await expect(openEmbeddedLog({ dir })).rejects.toMatchObject({ code: "UB_LOG_LOCKED" });
    await first.close();
    const second = await openEmbeddedLog({ dir });
    await second.close();
    await rm(dir, { recursive: true });
  });

  it("the second opener of a stage store is refused, one of another name is not", async () => {
    const dir = await scratch();
    const first = await openStageStore({ dir, partitions: 1 });
    const refused = openStageStore({ dir, partitions: 1 });
    await expect(refused).rejects.toMatchObject({ code: "UB_LOG_LOCKED" });
    const other = await openStageStore({ dir, partitions: 1, name: "other" });
    await other.close();
    await first.close();
    await rm(dir, { recursive: true });
  });

  it("another number of partitions than the log has is refused", async () => {
    const dir = await scratch();
    await (await openEmbeddedLog({ dir, partitions: 2 })).close();
    const refused = openEmbeddedLog({ dir, partitions: 3 });
    await expect(refused).rejects.toMatchObject({ code: "UB_CONFIG_INVALID" });
    const same = await openEmbeddedLog({ dir });
    expect(same.partitions).toBe(2);
    await same.close();
    await rm(dir, { recursive: true });
  });
});
