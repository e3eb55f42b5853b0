import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ROOM, everything, value } from "../contract/points.ts";
import { openEmbeddedSeries } from "./open-embedded-series.ts";

const POINTS_A_WRITE = 5;

/** Writes for ever, and prints the number of each write once it is confirmed. */
const program = (dir: string): string => `
  import { openEmbeddedSeries } from ${JSON.stringify(fileURLToPath(new URL("../../dist/embedded/index.js", import.meta.url)))};
  const store = await openEmbeddedSeries({ dir: ${JSON.stringify(dir)},
    limits: { generationPoints: 60, generationRows: 8, chunkPoints: 16 } });
  for (let n = await store.cursor(0); ; n++) {
    const points = Array.from({ length: ${POINTS_A_WRITE} }, (_, i) => {
      const at = ${value(0, 0).measuredAt} + (n * ${POINTS_A_WRITE} + i) * 1000;
      return { ...${JSON.stringify(ROOM)}, measuredAt: at, receivedAt: at + 2000, timeSource: "device", milli: n, fault: null };
    });
    await store.write(points, { partition: 0, cursor: n + 1 });
    process.stdout.write(n + 1 + "\\n");
    await new Promise(setImmediate);
  }`;

describe("a writer that is killed", () => {
  it("has lost nothing that it confirmed, and holds each point once, round after round", async () => {
    const dir = mkdtempSync(join(tmpdir(), "unbroken-series-kill-"));
    let confirmed = 0;
    for (const killAfter of [3, 17, 40, 41, 77]) {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", program(dir)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const exited = once(child, "exit");
      const goal = confirmed + killAfter;
      for await (const line of createInterface({ input: child.stdout })) {
        confirmed = Number(line);
        if (confirmed >= goal) child.kill("SIGKILL");
      }
      expect(await exited).toEqual([null, "SIGKILL"]);
      const store = await openEmbeddedSeries({ dir });
      const cursor = await store.cursor(0);
      expect(cursor).toBeGreaterThanOrEqual(confirmed);
      const points = Array.from({ length: cursor * POINTS_A_WRITE }, (_, i) =>
        value(i, Math.floor(i / POINTS_A_WRITE)),
      );
      expect(await everything(store, ROOM)).toEqual(points);
      await store.close();
    }
    rmSync(dir, { recursive: true });
  });
});
