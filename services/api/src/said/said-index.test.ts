import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StageStore } from "@unbroken/event-log";
import { openStageStore } from "@unbroken/event-log/embedded";
import { afterAll, beforeAll, expect, it } from "vitest";
import { excursionOf, judgementOutput } from "../testing/outputs.ts";
import { SaidIndex } from "./said-index.ts";
import { revisionsOf } from "./said-queries.ts";

let dir: string;
let stage: StageStore;
let store: StageStore;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "unbroken-said-"));
  stage = await openStageStore({ dir, partitions: 1 });
  store = await openStageStore({ dir, name: "said", partitions: 1 });
});
afterAll(async () => {
  await stage.close();
  await store.close();
  await rm(dir, { recursive: true });
});

async function say(since: number): Promise<string> {
  const excursion = excursionOf(since);
  const from = await stage.applied(0);
  const outputs = [judgementOutput({ kind: "excursion-opened", excursion }, since + 1)];
  await stage.commit({ partition: 0, from, to: from + 1, state: [], outputs });
  return excursion.id;
}

it("what was said in a history that was made anew is not said any more, at whatever place it stood", async () => {
  const [old, kept] = [await say(1_000), await say(2_000)];
  const index = new SaidIndex(stage, store);
  expect(await revisionsOf(index, "acme", old)).toHaveLength(1);
  await stage.reset();
  // As many commits as before: the places are the same, what stands there is not.
  await say(2_000);
  const fresh = await say(3_000);
  const again = new SaidIndex(stage, store);
  expect(await revisionsOf(again, "acme", fresh)).toHaveLength(1);
  expect(await revisionsOf(again, "acme", kept)).toHaveLength(1);
  expect(await revisionsOf(again, "acme", old)).toEqual([]);
});

it("an index that knows all of it reads nothing again but the place where it ended", async () => {
  let asked = 0;
  const counted: Pick<StageStore, "recentOutputs"> = {
    recentOutputs: (...args) => {
      asked += args[3];
      return stage.recentOutputs(...args);
    },
  };
  for (let i = 0; i < 1_200; i++) await say(10_000 + i);
  await new SaidIndex(stage, store).catchUp();
  const last = await say(20_000);
  const index = new SaidIndex(counted, store);
  expect(await revisionsOf(index, "acme", last)).toHaveLength(1);
  expect(asked).toBeLessThan(1_000);
});
