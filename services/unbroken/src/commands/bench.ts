import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UnbrokenError } from "@unbroken/errors";
import type { Io } from "../io.ts";

const HELP = `usage: unbroken bench [--rungs 1000,2000,5000,…] [--seconds N] [--devices N] [--only unbroken|aedes|flush] [--json FILE]

Climbs a ladder of message rates against a server of its own, open loop from 1,000 connections, and prints for each
rung acknowledgement and alert latency, cores and memory, and whether everything was stored. In the same run: a bare
MQTT broker that stores nothing, and the disk alone. It takes some minutes and wants the machine for itself.
`;

export async function runBench(args: readonly string[], io: Io): Promise<number> {
  if (args.includes("--help")) {
    io.stdout(HELP);
    return 0;
  }
  const ladder = fileURLToPath(new URL("../../../../bench/ingest-ladder.ts", import.meta.url));
  if (!existsSync(ladder))
    throw new UnbrokenError(
      "UB_START_FAILED",
      "bench/ is part of the repository; this copy has it not",
    );
  const child = spawn(process.execPath, [ladder, ...args], { stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (status) => resolve(status ?? 1)));
}
