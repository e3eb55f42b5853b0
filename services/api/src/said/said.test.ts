import type { EvidenceStretch, ExcursionEntry, Judgement, RevisionView } from "@unbroken/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { excursionOf, excursionState, judgementOutput } from "../testing/outputs.ts";
import { runApi, type RunningApi } from "../testing/running-api.ts";

// A warm spell is told in the order in which its readings arrive: opened, grown, then late data splits it in two.
const T = Date.UTC(2026, 4, 5, 8);
const MINUTE = 60_000;
const iso = (minute: number): string => new Date(T + minute * MINUTE).toISOString();
const at = (minute: number): number => T + minute * MINUTE;

const whole = excursionOf(at(0));
const [early, late] = [
  excursionOf(at(1), { until: at(40), ended: "in-range" }),
  excursionOf(at(50)),
];

type Told = readonly [judgedAt: number, judgement: Judgement];
const story: readonly Told[] = [
  [40, timeline(0, [["high", 0, null]])],
  [40, { kind: "excursion-opened", excursion: whole }],
  [
    60,
    {
      kind: "excursion-amended",
      excursion: { ...whole, revision: 2, peak: 14_000 },
      changed: ["peak"],
    },
  ],
  [
    90,
    {
      kind: "excursion-retracted",
      excursion: { ...whole, revision: 3, retracted: true },
      replacedBy: [early.id, late.id],
    },
  ],
  [90, { kind: "excursion-opened", excursion: early }],
  [90, { kind: "excursion-opened", excursion: late }],
  [
    90,
    timeline(0, [
      ["in", 0, 1],
      ["high", 1, 40],
      ["in", 40, 50],
      ["high", 50, null],
    ]),
  ],
  [
    120,
    {
      kind: "excursion-closed",
      excursion: { ...late, revision: 2, until: at(115), ended: "in-range" },
    },
  ],
  [
    120,
    timeline(50, [
      ["high", 50, 115],
      ["in", 115, null],
    ]),
  ],
];

function timeline(
  from: number,
  stretches: readonly (readonly [EvidenceStretch["class"], number, number | null])[],
): Judgement {
  return {
    kind: "timeline-changed",
    space: "cold",
    from: at(from),
    stretches: stretches.map(([name, begin, end]) => ({
      from: at(begin),
      to: end === null ? null : at(end),
      class: name,
    })),
  };
}

let running: RunningApi;

async function tell(told: readonly Told[]): Promise<void> {
  for (const [minute, judgement] of told)
    await running.commit([judgementOutput(judgement, at(minute))]);
}

beforeAll(async () => {
  running = await runApi();
  await running.call("registerDevice", {
    params: { organisation: "acme", device: "d1" },
    body: { space: "cold", profile: "chilled.cn" },
  });
  await tell(story);
  await running.commit(
    [],
    [{ ...whole, retracted: true }, early, { ...late, until: at(115) }].map(excursionState),
  );
});
afterAll(() => running.stop());

async function saidAt(
  minute: number,
): Promise<readonly (readonly [number, string | null, number])[]> {
  const { body } = await running.call("listExcursions", {
    query: { organisation: "acme", as_of: iso(minute), limit: "1" },
  });
  const page = body as { items: ExcursionEntry[]; next: string | null };
  const items = [...page.items];
  for (let { next } = page; next !== null;) {
    const more = await running.call("listExcursions", {
      query: { organisation: "acme", as_of: iso(minute), limit: "1", cursor: next },
    });
    items.push(...(more.body as { items: ExcursionEntry[] }).items);
    ({ next } = more.body as { next: string | null });
  }
  return items.map(({ since, until, peak }) => [(Date.parse(since) - T) / MINUTE, until, peak]);
}

describe("as of a moment of the past", () => {
  it.each([
    [39, []],
    [40, [[0, null, 12.5]]],
    [60, [[0, null, 14]]],
    [89, [[0, null, 14]]],
    [
      90,
      [
        [1, iso(40), 12.5],
        [50, null, 12.5],
      ],
    ],
    [
      120,
      [
        [1, iso(40), 12.5],
        [50, iso(115), 12.5],
      ],
    ],
  ])("the excursions are those that were said at minute %i", async (minute, expected) => {
    expect(await saidAt(minute)).toEqual(expected);
  });

  it.each([
    [60, { revision: 2, retracted: false, replaced_by: [] }],
    [90, { revision: 3, retracted: true, replaced_by: [early.id, late.id] }],
  ])(
    "an excursion is what was said of it at minute %i, its lineage too",
    async (minute, expected) => {
      const call = { params: { id: whole.id }, query: { as_of: iso(minute) } };
      expect((await running.call("getExcursion", call)).body).toMatchObject(expected);
      const before = { params: { id: whole.id }, query: { as_of: iso(39) } };
      expect((await running.call("getExcursion", before)).status).toBe(404);
    },
  );

  it.each([
    [40, [["high", iso(0), iso(40)]]],
    [
      90,
      [
        ["in", iso(0), iso(1)],
        ["high", iso(1), iso(40)],
        ["in", iso(40), iso(50)],
        ["high", iso(50), iso(90)],
      ],
    ],
    [
      120,
      [
        ["in", iso(0), iso(1)],
        ["high", iso(1), iso(40)],
        ["in", iso(40), iso(50)],
        ["high", iso(50), iso(115)],
        ["in", iso(115), iso(120)],
      ],
    ],
  ])("the timeline is the one that was said at minute %i", async (minute, expected) => {
    const { body } = await running.call("getTimeline", {
      params: { organisation: "acme", space: "cold" },
      query: { from: iso(0), as_of: iso(minute) },
    });
    const { stretches } = body as { stretches: { from: string; to: string; class: string }[] };
    expect(stretches.map(({ from, to, class: name }) => [name, from, to])).toEqual(expected);
  });
});

describe("what was ever said of an excursion", () => {
  const revisions = async (id: string): Promise<readonly unknown[]> => {
    const { body } = await running.call("listRevisions", { params: { id } });
    const list = (body as { revisions: RevisionView[] }).revisions;
    return list.map(({ change, judged_at, replaces, replaced_by }) => [
      change,
      judged_at,
      replaces,
      replaced_by,
    ]);
  };
  const expected = [
    ["opened", iso(40), [], []],
    ["amended", iso(60), [], []],
    ["retracted", iso(90), [], [early.id, late.id]],
  ];

  it("is found with its lineage, also by those that took its place", async () => {
    expect(await revisions(whole.id)).toEqual(expected);
    expect(await revisions(late.id)).toEqual([
      ["opened", iso(90), [whole.id], []],
      ["closed", iso(120), [], []],
    ]);
  });

  it("is found after a restart, and goes on from there", async () => {
    running = await running.restart();
    expect(await revisions(whole.id)).toEqual(expected);
    const back = excursionOf(at(200), { rule: "again", id: `cold|again|high|${at(200)}` });
    await tell([[230, { kind: "excursion-opened", excursion: back }]]);
    expect(await revisions(back.id)).toEqual([["opened", iso(230), [], []]]);
    expect(await revisions(whole.id)).toEqual(expected);
  });

  it("is found where more was said than fits in one page of the index", async () => {
    const many = Array.from({ length: 1_203 }, (_, i) =>
      excursionOf(at(1_000 + i), { space: "dock", revision: 1 }),
    );
    await running.commit(
      many.map((excursion) => judgementOutput({ kind: "excursion-opened", excursion }, at(2_500))),
    );
    for (const i of [0, 499, 500, 1_202])
      expect(await revisionsOfOrganisation(many[i]?.id ?? "")).toBe(1);
  });

  async function revisionsOfOrganisation(id: string): Promise<number> {
    const { body } = await running.call("listRevisions", {
      params: { id },
      query: { organisation: "acme" },
    });
    return (body as { revisions: unknown[] }).revisions.length;
  }
});
