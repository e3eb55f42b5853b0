import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readAll } from "../contract/event-log.contract.ts";
import { openEmbeddedLog } from "./index.ts";

const child = new URL("./append-until-killed.fixture.mjs", import.meta.url).pathname;

/** Runs the child until it has acknowledged this many, kills it, and returns the numbers that it had acknowledged. */
async function acknowledgedBeforeKill(
  dir: string,
  from: number,
  count: number,
): Promise<readonly number[]> {
  const process_ = spawn(process.execPath, [child, dir, `${from}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  process_.stdout.setEncoding("utf8");
  process_.stdout.on("data", (chunk: string) => {
    said += chunk;
    if (said.split("\n").length > count) process_.kill("SIGKILL");
  });
  await new Promise((resolve) => process_.once("close", resolve));
  // The last line may be cut short.
  return said.split("\n").slice(0, -1).map(Number);
}

it("a SIGKILL in mid-append loses nothing that was acknowledged, round after round", async () => {
  const dir = await mkdtemp(join(tmpdir(), "unbroken-crash-"));
  const acknowledged: number[] = [];
  for (const count of [1, 40, 333, 700, 150]) {
    acknowledged.push(
      ...(await acknowledgedBeforeKill(dir, acknowledged.length + 10_000 * count, count)),
    );
    const log = await openEmbeddedLog({ dir });
    const kept = new Set<number>();
    const facts = new Set<number>();
    for (let p = 0; p < log.partitions; p++) {
      const records = await readAll(log, p, 0, 1_000);
      expect(records.map(({ offset }) => offset)).toEqual(records.map((_, i) => i));
      for (const { body } of records) kept.add(Number(Buffer.from(body).toString()));
      for (const { body } of await log.readFacts(p, 0, 100_000))
        facts.add(Number(Buffer.from(body).toString()));
    }
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    expect(acknowledged.filter((n) => n % 10 === 0 && !facts.has(n))).toEqual([]);
    await log.close();
  }
  expect(acknowledged.length).toBeGreaterThan(1_000);
  await rm(dir, { recursive: true });
});
