import { createHash } from "node:crypto";
import { DeviceId, Fact, ProfileDocument, SpaceId, momentOf, profileOf } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { generate, type Generated } from "./generate.ts";
import { withoutGuards } from "./guarded-profiles.ts";
import type { Label } from "./labels.ts";
import type { Scenario } from "./scenario.ts";
import { labelledScenarios, scenarioNamed, scenarios } from "./scenarios.ts";

const START = Date.parse("2026-01-05T00:00:00+08:00");
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const SEEDS = [1, 7, 20_261_124];

const names = labelledScenarios.map(({ name }) => name);

function run(name: string, seed = 1): Generated {
  const scenario = scenarioNamed(name);
  if (scenario === null) throw new Error(`no scenario ${name}`);
  return generate(scenario, { seed, start: START });
}

const lastsMs = ({ from, to }: Label): number => momentOf(to) - momentOf(from);

// If a change of the output is intended, the failing test shows the new hash to put here.
const goldens: Readonly<Record<string, string>> = {
  "doors-and-defrost": "18f6b826aec6e5194d10bd95a3c2cffc0b3ccf423882bed80d5763471531920f",
  "compressor-dies-loaded": "a1adfe2b92e0b82cfb8b205d427ad035eb41d9537994d8e1ab84b330ad5d5f49",
  "reefer-fails-on-road": "1cc7fcf6d919a91dadd500245f1b49a16243776e4cb298618f1ec78e8469cc19",
  "mixed-week": "ef9ec958a923df0471def085b71541770047f2bc3e36604672b5bf08e4025d03",
};

describe.each(labelledScenarios.map((scenario) => [scenario.name, scenario] as const))(
  "%s",
  (name: string, scenario: Scenario) => {
    const generated = run(name);

    it("has the same messages, facts and labels on every machine", () => {
      const hash = createHash("sha256");
      for (const rows of [generated.messages, generated.facts, generated.labels])
        for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
      expect(hash.digest("hex")).toBe(goldens[name]);
    });

    it("states facts that the model accepts, of how its rooms and probes are too", () => {
      for (const fact of generated.facts) expect(Fact.parse(fact)).toEqual(fact);
      const kinds = new Set(generated.facts.map(({ statement }) => statement.kind));
      expect(kinds).toContain("sensor-described");
      for (const { space } of scenario.spaces) SpaceId.parse(space);
      for (const { device } of [...scenario.devices, ...(scenario.contacts ?? [])])
        DeviceId.parse(device);
      for (const profile of scenario.profiles) {
        ProfileDocument.parse(profile);
        ProfileDocument.parse(withoutGuards(profile));
      }
    });

    it("labels what happens in its spaces, in order of time, within its length", () => {
      const { labels } = generated;
      expect(labels.length).toBeGreaterThan(10);
      const spaces = scenario.spaces.map(({ space }) => space);
      const froms = labels.map(({ from }) => from);
      expect(froms).toEqual(froms.toSorted());
      for (const label of labels) {
        expect(spaces).toContain(label.space);
        expect(lastsMs(label)).toBeGreaterThan(0);
        expect(momentOf(label.to)).toBeLessThanOrEqual(START + scenario.lasts);
      }
    });

    it("notes the defrosts that the unit reports, and no others", () => {
      const reported = generated.messages.filter(
        ({ payload }) => (payload as { readonly defrost?: boolean }).defrost === true,
      );
      expect(reported.length).toBeGreaterThan(0);
      const defrosts = generated.labels.filter(({ kind }) => kind === "defrost");
      for (const { received_at: at, identity } of reported) {
        const contact = scenario.contacts?.find(({ device }) => identity.endsWith(`/${device}`));
        const within = defrosts.filter(
          ({ space, from, to }) =>
            space === contact?.space &&
            momentOf(at) >= momentOf(from) &&
            momentOf(at) <= momentOf(to) + MINUTE_MS,
        );
        expect(within).toHaveLength(1);
      }
    });
  },
);

describe("what is to be found on labelled days", () => {
  it.each(SEEDS)("nothing, where only doors, loading and defrosts happen (seed %d)", (seed) => {
    const { labels } = run("doors-and-defrost", seed);
    expect(labels.filter(({ wake }) => wake)).toEqual([]);
    const kinds = new Set(labels.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      ["defrost", "door, 3 min", "loading, 10 min", "people", "radio gap, 20 min", "spike"].sort(),
    );
  });

  it.each(SEEDS)(
    "a dead compressor warms the core out of its range within 7 h (seed %d)",
    (seed) => {
      const [only, ...more] = run("compressor-dies-loaded", seed).labels.filter(({ wake }) => wake);
      expect(more).toEqual([]);
      expect(only?.product_out_at).not.toBeNull();
      const outAfter = momentOf(only?.product_out_at ?? "") - momentOf(only?.from ?? "");
      expect(outAfter).toBeGreaterThan(2 * HOUR_MS);
      expect(outAfter).toBeLessThan(7 * HOUR_MS);
    },
  );

  it.each(SEEDS)("a failed reefer does so too, and the sound truck is well (seed %d)", (seed) => {
    const { labels } = run("reefer-fails-on-road", seed);
    const waking = labels.filter(({ wake }) => wake);
    expect(waking.map(({ space }) => space)).toEqual(["truck-k3141-body"]);
    expect(waking[0]?.product_out_at).not.toBeNull();
  });

  it("in a week six incidents of five kinds among some two hundred ordinary events", () => {
    const { labels } = run("mixed-week");
    const waking = labels.filter(({ wake }) => wake);
    expect(waking).toHaveLength(6);
    expect(new Set(waking.map(({ kind }) => kind)).size).toBe(5);
    expect(labels.length - waking.length).toBeGreaterThan(200);
  });
});

describe("labels", () => {
  it("are none where nothing was labelled, and the other scenarios have none", () => {
    for (const { name, lasts } of scenarios)
      if (lasts <= 24 * HOUR_MS) expect(run(name).labels).toEqual([]);
  });

  it("have names that no other scenario has", () => {
    const all = [...scenarios, ...labelledScenarios].map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    expect(names).toHaveLength(4);
  });
});

describe("a profile without guards", () => {
  it.each(labelledScenarios.flatMap(({ profiles }) => profiles))(
    "has the same rules as $id, limits and holds, and nothing that lets something pass",
    (profile) => {
      const guarded = profileOf(ProfileDocument.parse(profile), "").rules;
      const bare = profileOf(ProfileDocument.parse(withoutGuards(profile)), "").rules;
      expect(bare.map(({ id, limit, mode }) => [id, limit, mode])).toEqual(
        guarded.map(({ id, limit, mode }) => [id, limit, mode]),
      );
      for (const [i, rule] of bare.entries()) {
        expect(rule).toMatchObject({ allowances: [], hysteresis: 0, clear: 0 });
        expect(rule.hold).toBe(rule.mode === "instant" ? 0 : guarded[i]?.hold);
      }
    },
  );
});
