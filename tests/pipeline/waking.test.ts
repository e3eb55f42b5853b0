import { labelledScenarios, type Label, type Scenario } from "@unbroken/fleet";
import { MINUTE } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { scoreOf, type ToldRun } from "../support/alert-score.ts";
import { bare, toldIn } from "../support/labelled-run.ts";

// The promise on labelled days, on one seed. `npm run detection` measures it on more, and writes docs/detection.md.

const SEED = 1;

function scenarioOf(name: string): Scenario {
  const found = labelledScenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no labelled scenario ${name}`);
  return found;
}

const waking = ({ alerts }: ToldRun): ToldRun["alerts"] =>
  alerts.filter(({ isWarning }) => !isWarning);

const ofKind = ({ labels }: ToldRun, kind: string): readonly Label[] =>
  labels.filter((label) => label.kind === kind);

describe(`on a labelled day (seed ${SEED})`, () => {
  it("a door that is opened for three minutes wakes nobody, nor does a loading, a defrost, a spike or a lost radio", async () => {
    const run = await toldIn(scenarioOf("doors-and-defrost"), SEED);
    expect(ofKind(run, "door, 3 min")).toHaveLength(9);
    expect(ofKind(run, "loading, 10 min")).toHaveLength(3);
    expect(ofKind(run, "defrost").length).toBeGreaterThan(2);
    expect(waking(run)).toEqual([]);
  });

  it("which is the guards' doing: the same limits without them wake somebody again and again", async () => {
    const run = await toldIn(bare(scenarioOf("doors-and-defrost")), SEED);
    expect(waking(run).length).toBeGreaterThan(2);
  });

  it("a compressor that dies wakes somebody before the product is out, and only for that room", async () => {
    const run = await toldIn(scenarioOf("compressor-dies-loaded"), SEED);
    const [incident, ...more] = scoreOf(run).incidents;
    expect(more).toEqual([]);
    expect(incident?.toldAfter).toBeLessThan(120 * MINUTE);
    expect(incident?.ahead).toBeGreaterThan(120 * MINUTE);
    expect(new Set(waking(run).map(({ space }) => space))).toEqual(
      new Set(["kunming-matsutake-1"]),
    );
  });

  it("so does a truck's unit that fails on the road, though it is without radio soon after", async () => {
    const run = await toldIn(scenarioOf("reefer-fails-on-road"), SEED);
    const [incident] = scoreOf(run).incidents;
    expect(incident?.ahead).toBeGreaterThan(60 * MINUTE);
    expect(new Set(waking(run).map(({ space }) => space))).toEqual(new Set(["truck-k3141-body"]));
  });
});
