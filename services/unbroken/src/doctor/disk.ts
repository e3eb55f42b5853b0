import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { fail, ok, warn, type Finding } from "./check.ts";

/** The shares of the disk at which one is told (DESIGN §4). */
const SHARES = [
  [0.95, "fail"],
  [0.8, "warn"],
] as const;

export function checkSpace(dir: string): Finding {
  const { bsize, blocks, bavail } = statfsSync(dir);
  const free = bsize * bavail;
  const used = 1 - bavail / blocks;
  const detail = `${gigabytes(free)} free, ${(used * 100).toFixed(0)} % used`;
  const advice =
    "make room or give the folder a larger disk: with a full disk nothing is acknowledged";
  for (const [share, state] of SHARES) {
    if (used >= share)
      return state === "fail"
        ? fail("disk space", detail, advice)
        : warn("disk space", detail, advice);
  }
  return ok("disk space", detail);
}

/** What is kept by kind of file, the growth of the last day files, and how long the disk lasts at that rate. */
export function checkGrowth(dir: string): Finding {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const sizeOf = (match: (name: string) => boolean): number =>
    files
      .filter(({ name }) => match(name))
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  const kinds = [
    ["messages", sizeOf((name) => name.startsWith("messages-"))],
    ["facts", sizeOf((name) => name.startsWith("facts"))],
    ["judgements and state", sizeOf((name) => name.startsWith("state"))],
    ["time series", sizeOf((name) => name.startsWith("series"))],
  ] as const;
  const detail = kinds.map(([kind, bytes]) => `${kind} ${megabytes(bytes)}`).join(", ");
  const days = files
    .map(({ name }) => /^messages-(\d{4}-\d{2}-\d{2})\.db$/.exec(name)?.[1])
    .filter((day) => day !== undefined);
  if (days.length < 2) return ok("what is kept", detail);
  const perDay = kinds.reduce((sum, [, bytes]) => sum + bytes, 0) / days.length;
  const { bsize, bavail } = statfsSync(dir);
  return ok(
    "what is kept",
    `${detail}; about ${megabytes(perDay)} a day, room for ${Math.floor((bsize * bavail) / perDay)} days`,
  );
}

/** Append and flush, 200 times: what each acknowledgement waits for. */
export function checkFlush(dir: string): Finding {
  const scratch = mkdtempSync(join(dir, "doctor-"));
  try {
    const file = openSync(join(scratch, "flush"), "a");
    const block = Buffer.alloc(4_096, 1);
    const times: number[] = [];
    for (let i = 0; i < 200; i++) {
      const before = performance.now();
      writeSync(file, block);
      fdatasyncSync(file);
      times.push(performance.now() - before);
    }
    closeSync(file);
    times.sort((a, b) => a - b);
    const p50 = times[100] ?? 0;
    const p99 = times[198] ?? 0;
    const detail = `flush p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
    // Faster than any medium can be: the flush is not passed on (battery-backed caches apart).
    if (p50 < 0.02)
      return warn(
        "flush time",
        detail,
        "this disk answers faster than one can write: see whether its cache is safe from a power cut",
      );
    if (p99 > 500)
      return warn(
        "flush time",
        detail,
        "acknowledgements wait for this: use a local disk, not a network file system",
      );
    return ok("flush time", detail);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
