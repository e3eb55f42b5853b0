import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runSimulate } from "./simulate.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "unbroken-simulate-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function* nothing(): AsyncGenerator<string> {
  // The command reads no input.
}

async function run(args: readonly string[], progress = false) {
  let stdout = "";
  let stderr = "";
  const status = await runSimulate(args, {
    stdin: nothing(),
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    progress,
  });
  return { status, stdout, stderr };
}

async function linesOf(path: string): Promise<readonly unknown[]> {
  const text = await readFile(path, "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe("unbroken simulate", () => {
  it("writes messages, facts and truth, and says how many", async () => {
    const out = join(dir, "new", "folder");
    const { status, stdout, stderr } = await run([
      "--scenario",
      "door-left-open",
      "--seed",
      "3",
      "--days",
      "0.75",
      "--out",
      out,
    ]);
    const summary = JSON.parse(stdout) as Record<string, unknown>;
    const messages = await linesOf(join(out, "messages.ndjson"));
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(summary).toMatchObject({
      scenario: "door-left-open",
      seed: 3,
      from: "2026-01-04T16:00:00.000Z",
      to: "2026-01-05T10:00:00.000Z",
      messages: messages.length,
      readings: 3 * 18 * 60,
      excursions: 1,
    });
    expect(messages[0]).toMatchObject({
      topic: expect.stringMatching(/^unbroken\/v1\/yunling-fresh\/.+\/up$/) as unknown,
      identity: expect.stringMatching(/^yunling-fresh\//) as unknown,
    });
    expect(await linesOf(join(out, "facts.ndjson"))).toHaveLength(summary["facts"] as number);
    expect(await linesOf(join(out, "truth.ndjson"))).toHaveLength(3);
  });

  it("lists the scenarios", async () => {
    const { stdout } = await run(["--list"]);
    const names = stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { scenario: string }).scenario);
    expect(names).toEqual([
      "calm-day",
      "door-left-open",
      "dead-compressor-at-night",
      "truck-tunnel",
      "flapping-probe",
      "demo",
      "doors-and-defrost",
      "compressor-dies-loaded",
      "reefer-fails-on-road",
      "mixed-week",
    ]);
  });

  it("writes what a person must be woken for, where a scenario has labels", async () => {
    await run(["--scenario", "compressor-dies-loaded", "--out", dir]);
    const labels = await linesOf(join(dir, "labels.ndjson"));
    expect(labels).toContainEqual(expect.objectContaining({ kind: "compressor dead", wake: true }));
    expect(labels).toContainEqual(expect.objectContaining({ wake: false }));
  });

  it("draws progress on stderr only where a person watches", async () => {
    const { stderr, stdout } = await run(
      ["--scenario", "demo", "--days", "0.001", "--out", dir],
      true,
    );
    expect(stderr).toMatch(/100 %\n$/);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  });

  it("names the scenarios when there is none of that name", async () => {
    await expect(run(["--scenario", "storm", "--out", dir])).rejects.toMatchObject({
      code: "UB_SCENARIO_UNKNOWN",
      message: expect.stringContaining("truck-tunnel") as unknown,
    });
  });

  it.each([
    [["--scenario", "demo"], /--out/],
    [["--out", "x"], /--scenario/],
    [["--scenario", "demo", "--out", "x", "--seed", "1.5"], /--seed/],
    [["--scenario", "demo", "--out", "x", "--seed", ""], /--seed/],
    [["--scenario", "demo", "--out", "x", "--days", "0"], /--days/],
    [["--scenario", "demo", "--out", "x", "--days", "1e99"], /--days/],
    [["--scenario", "demo", "--out", "x", "--start", "2026-01-05T00:00:00"], /--start/],
    [["--scenario", "demo", "--out", "x", "--sede", "1"], /--sede/],
    [["--scenario", "demo", "--out", "x", "more"], /more/],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toMatchObject({
      code: "UB_USAGE",
      message: expect.stringMatching(message) as unknown,
    });
  });

  it("says so when it cannot write", async () => {
    await writeFile(join(dir, "file"), "");
    await expect(
      run(["--scenario", "demo", "--days", "0.001", "--out", join(dir, "file")]),
    ).rejects.toMatchObject({ code: "UB_STORE_IO" });
  });
});
