import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** One call as strace saw it; times in seconds. */
export interface SystemCall {
  readonly name: string;
  /** What the first argument is open on: a path, or `socket:[…]`. */
  readonly on: string;
  /** The bytes, printable ones as they are. */
  readonly data: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What to put before a command to trace it into `file.PID`, a file for each thread, so that no call is cut in two. */
export function straceInto(file: string): readonly string[] {
  return [
    "strace",
    "-ff",
    "-ttt",
    "-T",
    "-y",
    "-s",
    "16384",
    "-e",
    "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg",
    "-o",
    file,
  ];
}

// 1795522212.123456 pwrite64(23</tmp/x/messages.db-wal>, "…", 4096, 32) = 4096 <0.000012>
const CALL = /^(\d+\.\d+) (\w+)\(\d+<([^>]*)>(.*)\) += (-?\d+).*<(\d+\.\d+)>$/;

/** All calls that succeeded, in the order in which they began. */
export function readTrace(dir: string, prefix: string): readonly SystemCall[] {
  const lines = readdirSync(dir)
    .filter((name) => name.startsWith(`${prefix}.`))
    .flatMap((name) => readFileSync(join(dir, name), "utf8").split("\n"));
  const calls = lines.flatMap((line): SystemCall[] => {
    const match = CALL.exec(line);
    if (match === null || Number(match[5]) < 0) return [];
    const [, at = "", name = "", on = "", data = "", , took = ""] = match;
    return [{ name, on, data, startedAt: Number(at), endedAt: Number(at) + Number(took) }];
  });
  return calls.sort((a, b) => a.startedAt - b.startedAt);
}
