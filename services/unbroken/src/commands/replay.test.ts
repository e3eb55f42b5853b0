import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { factsOf, generate, scenarioNamed } from "@unbroken/fleet";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runReplay } from "./replay.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "unbroken-replay-test-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function* nothing(): AsyncGenerator<string> {
  // The command reads no input.
}

async function replayed(messages: readonly string[], facts: readonly string[], name = "out") {
  await writeFile(join(dir, "messages"), `${messages.join("\n")}\n`);
  await writeFile(join(dir, "facts"), `${facts.join("\n")}\n`);
  let stdout = "";
  let stderr = "";
  const out = join(dir, name);
  const args = ["--messages", join(dir, "messages"), "--facts", join(dir, "facts"), "--out", out];
  const status = await runReplay(args, {
    stdin: nothing(),
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    progress: false,
  });
  const text = (file: string): Promise<string> => readFile(join(out, `${file}.ndjson`), "utf8");
  return {
    status,
    summary: JSON.parse(stdout) as Readonly<Record<string, unknown>>,
    stderr,
    bytes: `${await text("judgements")}${await text("excursions")}${await text("verdicts")}`,
    excursions: rowsOf(await text("excursions")),
    verdicts: rowsOf(await text("verdicts")),
    quarantine: rowsOf(await text("quarantine")),
  };
}

function rowsOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

function recorded(name: string) {
  const scenario = scenarioNamed(name);
  if (scenario === null) throw new Error(`no scenario ${name}`);
  const start = Date.parse("2026-01-05T00:00:00+08:00");
  const { messages, facts, truth } = generate(scenario, { seed: 7, start });
  expect(factsOf(scenario, start)).toEqual(facts);
  return {
    messages: messages.map((message) => JSON.stringify(message)),
    facts: facts.map((fact) => JSON.stringify(fact)),
    truth: truth.flatMap((line) => ("rule" in line ? [line] : [])),
  };
}

describe("unbroken replay", () => {
  it("finds what the simulator knows, in a recording with three hours of late data", async () => {
    const { messages, facts, truth } = recorded("truck-tunnel");
    const { status, summary, stderr, excursions, verdicts } = await replayed(messages, facts);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(summary).toMatchObject({ messages: messages.length, facts: facts.length, refused: 0 });
    const found = excursions.map(({ space, rule, since, until, minutes, peak_c }) =>
      JSON.stringify({ space, rule, since, until, minutes, peak_c }),
    );
    const expected = truth.map(({ space, rule, since, until, minutes, peak_c }) =>
      JSON.stringify({ space, rule, since, until, minutes, peak_c }),
    );
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(verdicts).toHaveLength(3);
    // The verdict of an interval and what was judged live are one judge's.
    for (const { space, judged } of verdicts) {
      const { excursions: there } = judged as { excursions: readonly { since: string }[] };
      const live = excursions.filter((excursion) => excursion["space"] === space);
      expect(there.map(({ since }) => since)).toEqual(live.map(({ since }) => since));
    }
  });

  it("gives the same bytes whatever the order of the lines, and with lines twice", async () => {
    const { messages, facts } = recorded("door-left-open");
    const { bytes } = await replayed(messages, facts);
    const [shuffled = []] = fc.sample(
      fc.shuffledSubarray(messages, { minLength: messages.length }),
      { numRuns: 1, seed: 11 },
    );
    const again = await replayed([...shuffled, ...messages.slice(0, 50)], facts.toReversed(), "b");
    expect(again.bytes).toBe(bytes);
  });

  it.each([
    ["not JSON", "{", "UB_REQUEST_INVALID"],
    ["no time", '{"identity":"acme/a","payload":{}}', "UB_TIME_INVALID"],
    [
      "nobody's",
      '{"received_at":"2026-01-05T00:00:00Z","identity":"acme","payload":{}}',
      "UB_REQUEST_INVALID",
    ],
    [
      "half a byte",
      '{"received_at":"2026-01-05T00:00:00Z","identity":"acme/a","payload_hex":"a"}',
      "UB_REQUEST_INVALID",
    ],
  ])("names a line that it cannot take (%s), and goes on with the rest", async (_, line, code) => {
    const good = JSON.stringify({
      received_at: "2026-01-05T00:00:00Z",
      identity: "acme/a",
      payload: { temperature_c: 4 },
    });
    const { status, summary, stderr } = await replayed([line, good], []);
    expect(status).toBe(1);
    expect(summary).toMatchObject({ messages: 1, refused: 1 });
    expect(stderr).toContain(`messages line 1`);
    expect(stderr).toContain(code);
  });

  it("quarantines what it cannot decode, as a server would", async () => {
    const { quarantine } = await replayed(
      [
        JSON.stringify({
          received_at: "2026-01-05T00:00:00Z",
          identity: "acme/a",
          payload: { temp: 4 },
        }),
      ],
      [],
    );
    expect(quarantine).toMatchObject([{ code: "UB_PAYLOAD_SHAPE", pointer: "/temp" }]);
  });
});
