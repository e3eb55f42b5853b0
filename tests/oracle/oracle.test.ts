import { describe, expect, it } from "vitest";
import { asTable } from "./as-table.ts";
import { disagreementsOf, isTooClose } from "./compare.ts";
import { features, open, type Feature } from "./features.ts";
import { historyOf } from "./generate.ts";
import { smallestOf } from "./smallest.ts";

// More with UB_HISTORIES=100000; the long lane does.
const HISTORIES = Number(process.env["UB_HISTORIES"] ?? 3_000);
const SEED = Number(process.env["UB_SEED"] ?? 20_261_124);
const WANTED: readonly string[] =
  process.env["UB_FEATURES"]?.split(",") ?? features.filter((feature) => !open.includes(feature));
const FEATURES = new Set<Feature>(features.filter((feature) => WANTED.includes(feature)));

describe(`the judge and a naive one that shares no code with it (seed ${SEED})`, () => {
  it(`give the same answer for ${HISTORIES} made-up histories`, { timeout: 3_600_000 }, () => {
    let compared = 0;
    let tooClose = 0;
    for (let i = 0; i < HISTORIES; i++) {
      const history = historyOf(SEED + i, FEATURES);
      if (isTooClose(history)) {
        tooClose += 1;
        continue;
      }
      compared += 1;
      if (disagreementsOf(history).length === 0) continue;
      const smallest = smallestOf(history);
      expect.fail(
        `history ${SEED + i} of ${compared} compared:\n${asTable(smallest, disagreementsOf(smallest))}`,
      );
    }
    process.stderr.write(
      `${compared} histories compared, 0 disagreements, ${tooClose} too close to call\n`,
    );
    expect(compared).toBeGreaterThan(HISTORIES * 0.9);
  });
});
