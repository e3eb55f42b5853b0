import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { judgeRows, type JudgeRequest } from "./judge-rows.ts";

// The pure core in a browser: what recomputes a verdict on a page without a server must give the server's bytes.

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

let browser: Browser;
let bundle: string;

beforeAll(async () => {
  browser = await launchChromium();
  bundle = await bundled();
});

afterAll(async () => {
  await browser.close();
});

async function bundled(): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: true,
      lib: {
        entry: fileURLToPath(new URL("judge-rows.ts", import.meta.url)),
        formats: ["iife"],
        name: "core",
      },
    },
    // One format and no watching: one output.
  })) as readonly Rolldown.RolldownOutput[];
  const chunk = built[0]?.output.find((file) => file.type === "chunk");
  if (chunk?.type !== "chunk") throw new Error("nothing was bundled");
  return chunk.code;
}

/** A seeded walk round 6 °C of two sensors, with faults, silences and repeated rows. */
function rowsOf(seed: number): JudgeRequest["rows"] {
  let state = seed;
  const next = (): number => {
    // Park and Miller 1988: enough to make up a history.
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const rows: [number, number | null, string][] = [];
  for (const sensor of ["a", "b"]) {
    let milli = 6_000;
    for (let minute = 0; minute < 2_000; minute += 1) {
      milli = Math.round(milli + (next() - 0.5) * 900 + (6_000 - milli) / 40);
      if (next() < 0.02) minute += Math.floor(next() * 30);
      rows.push([START + minute * MINUTE, next() < 0.01 ? null : milli, sensor]);
    }
  }
  return rows;
}

const PROFILES: readonly (readonly [name: string, document: object])[] = [
  [
    "runs and sums",
    {
      id: "timed",
      cadence: "PT1M",
      accuracy: 0.3,
      rules: [
        { id: "hot", cmp: "ge", limit: 11, mode: "instant", debounce: "PT2M" },
        {
          id: "high",
          cmp: "gt",
          limit: 8,
          mode: "consecutive",
          hold: "PT20M",
          hysteresis: 0.5,
          clear: "PT3M",
        },
        { id: "sum", cmp: "gt", limit: 7, mode: "cumulative", hold: "PT5H" },
        { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT30M" },
      ],
    },
  ],
  [
    "windows, whose sums of exponentials engines would differ in",
    {
      id: "kinetic",
      cadence: "PT1M",
      rules: [
        { id: "mkt", quantity: "mkt", cmp: "gt", limit: 6.5, mode: "window", scope: "PT6H" },
        { id: "rise", quantity: "air", cmp: "gt", limit: 4, mode: "rise", scope: "PT2H" },
      ],
    },
  ],
  [
    "the product behind the air, and its life",
    {
      id: "goods",
      cadence: "PT1M",
      product: {
        lag: "PT45M",
        spoilage: { model: "arrhenius", activation_kj: 67, reference_c: 1, life: "P14D" },
      },
      rules: [
        {
          id: "core",
          quantity: "product",
          cmp: "gt",
          limit: 7,
          mode: "consecutive",
          hold: "PT30M",
        },
        { id: "life", quantity: "budget", cmp: "ge", limit: 8, mode: "instant" },
      ],
    },
  ],
];

it.each(PROFILES)("gives the same bytes in Chromium as in Node: %s", async (_, profile) => {
  const requests = [3, 20_260_101, 77_777].map((seed): JudgeRequest => ({
    profile,
    hash: "ab".repeat(32),
    rows: rowsOf(seed),
  }));
  const page = await browser.newPage();
  try {
    await page.addScriptTag({ content: bundle });
    const there = await page.evaluate(
      (asked) =>
        asked.map((request) =>
          (globalThis as unknown as { core: { judgeRows: typeof judgeRows } }).core.judgeRows(
            request,
          ),
        ),
      requests,
    );
    const here = requests.map(judgeRows);
    expect(there).toEqual(here);
    // An answer that says nothing would be the same everywhere.
    expect(here.join("")).toContain('"proven":');
    expect(new Set(here).size).toBe(here.length);
  } finally {
    await page.close();
  }
});
