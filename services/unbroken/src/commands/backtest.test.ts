import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runBacktest } from "./backtest.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "unbroken-backtest-"));
  await writeFile(join(dir, "today.json"), JSON.stringify(profile("today", "PT30M")));
  await writeFile(join(dir, "changed.json"), JSON.stringify(profile("changed", "PT10M")));
  await writeFile(join(dir, "bad.json"), JSON.stringify(profile("bad", "PT0S")));
  // A quarter of an hour of warmth at 23:00 in China, on an even day else.
  const rows = Array.from({ length: 24 * 60 }, (_, minute) => {
    const at = new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();
    return `${at},${minute >= 15 * 60 && minute < 15 * 60 + 15 ? 12 : 4}`;
  });
  await writeFile(join(dir, "day.csv"), ["measured_at,temperature_c", ...rows].join("\n"));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

function profile(id: string, hold: string): object {
  const rule = { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold };
  return { id, cadence: "PT1M", rules: [rule] };
}

async function* nothing(): AsyncGenerator<string> {
  // The readings are in a file.
}

async function run(...args: readonly string[]) {
  let stdout = "";
  let stderr = "";
  const status = await runBacktest(args, {
    stdin: nothing(),
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    progress: false,
  });
  return { status, answer: JSON.parse(stdout) as unknown, stderr };
}

const files = (changed: string): readonly string[] => [
  "--today",
  join(dir, "today.json"),
  "--changed",
  join(dir, changed),
  "--readings",
  join(dir, "day.csv"),
];

describe("unbroken backtest", () => {
  it("shows what a shorter hold would have woken somebody for", async () => {
    const { status, answer } = await run(...files("changed.json"));
    expect(status).toBe(0);
    expect(answer).toMatchObject({
      today: { profile: "today", verdict: "intact", fired: 0, missed: 1 },
      changed: { profile: "changed", verdict: "broken", fired: 1, fired_at_night: 1, missed: 0 },
      firings: [
        {
          by: "changed",
          rule: "high",
          since: "2026-03-01T15:00:00.000Z",
          fired_at: "2026-03-01T15:10:00.000Z",
          until: "2026-03-01T15:15:00.000Z",
          at_night: true,
          minutes: 15,
          peak: 12,
          also_by_other: false,
        },
      ],
    });
  });

  it("takes other hours for night", async () => {
    const { answer } = await run(...files("changed.json"), "--night", "00:00-06:00+08:00");
    expect(answer).toMatchObject({ changed: { fired: 1, fired_at_night: 0 } });
  });

  it("says what is wrong with a profile", async () => {
    const { status, answer, stderr } = await run(...files("bad.json"));
    expect(status).toBe(1);
    expect(answer).toMatchObject({ error: { code: "UB_PROFILE_INVALID" } });
    expect(stderr).toContain("/rules/0/hold");
  });

  it.each([
    ["--night 22-6", ["--night", "22-6"]],
    ["--to before --from", ["--from", "2026-03-02T00:00:00Z", "--to", "2026-03-01T00:00:00Z"]],
  ])("refuses %s", async (_, args) => {
    await expect(run(...files("changed.json"), ...args)).rejects.toMatchObject({
      code: "UB_USAGE",
    });
  });
});
