// The disk alone: appends groups of 150-byte records to a file and flushes each, as fast as it goes.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Histogram } from "./histogram.ts";

export interface FlushFigures {
  readonly recordsPerGroup: number;
  readonly flushesPerSecond: number;
  readonly recordsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function flushLoop(parent: string, recordsPerGroup: number, seconds: number): FlushFigures {
  const dir = mkdtempSync(join(parent, "flush-"));
  const file = openSync(join(dir, "log"), "a");
  const group = Buffer.alloc(150 * recordsPerGroup, 7);
  const times = new Histogram();
  const end = performance.now() + seconds * 1_000;
  const start = performance.now();
  while (performance.now() < end) {
    const before = performance.now();
    writeSync(file, group);
    fdatasyncSync(file);
    times.record(performance.now() - before);
  }
  const elapsed = (performance.now() - start) / 1_000;
  closeSync(file);
  rmSync(dir, { recursive: true });
  return {
    recordsPerGroup,
    flushesPerSecond: times.count / elapsed,
    recordsPerSecond: (times.count * recordsPerGroup) / elapsed,
    p50Ms: times.percentile(50),
    p99Ms: times.percentile(99),
  };
}
