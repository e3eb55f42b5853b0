import { createHash } from "node:crypto";
import { judgeInterval, type ClockFinding } from "@unbroken/detection";
import { canonicalJson, parseProfile, type Problem } from "@unbroken/model";
import type { SeriesPoint } from "@unbroken/time-series";
import { EpochMs, Milli } from "@unbroken/units";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VerdictView } from "../routes/verdict-view.ts";
import { runApi, type RunningApi } from "../testing/running-api.ts";

const MINUTE = 60_000;
const T = Date.UTC(2026, 4, 5, 8);
const iso = (minute: number): string => new Date(T + minute * MINUTE).toISOString();

const fridge = {
  id: "fridge",
  cadence: "PT5M",
  rules: [{ id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" }],
} as const;

let running: RunningApi;
beforeAll(async () => {
  running = await runApi();
});
afterAll(() => running.stop());

function point(
  organisation: string,
  sensor: string,
  minute: number,
  celsius: number | null,
  more: Partial<SeriesPoint> = {},
): SeriesPoint {
  return {
    organisation,
    sensor,
    quantity: "temperature",
    measuredAt: EpochMs(T + minute * MINUTE),
    receivedAt: EpochMs(T + minute * MINUTE + 250),
    timeSource: "device",
    milli: celsius === null ? null : Milli(Math.round(celsius * 1_000)),
    fault: celsius === null ? "open-circuit" : null,
    ...more,
  };
}

/** A reading each five minutes of [from, to]. */
function level(
  organisation: string,
  sensor: string,
  [from, to]: readonly [number, number],
  celsius: number,
  more: Partial<SeriesPoint> = {},
): readonly SeriesPoint[] {
  return Array.from({ length: (to - from) / 5 + 1 }, (_, i) =>
    point(organisation, sensor, from + i * 5, celsius, more),
  );
}

let count = 0;

/** A space of a new organisation with one device, ruled by a profile since ever. */
async function room(profile: unknown = fridge): Promise<string> {
  const organisation = `org${count++}`;
  await running.call("registerDevice", {
    params: { organisation, device: "d1" },
    body: { space: "cold", profile },
  });
  return organisation;
}

async function verdict(
  organisation: string,
  query: Readonly<Record<string, string>>,
  id = "getSpaceVerdict",
): Promise<VerdictView> {
  const params = { organisation, space: "cold", device: "d1", sensor: "main" };
  const { status, body } = await running.call(id, { params, query });
  expect([status, body]).toEqual([200, body]);
  return body as VerdictView;
}

describe("a verdict on a stretch of time", () => {
  it("is the document of the judge, of the same readings", async () => {
    const organisation = await room();
    const points = [
      ...level(organisation, "d1/main", [0, 100], 5),
      ...level(organisation, "d1/main", [105, 180], 9.5),
      point(organisation, "d1/main", 185, null),
      ...level(organisation, "d1/main", [190, 300], 4),
    ];
    await running.series.write(points, null);
    const answer = await verdict(organisation, { from: iso(10), to: iso(300) });
    const hash = createHash("sha256").update(canonicalJson(fridge)).digest("hex");
    const parsed = parseProfile(fridge, hash);
    if (!parsed.ok) throw new Error("not a profile");
    const judged = judgeInterval({
      profile: parsed.profile,
      readings: points.map(({ sensor, measuredAt: at, milli, fault }) => ({
        sensor,
        at,
        sample:
          milli === null ? { kind: "fault", fault: fault ?? "absent" } : { kind: "value", milli },
      })),
      from: EpochMs(T + 10 * MINUTE),
      to: EpochMs(T + 300 * MINUTE),
    });
    expect(judged).toMatchObject({ verdict: "broken", rules: [{ proven: 80, possible: 85 }] });
    expect(answer).toEqual({
      organisation,
      space: "cold",
      sensor: null,
      from: iso(10),
      to: iso(300),
      profile: "fridge",
      confirmed: false,
      profiles: [{ hash, from: iso(10), to: iso(300) }],
      ...judged,
    });
  });

  it("of one probe needs no space, only a profile", async () => {
    const organisation = await room();
    await running.series.write(
      [
        ...level(organisation, "d1/main", [0, 300], 5),
        ...level(organisation, "d1/p2", [0, 300], 20),
      ],
      null,
    );
    const asked = { from: iso(0), to: iso(300) };
    expect(await verdict(organisation, asked, "getSensorVerdict")).toMatchObject({
      verdict: "intact",
      space: null,
      sensor: "d1/main",
    });
    expect(await verdict(organisation, asked)).toMatchObject({ verdict: "broken" });
    const frozen = { ...asked, profile: "frozen.cn" };
    expect(await verdict(organisation, frozen, "getSensorVerdict")).toMatchObject({
      verdict: "broken",
      profile: "frozen.cn",
      confirmed: false,
      notes: expect.arrayContaining(["template-profile"]) as unknown,
    });
  });

  it("as of a moment looks at what had been received and stated until then", async () => {
    const organisation = await room();
    const stored = { receivedAt: EpochMs(T + 500 * MINUTE) };
    await running.series.write(
      [
        ...level(organisation, "d1/main", [0, 100], 5),
        ...level(organisation, "d1/main", [105, 195], 12, stored),
        ...level(organisation, "d1/main", [200, 300], 5),
      ],
      null,
    );
    const asked = { from: iso(0), to: iso(300), profile: "chilled.cn" };
    expect((await verdict(organisation, asked)).verdict).toBe("broken");
    const then = { ...asked, as_of: iso(400) };
    // The register of then knows of no device: it was stated when this test began.
    expect(await verdict(organisation, then)).toMatchObject({ verdict: "unproven", profiles: [] });
    const late = { ...asked, as_of: new Date(running.now()).toISOString() };
    expect((await verdict(organisation, late)).verdict).toBe("broken");
    const sensor = await verdict(organisation, then, "getSensorVerdict");
    expect(sensor).toMatchObject({ verdict: "unproven", gaps: [{ from: iso(100), to: iso(200) }] });
  });

  it("does not count the time in which an empty space is out of service", async () => {
    const organisation = await room();
    await running.series.write(
      [
        ...level(organisation, "d1/main", [0, 55], 5),
        ...level(organisation, "d1/main", [60, 200], 20),
        ...level(organisation, "d1/main", [205, 300], 5),
      ],
      null,
    );
    const asked = { from: iso(0), to: iso(300) };
    expect((await verdict(organisation, asked)).verdict).toBe("broken");
    const { status } = await running.call("takeOutOfService", {
      params: { organisation, space: "cold" },
      body: { empty: true, reason: "repair", effective_from: iso(58), until: iso(205) },
    });
    expect(status).toBe(201);
    expect(await verdict(organisation, asked)).toMatchObject({
      verdict: "intact",
      exposure: { proven: 0, in_range: 153, unproven: 0 },
    });
  });

  it("counts a sensor while it stands in the space, and not its silence after it was taken away", async () => {
    const organisation = await room();
    await running.call("registerDevice", {
      params: { organisation, device: "d2" },
      body: { space: "cold" },
    });
    await running.call("placeSensor", {
      params: { organisation, device: "d2" },
      body: { space: "cold", effective_from: "1970-01-01T00:00:00Z" },
    });
    await running.call("declareSpace", {
      params: { organisation, space: "dock" },
      body: { name: "Dock" },
    });
    await running.series.write(
      [
        ...level(organisation, "d1/main", [0, 300], 5),
        ...level(organisation, "d2/main", [0, 100], 5),
        ...level(organisation, "d2/main", [105, 300], 20),
      ],
      null,
    );
    const asked = { from: iso(0), to: iso(300) };
    expect((await verdict(organisation, asked)).verdict).toBe("broken");
    await running.call("placeSensor", {
      params: { organisation, device: "d2" },
      body: { space: "dock", effective_from: iso(103) },
    });
    expect(await verdict(organisation, asked)).toMatchObject({ verdict: "intact", coverage: 1 });
  });

  it("looks at a door where the profile asks for one", async () => {
    const rules = [
      ...fridge.rules,
      { id: "door", quantity: "door", cmp: "ge", limit: 1, mode: "consecutive", hold: "PT5M" },
    ];
    const organisation = await room({ ...fridge, id: "with-door", rules });
    const contact = { quantity: "door_open" } as const;
    await running.series.write(
      [
        ...level(organisation, "d1/main", [0, 120], 5),
        ...level(organisation, "d1/main", [0, 55], 0, contact),
        ...level(organisation, "d1/main", [60, 70], 1, contact),
        ...level(organisation, "d1/main", [75, 120], 0, contact),
      ],
      null,
    );
    expect(await verdict(organisation, { from: iso(0), to: iso(120) })).toMatchObject({
      verdict: "broken",
      rules: [
        { id: "high", verdict: "intact" },
        { id: "door", verdict: "broken", proven: 15 },
      ],
    });
  });

  it("says which profiles ruled, and is by the last of them", async () => {
    const organisation = await room();
    await running.call("assignProfile", {
      params: { organisation, space: "cold" },
      body: { profile: "chilled.cn" },
    });
    running.advance(5 * MINUTE);
    const answer = await verdict(organisation, {});
    expect(answer.profile).toBe("chilled.cn");
    expect(answer.profiles.map(({ hash }) => hash)).toEqual([
      createHash("sha256").update(canonicalJson(fridge)).digest("hex"),
      answer.profile_hash,
    ]);
  });

  it("of a template that was confirmed does not call it one", async () => {
    const organisation = await room("meat.red");
    await running.series.write(level(organisation, "d1/main", [0, 60], 3), null);
    const asked = { from: iso(0), to: iso(60) };
    const before = await verdict(organisation, asked);
    expect([before.confirmed, before.notes]).toEqual([
      false,
      expect.arrayContaining(["template-profile"]),
    ]);
    await running.call("confirmProfile", {
      params: { organisation, hash: before.profile_hash },
      body: {},
    });
    const after = await verdict(organisation, asked);
    expect([after.verdict, after.confirmed]).toEqual(["intact", true]);
    expect(after.notes).not.toContain("template-profile");
  });
});

describe("what a device says of its own readings", () => {
  const asked = { from: iso(0), to: iso(150) };
  const hour = { ...fridge, id: "hour", rules: [{ ...fridge.rules[0], hold: "PT5M" }] };
  /** Thirty-one readings, numbered as the function says. */
  const counted = (
    organisation: string,
    number: (i: number) => number | null,
    more: Partial<SeriesPoint> = {},
  ): readonly SeriesPoint[] =>
    level(organisation, "d1/main", [0, 150], 5, more).map((each, i) => {
      const told = number(i);
      return told === null ? each : { ...each, sequence: { boot: 1, number: told } };
    });

  it.each<[string, (i: number) => number | null, string, number]>([
    ["no numbers", () => null, "intact", 0],
    ["every number", (i) => i, "intact", 0],
    ["one number missing", (i) => (i < 12 ? i : i + 1), "unproven", 5],
    ["numbers that begin anew", (i) => i % 12, "intact", 0],
    [
      "a number missing where only some are numbered",
      (i) => (i < 5 ? null : i + i),
      "unproven",
      120,
    ],
  ])("%s", async (_, number, expected, unproven) => {
    const organisation = await room(hour);
    await running.series.write(counted(organisation, number), null);
    const answer = await verdict(organisation, asked);
    expect([answer.verdict, answer.exposure.unproven]).toEqual([expected, unproven]);
  });

  it("is not that one is missing where another was sent again, later by our clock", async () => {
    const organisation = await room(hour);
    const ours = { timeSource: "received" } as const;
    const again = { ...ours, sequence: { boot: 1, number: 9 } };
    await running.series.write(
      [
        ...counted(organisation, (i) => i, ours),
        // Its number is 9 again, where 10 was and 11 comes next.
        point(organisation, "d1/main", 52, 5, again),
      ],
      null,
    );
    const answer = await verdict(organisation, asked);
    expect([answer.verdict, answer.coverage]).toEqual(["intact", 1]);
  });

  it("proves nothing by a clock that shows a time which has not been yet", async () => {
    const organisation = await room(hour);
    const early = { receivedAt: EpochMs(T + 40 * MINUTE) };
    await running.series.write(
      [
        ...level(organisation, "d1/main", [0, 45], 5),
        point(organisation, "d1/main", 50, 5, early),
        ...level(organisation, "d1/main", [55, 150], 5),
      ],
      null,
    );
    const answer = await verdict(organisation, asked);
    expect([answer.verdict, answer.exposure.unproven]).toEqual(["unproven", 5]);
  });

  it("proves nothing while its clock was found to be wrong, of readings that had come before too", async () => {
    const organisation = await room(hour);
    await running.series.write(level(organisation, "d1/main", [0, 150], 5), null);
    expect((await verdict(organisation, asked)).verdict).toBe("intact");
    const found: ClockFinding = {
      kind: "behind",
      offsetMs: -4 * MINUTE,
      errorMs: 1_000,
      from: EpochMs(T + 20 * MINUTE),
      until: EpochMs(T + 60 * MINUTE),
      certain: true,
      shownTwice: null,
    };
    const row = `clock-findings/${organisation}/d1`;
    await running.commit([], [[row, { offset: null, findings: [{ ...found, certain: false }] }]]);
    expect((await verdict(organisation, asked)).verdict).toBe("intact");
    await running.commit([], [[row, { offset: null, findings: [found] }]]);
    for (const id of ["getSpaceVerdict", "getSensorVerdict"]) {
      const answer = await verdict(organisation, { ...asked, profile: "hour" }, id);
      expect([answer.verdict, answer.exposure.unproven]).toEqual(["unproven", 40]);
    }
  });
});

describe("without evidence nothing is proven", () => {
  it.each<[string, readonly (readonly [number, number | null])[]]>([
    ["no reading", []],
    ["one reading", [[10, 5]]],
    [
      "faults alone",
      [
        [0, null],
        [5, null],
        [10, null],
        [15, null],
      ],
    ],
  ])("%s: unproven", async (_, values) => {
    const organisation = await room();
    await running.series.write(
      values.map(([minute, celsius]) => point(organisation, "d1/main", minute, celsius)),
      null,
    );
    const answer = await verdict(organisation, { from: iso(0), to: iso(20) });
    expect([answer.verdict, answer.exposure.proven]).toEqual(["unproven", 0]);
  });

  it("a time before 1970: unproven", async () => {
    const asked = { from: "1969-12-31T00:00:00Z", to: "1970-01-01T00:00:00Z" };
    const organisation = await room();
    const answer = await verdict(organisation, { ...asked, profile: "fridge" });
    expect(answer).toMatchObject({ verdict: "unproven", from: "1969-12-31T00:00:00.000Z" });
  });
});

describe("a verdict that cannot be given", () => {
  it.each<[string, Readonly<Record<string, string>>, number, string, string | undefined]>([
    ["from after to", { from: iso(10), to: iso(5) }, 400, "UB_REQUEST_INVALID", "/query/from"],
    [
      "all ahead of now",
      { from: "2099-01-01T00:00:00Z", to: "2099-01-02T00:00:00Z" },
      400,
      "UB_REQUEST_INVALID",
      "/query/from",
    ],
    ["no time", { from: "noon" }, 400, "UB_REQUEST_INVALID", "/query/from"],
    ["an unknown profile", { profile: "nobody.knows" }, 404, "UB_PROFILE_UNKNOWN", undefined],
  ])("%s", async (_, query, status, code, pointer) => {
    const params = { organisation: await room(), space: "cold" };
    const answer = await running.call("getSpaceVerdict", { params, query });
    expect([answer.status, (answer.body as Problem).code]).toEqual([status, code]);
    expect((answer.body as Problem).errors?.[0]?.pointer).toBe(pointer);
  });

  it("without any profile names what is missing; of what is not there, that it is not", async () => {
    const organisation = await room();
    await running.call("declareSpace", {
      params: { organisation, space: "bare" },
      body: { name: "Bare" },
    });
    const bare = await running.call("getSpaceVerdict", { params: { organisation, space: "bare" } });
    expect(bare.body).toMatchObject({ errors: [{ pointer: "/query/profile" }] });
    for (const [id, params] of [
      ["getSpaceVerdict", { organisation, space: "nowhere" }],
      ["getSensorVerdict", { organisation, device: "nobody", sensor: "main" }],
      ["getSensorVerdict", { organisation, device: "d1", sensor: "never-heard" }],
    ] as const)
      expect((await running.call(id, { params })).status).toBe(404);
  });
});

describe("changed rules over recorded time, beside today's", () => {
  const stricter = { ...fridge, id: "stricter", rules: [{ ...fridge.rules[0], hold: "PT20M" }] };
  const recorded = async (): Promise<string> => {
    const organisation = await room();
    await running.series.write(
      [
        ...level(organisation, "d1/main", [0, 100], 5),
        ...level(organisation, "d1/main", [105, 140], 9.5),
        ...level(organisation, "d1/main", [145, 300], 4),
      ],
      null,
    );
    return organisation;
  };

  it("say what would have fired, and that today's rules say nothing of it", async () => {
    const organisation = await recorded();
    const answer = await running.call("backtestSpace", {
      params: { organisation, space: "cold" },
      body: { profile: stricter, from: iso(0), to: iso(300) },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      organisation,
      space: "cold",
      today: { profile: "fridge", verdict: "intact", fired: 0, missed: 1 },
      changed: { profile: "stricter", verdict: "broken", fired: 1, missed: 0 },
      firings: [
        { by: "changed", rule: "high", since: iso(105), fired_at: iso(125), until: iso(145) },
      ],
    });
  });

  it("refuse a document that does not follow the rule language, and name the field", async () => {
    const organisation = await recorded();
    const bad = { ...stricter, rules: [{ ...stricter.rules[0], hold: "PT0S" }] };
    const answer = await running.call("backtestSpace", {
      params: { organisation, space: "cold" },
      body: { profile: bad, from: iso(0), to: iso(300) },
    });
    expect(answer.status).toBe(400);
    expect((answer.body as Problem).code).toBe("UB_PROFILE_INVALID");
    expect((answer.body as Problem).errors?.[0]?.pointer).toBe("/profile/rules/0/hold");
  });
});

it("a year of a reading each minute is judged while the API goes on", async () => {
  const organisation = await room();
  const year = 525_600;
  for (let from = 0; from < year; from += 50_000) {
    const points = Array.from({ length: Math.min(50_000, year - from) }, (_, i) =>
      point(organisation, "d1/main", from + i - year, 4 + ((from + i) % 97) / 50),
    );
    await running.series.write(points, null);
  }
  const asked = verdict(organisation, { from: iso(-year), to: iso(0) });
  let answered = 0;
  const alive = async (): Promise<unknown> => {
    if ((await running.fetch("/healthz")).ok) answered += 1;
    return null;
  };
  while ((await Promise.race([asked, alive()])) === null);
  expect(await asked).toMatchObject({ verdict: "intact", coverage: 1 });
  expect(answered).toBeGreaterThan(2);
}, 60_000);
