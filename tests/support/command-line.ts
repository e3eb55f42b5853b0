import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const UNBROKEN = fileURLToPath(
  new URL("../../services/unbroken/bin/unbroken.mjs", import.meta.url),
);

/** Runs `unbroken` as a person would, and gives what it printed. Rejects where it fails. */
export async function unbroken(...args: readonly string[]): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [UNBROKEN, ...args], { maxBuffer: 67_108_864 });
  return stdout;
}
