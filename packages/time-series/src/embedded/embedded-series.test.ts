import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { timeSeriesContract } from "../contract/index.ts";
import { openEmbeddedSeries } from "./open-embedded-series.ts";

const root = mkdtempSync(join(tmpdir(), "unbroken-series-"));
afterAll(() => rmSync(root, { recursive: true }));

timeSeriesContract("the embedded store", (storage) =>
  openEmbeddedSeries({ dir: join(root, `plain-${storage}`) }),
);

// So small that every test crosses from rows to chunks and splits them again and again.
timeSeriesContract("the embedded store with the smallest chunks", (storage) =>
  openEmbeddedSeries({
    dir: join(root, `small-${storage}`),
    limits: { generationPoints: 12, generationRows: 3, chunkPoints: 4 },
  }),
);
