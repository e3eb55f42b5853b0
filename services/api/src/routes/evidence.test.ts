import type { ExcursionEntry, ExcursionView, ReadingView } from "@unbroken/model";
import type { SeriesPoint } from "@unbroken/time-series";
import { EpochMs, Milli } from "@unbroken/units";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareText, firstDifference } from "../queries/order.ts";
import {
  excursionOf,
  excursionState,
  judgementOutput,
  quarantineOutput,
} from "../testing/outputs.ts";
import { runApi, type RunningApi } from "../testing/running-api.ts";

const T = Date.UTC(2026, 4, 5, 8);
const iso = (ms: number): string => new Date(ms).toISOString();

let running: RunningApi;

function point(sensor: string, second: number, celsius: number | null): SeriesPoint {
  return {
    organisation: "acme",
    sensor,
    quantity: "temperature",
    measuredAt: EpochMs(T + second * 1_000),
    receivedAt: EpochMs(T + second * 1_000 + 250),
    timeSource: "device",
    milli: celsius === null ? null : Milli(Math.round(celsius * 1_000)),
    fault: celsius === null ? "open-circuit" : null,
  };
}

// Three sensors, interleaved, with a conflict at second 20 and a fault; another organisation beside them.
const points = [
  ...Array.from({ length: 30 }, (_, i) => point("d1/main", i * 10, 4 + i / 10)),
  point("d1/main", 20, 9),
  ...Array.from({ length: 30 }, (_, i) => point("d2/main", i * 10 + 5, i)),
  point("d2/probe:2", 20, null),
  { ...point("d1/main", 7, 1), organisation: "other" },
  { ...point("d1/main", 8, 80), quantity: "relative_humidity" as const },
];

const first = excursionOf(T, { until: T + 7_200_000, ended: "in-range", revision: 3 });
const second = excursionOf(T + 3_600_000, { space: "dock", peak: 10_001 });
const gone = excursionOf(T + 1_800_000, { retracted: true, revision: 2 });
const last = excursionOf(T + 10_800_000, { revision: 1 });

beforeAll(async () => {
  running = await runApi();
  for (const [organisation, device, space] of [
    ["acme", "d1", "cold"],
    ["acme", "d2", "dock"],
    ["other", "d1", "cold"],
  ] as const)
    await running.call("registerDevice", {
      params: { organisation, device },
      body: { space, profile: "chilled.cn" },
    });
  await running.series.write(points, null);
  const judged = (excursion: typeof first, kind: "excursion-opened" | "excursion-closed") =>
    judgementOutput({ kind, excursion }, T + excursion.revision);
  await running.commit([
    judged({ ...first, revision: 1, until: null, ended: null }, "excursion-opened"),
    judged(second, "excursion-opened"),
  ]);
  await running.commit(
    [
      judgementOutput(
        {
          kind: "excursion-amended",
          excursion: { ...first, revision: 2, until: null, ended: null, peak: 13_000 },
          changed: ["peak"],
        },
        T + 2,
      ),
      judgementOutput(
        { kind: "excursion-retracted", excursion: gone, replacedBy: [last.id] },
        T + 2,
      ),
      judged(first, "excursion-closed"),
    ],
    [first, second, gone, last].map(excursionState),
  );
});
afterAll(() => running.stop());

async function pages<T>(id: string, query: Readonly<Record<string, string>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const { status, body } = await running.call(id, {
      query: cursor === null ? query : { ...query, cursor },
    });
    expect(status).toBe(200);
    const page = body as { items: T[]; next: string | null };
    expect(page.items.length).toBeLessThanOrEqual(Number(query["limit"] ?? 100));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

describe("readings", () => {
  // Faults first where an instant has several, as the store orders them.
  const expected = points
    .filter(({ organisation, quantity }) => organisation === "acme" && quantity === "temperature")
    .sort((a, b) =>
      firstDifference(
        a.measuredAt - b.measuredAt,
        compareText(a.sensor, b.sensor),
        (a.milli ?? 0) - (b.milli ?? 0),
      ),
    )
    .map(({ sensor, measuredAt, milli }) => [
      sensor,
      iso(measuredAt),
      milli === null ? null : milli / 1_000,
    ]);
  const shown = (readings: readonly ReadingView[]) =>
    readings.map(({ sensor, measured_at, value }) => [sensor, measured_at, value]);

  it.each(["1", "2", "3", "7", "61", "1000"])(
    "of all sensors come in the order of their measuring, in pages of %s, each once",
    async (limit) => {
      const query = { organisation: "acme", quantity: "temperature", limit };
      expect(shown(await pages<ReadingView>("listReadings", query))).toEqual(expected);
    },
  );

  it.each<[string, Record<string, string>, number]>([
    ["a device's, in every quantity and organisation", { device: "d1" }, 33],
    ["a device's of one organisation", { device: "d1", organisation: "acme" }, 32],
    ["a sensor's", { sensor: "d2/probe:2" }, 1],
    ["a quantity's", { quantity: "relative_humidity" }, 1],
    ["from an instant on, it included", { device: "d2", from: iso(T + 285_000) }, 2],
    ["up to an instant, it excluded", { device: "d2", to: iso(T + 15_000) }, 1],
    ["none of an unknown device", { device: "d9" }, 0],
    ["none of an unknown organisation", { organisation: "nobody" }, 0],
  ])("are found: %s", async (_, query, count) => {
    expect(await pages<ReadingView>("listReadings", query)).toHaveLength(count);
  });

  it("say fault, unit and clock", async () => {
    const [fault] = await pages<ReadingView>("listReadings", { sensor: "d2/probe:2" });
    expect(fault).toEqual({
      organisation: "acme",
      device: "d2",
      sensor: "d2/probe:2",
      quantity: "temperature",
      value: null,
      unit: "Cel",
      measured_at: iso(T + 20_000),
      received_at: iso(T + 20_250),
      time_source: "device",
      fault: "open-circuit",
    });
  });
});

describe("an envelope", () => {
  it("keeps the extremes of each stretch", async () => {
    const { body } = await running.call("getEnvelope", {
      query: {
        organisation: "acme",
        sensor: "d1/main",
        from: iso(T),
        to: iso(T + 300_000),
        buckets: "3",
      },
    });
    expect(body).toMatchObject({
      buckets: [
        { from: iso(T), to: iso(T + 100_000), count: 11, min: 4, max: 9, faults: 0 },
        { count: 10, min: 5, max: 5.9 },
        { count: 10, min: 6, max: 6.9, mean: 6.45 },
      ],
    });
  });
});

describe("excursions", () => {
  it.each<[string, Record<string, string>, readonly { id: string }[]]>([
    ["that stand, by since", {}, [first, second, last]],
    ["of a space", { space: "dock" }, [second]],
    ["of a device's spaces", { device: "d2" }, [second]],
    ["of an organisation", { organisation: "other" }, []],
    ["that are open", { open: "true" }, [second, last]],
    ["that are not", { open: "false" }, [first]],
    ["and those that were taken back", { retracted: "true" }, [first, gone, second, last]],
    ["or expressly not", { retracted: "false" }, [first, second, last]],
    [
      "that lasted into the span",
      { space: "cold", from: iso(T + 7_199_999), retracted: "false" },
      [first, last],
    ],
    [
      "not that had ended by then",
      { space: "cold", from: iso(T + 7_200_000), retracted: "false" },
      [last],
    ],
    ["that began before its end", { to: iso(T + 3_600_000) }, [first]],
  ])("are found: %s", async (_, query, expected) => {
    for (const limit of ["1", "2", "100"]) {
      const found = await pages<ExcursionView>("listExcursions", { ...query, limit });
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    }
  });

  it("keep all that was ever said of them", async () => {
    const { body } = await running.call("listRevisions", {
      params: { id: first.id },
      query: { organisation: "acme" },
    });
    expect(body).toMatchObject({
      revisions: [
        { change: "opened", excursion: { revision: 1, peak_c: 12.5, until: null } },
        { change: "amended", changed: ["peak"], excursion: { revision: 2, peak_c: 13 } },
        { change: "closed", excursion: { revision: 3, until: iso(T + 7_200_000) } },
      ],
    });
    const retracted = await running.call("listRevisions", {
      params: { id: gone.id },
      query: { organisation: "acme" },
    });
    expect(retracted.body).toMatchObject({ revisions: [{ replaced_by: [last.id] }] });
  });

  it("say what took their place and whose place they took", async () => {
    const found = await pages<ExcursionEntry>("listExcursions", {
      organisation: "acme",
      retracted: "true",
    });
    const lineage = found.map(({ id, replaces, replaced_by }) => [id, replaces, replaced_by]);
    expect(lineage).toContainEqual([gone.id, [], [last.id]]);
    expect(lineage).toContainEqual([last.id, [gone.id], []]);
    expect(lineage).toContainEqual([first.id, [], []]);
  });

  it("are found one by one, as they stand", async () => {
    const query = { organisation: "acme" };
    const { body } = await running.call("getExcursion", { params: { id: first.id }, query });
    expect(body).toMatchObject({ id: first.id, revision: 3, until: iso(T + 7_200_000) });
    const other = await running.call("getExcursion", { params: { id: "cold|high|high|1" }, query });
    expect(other.status).toBe(404);
  });

  it("are asked for by organisation where their id is in several", async () => {
    const ambiguous = await running.call("listRevisions", { params: { id: first.id } });
    expect(ambiguous).toMatchObject({ status: 400, body: { code: "UB_REQUEST_INVALID" } });
    const only = await running.call("listRevisions", { params: { id: second.id } });
    expect(only.body).toMatchObject({ revisions: [{ excursion: { id: second.id } }] });
  });

  it.each(["cold|high|high|1", "nowhere|high|high|1", "no-bar"])("there is no %s", async (id) => {
    const { status, body } = await running.call("listRevisions", {
      params: { id },
      query: { organisation: "acme" },
    });
    expect([status, body]).toMatchObject([404, { code: "UB_NOT_FOUND" }]);
  });
});

describe("a timeline", () => {
  it("is cut to the span, and says from when on it is known", async () => {
    const stretches = [
      { from: T, to: T + 1_000, class: "in" },
      { from: T + 1_000, to: null, class: "high" },
    ];
    await running.commit([], [["timeline/acme/cold", { stretches }]]);
    const { body } = await running.call("getTimeline", {
      params: { organisation: "acme", space: "cold" },
      query: { from: iso(T + 500), to: iso(T + 2_000) },
    });
    expect(body).toMatchObject({
      known_from: iso(T),
      stretches: [
        { from: iso(T + 500), to: iso(T + 1_000), class: "in" },
        { from: iso(T + 1_000), to: iso(T + 2_000), class: "high" },
      ],
    });
  });
});

describe("the quarantine", () => {
  it("is shown newest first, page by page, by organisation", async () => {
    for (let i = 0; i < 5; i++)
      await running.commit([
        quarantineOutput({ receivedAt: T + i, offset: i }),
        quarantineOutput({ receivedAt: T + i, offset: 100 + i, organisation: "other" }),
      ]);
    const found = await pages<{ offset: number }>("listQuarantine", {
      organisation: "acme",
      limit: "2",
    });
    expect(found.map(({ offset }) => offset)).toEqual([4, 3, 2, 1, 0]);
    expect(found[0]).toMatchObject({ code: "UB_PAYLOAD_NOT_JSON", payload_base64: "AP8=" });
  });
});
