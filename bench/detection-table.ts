// How well the judge tells what matters from what does not, on labelled days of the simulator: each scenario, with each
// seed, through log, decoding and judging, under the guarded profiles and under the same limits bare. Writes
// docs/detection.md; --check fails if it would differ. Usage: npm run detection -- [--seeds 1,2,3] [--only NAME] [--check]
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { labelledScenarios } from "@unbroken/fleet";
import { format } from "prettier";
import { joined, scoreOf, type AlertScore } from "../tests/support/alert-score.ts";
import { detectionPage, type Row } from "../tests/support/detection-page.ts";
import { bare, toldIn } from "../tests/support/labelled-run.ts";

const PAGE = new URL("../docs/detection.md", import.meta.url);

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "1,2,3,7,20261124" },
    only: { type: "string" },
    check: { type: "boolean", default: false },
  },
});
const seeds = options.seeds.split(",").map(Number);
const { only, check } = options;

const rows: Row[] = [];
for (const scenario of labelledScenarios) {
  if (only !== undefined && only !== scenario.name) continue;
  const scores: Record<"guarded" | "bare", AlertScore[]> = { guarded: [], bare: [] };
  for (const seed of seeds) {
    scores.guarded.push(scoreOf(await toldIn(scenario, seed)));
    scores.bare.push(scoreOf(await toldIn(bare(scenario), seed)));
    console.error(`${scenario.name}, seed ${seed}: done`);
  }
  rows.push({
    scenario,
    guarded: joined(scores.guarded),
    bare: joined(scores.bare),
  });
}
const page = await format(detectionPage(rows, seeds), { parser: "markdown", printWidth: 100 });
if (only !== undefined) console.log(page);
else if (!check) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, "utf8") !== page) {
  console.log(page);
  console.error("docs/detection.md differs from what this run found");
  process.exitCode = 1;
}
