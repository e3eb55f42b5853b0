import { UnbrokenError } from "@unbroken/errors";
import type { Io } from "./io.ts";

/** A command: its arguments without its name; resolves with the exit status. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;

interface CommandEntry {
  readonly summary: string;
  // Loaded when asked for, so that a quick command does not wait for the others' libraries.
  readonly load: () => Promise<Command>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  demo: {
    summary: "the whole pipeline with a simulated fleet; prints the address of a live board",
    load: async () => (await import("./commands/demo.ts")).runDemo,
  },
  start: {
    summary: "broker, processor, API, feed and board in one process",
    load: async () => (await import("./commands/start.ts")).runStart,
  },
  device: {
    summary: "device add: registers a device and prints what its MQTT client needs",
    load: async () => (await import("./commands/device.ts")).runDevice,
  },
  readings: {
    summary: "the readings that a running server has, as NDJSON",
    load: async () => (await import("./commands/list.ts")).runReadings,
  },
  excursions: {
    summary: "the excursions that a running server has found, as NDJSON",
    load: async () => (await import("./commands/list.ts")).runExcursions,
  },
  judge: {
    summary: "a verdict on a file of readings, without a server",
    load: async () => (await import("./commands/judge.ts")).runJudge,
  },
  replay: {
    summary: "recorded messages and facts through the whole pipeline, without a server",
    load: async () => (await import("./commands/replay.ts")).runReplay,
  },
  backtest: {
    summary: "what would have fired had other rules been in force, beside today's",
    load: async () => (await import("./commands/backtest.ts")).runBacktest,
  },
  decode: {
    summary: "device messages into readings, NDJSON in and out, without a server",
    load: async () => (await import("./commands/decode.ts")).runDecode,
  },
  simulate: {
    summary: "a simulated fleet's messages, facts and truth into files",
    load: async () => (await import("./commands/simulate.ts")).runSimulate,
  },
  doctor: {
    summary: "checks disk, flush time, clock, SQLite and ports, and says what to do",
    load: async () => (await import("./commands/doctor.ts")).runDoctor,
  },
  bench: {
    summary: "measures this machine: messages a second, acknowledgement and alert latency",
    load: async () => (await import("./commands/bench.ts")).runBench,
  },
};

/** Runs one command line. Results go to stdout, everything else to stderr; 2 means it was not understood. */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.stdout(overview());
    return 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    io.stderr(`unbroken: there is no command "${name}" (UB_USAGE)\n\n${overview()}`);
    return 2;
  }
  try {
    return await (
      await entry.load()
    )(rest, io);
  } catch (error) {
    if (!(error instanceof UnbrokenError)) throw error;
    io.stderr(`unbroken ${name}: ${error.message} (${error.code})\n`);
    if (error.code === "UB_USAGE") io.stderr(`see: unbroken ${name} --help\n`);
    return error.code === "UB_USAGE" ? 2 : 1;
  }
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return `Unbroken proves that a cold chain held, and says so the minute it does not.

usage: unbroken COMMAND [OPTIONS]

${lines.join("\n")}

Results are written to stdout, everything else to stderr.
unbroken COMMAND --help says more about each.
`;
}
