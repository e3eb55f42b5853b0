import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { UnbrokenError } from "@unbroken/errors";
import {
  generate,
  labelledScenarios,
  scenarioNamed,
  scenarios,
  type Generated,
  type Scenario,
} from "@unbroken/fleet";
import { DAY, formatIsoDuration, formatIsoTime, parseIsoTime, type EpochMs } from "@unbroken/units";
import { parseOptions, required } from "../arguments.ts";
import type { Io } from "../io.ts";

/** A Monday at midnight in China; fixed, so that a seed gives the same bytes whenever it is run. */
const START = "2026-01-05T00:00:00+08:00";
const DAYS_MAX = 3_650;
const LINES_PER_WRITE = 5_000;
const BAR_WIDTH = 30;

const known: readonly Scenario[] = [...scenarios, ...labelledScenarios];

const help =
  (): string => `usage: unbroken simulate --scenario NAME [--seed N] [--days D] [--start T] --out DIR
       unbroken simulate --list

Simulates cold rooms and trucks with their physics, devices and radio, and writes four files of one JSON object a line:

  DIR/messages.ndjson   what a gateway would have received: {"topic","payload","received_at","identity"}
  DIR/facts.ndjson      what must be stated first: sites, vehicles, spaces, profiles, devices
  DIR/truth.ndjson      what a right judge must find: excursions, and unproven minutes of each space
  DIR/labels.ndjson     what happened, and whether a person must be woken for it; of scenarios that have labels

The same scenario, seed, days and start give the same bytes on every machine.

  --scenario NAME   ${known.map(({ name }) => name).join(", ")}
  --seed N          a whole number; 1 unless given
  --days D          more than 0, at most ${DAYS_MAX}; 0.5 is twelve hours; the scenario's own length unless given
  --start T         when the scenario begins, RFC 3339 with offset; ${START} unless given
  --out DIR         made if it is not there; files in it are overwritten
  --list            prints the scenarios, one JSON object a line

Prints a summary as one JSON object. Exit status: 0 written, 1 it failed, 2 the command line was not understood.

example:  unbroken simulate --scenario truck-tunnel --seed 7 --out /tmp/tunnel
`;

/** The command `simulate`. @throws UB_USAGE, UB_SCENARIO_UNKNOWN, UB_STORE_IO */
export async function runSimulate(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    scenario: { type: "string" },
    seed: { type: "string" },
    days: { type: "string" },
    start: { type: "string" },
    out: { type: "string" },
    list: { type: "boolean" },
    help: { type: "boolean" },
  });
  if (values.help === true) io.stdout(help());
  else if (values.list === true) io.stdout(listing());
  else {
    if (positionals.length > 0)
      throw new UnbrokenError("UB_USAGE", `"${positionals.join(" ")}" is one word too many`);
    const scenario = scenarioOf(required(values.scenario, "--scenario"));
    const out = required(values.out, "--out");
    const seed = seedOf(values.seed ?? "1");
    const start = startOf(values.start ?? START);
    const lasts = values.days === undefined ? scenario.lasts : lengthOf(values.days);
    const onProgress = io.progress ? progressBar(io) : undefined;
    const generated = generate(scenario, {
      seed,
      start,
      lasts,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    await writeFiles(out, generated);
    io.stdout(`${JSON.stringify(summaryOf({ scenario, seed, start, lasts, out }, generated))}\n`);
  }
  return 0;
}

function listing(): string {
  return known
    .map(({ name, title, lasts, spaces, devices }) =>
      JSON.stringify({
        scenario: name,
        title,
        lasts: formatIsoDuration(lasts),
        spaces: spaces.length,
        devices: devices.length,
      }),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function scenarioOf(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario !== null) return scenario;
  const names = known.map((each) => each.name).join(", ");
  throw new UnbrokenError(
    "UB_SCENARIO_UNKNOWN",
    `no scenario is called "${name}"; there are ${names}`,
    {
      scenario: name,
    },
  );
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new UnbrokenError("UB_USAGE", `--seed: a whole number is expected, not "${text}"`);
  return seed;
}

function startOf(text: string): EpochMs {
  const start = parseIsoTime(text);
  if (start === null)
    throw new UnbrokenError("UB_USAGE", `--start: a time with offset is expected: ${START}`);
  return start;
}

function lengthOf(text: string): number {
  const days = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || !(days > 0 && days <= DAYS_MAX))
    throw new UnbrokenError("UB_USAGE", `--days: more than 0 and at most ${DAYS_MAX} is expected`);
  return Math.round(days * DAY);
}

async function writeFiles(out: string, generated: Generated): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await writeLines(join(out, "messages.ndjson"), generated.messages);
    await writeLines(join(out, "facts.ndjson"), generated.facts);
    await writeLines(join(out, "truth.ndjson"), generated.truth);
    await writeLines(join(out, "labels.ndjson"), generated.labels);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnbrokenError("UB_STORE_IO", `cannot write to ${out}: ${why}`, { out }, { cause });
  }
}

async function writeLines(path: string, rows: readonly unknown[]): Promise<void> {
  const file = await open(path, "w");
  try {
    for (let i = 0; i < rows.length; i += LINES_PER_WRITE) {
      const part = rows.slice(i, i + LINES_PER_WRITE);
      await file.write(part.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
  } finally {
    await file.close();
  }
}

interface Asked {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly start: EpochMs;
  readonly lasts: number;
  readonly out: string;
}

function summaryOf({ scenario, seed, start, lasts, out }: Asked, generated: Generated): object {
  return {
    scenario: scenario.name,
    seed,
    from: formatIsoTime(start),
    to: formatIsoTime((start + lasts) as EpochMs),
    spaces: scenario.spaces.length,
    devices: scenario.devices.length,
    messages: generated.messages.length,
    readings: generated.summary.readings,
    resent: generated.summary.resent,
    dropped: generated.summary.dropped,
    facts: generated.facts.length,
    excursions: generated.truth.filter((line) => "rule" in line).length,
    out,
  };
}

function progressBar(io: Io): (share: number) => void {
  return (share) => {
    const done = Math.round(share * BAR_WIDTH);
    const bar = `${"█".repeat(done)}${"░".repeat(BAR_WIDTH - done)}`;
    io.stderr(`\r${bar} ${String(Math.round(share * 100)).padStart(3)} %${share >= 1 ? "\n" : ""}`);
  };
}
