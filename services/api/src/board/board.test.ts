import { afterEach, describe, expect, it } from "vitest";
import { FeedProbe } from "../testing/feed-probe.ts";
import {
  excursionOf,
  excursionState,
  judgementOutput,
  readingOf,
  readingsOutput,
} from "../testing/outputs.ts";
import { runApi, type RunningApi } from "../testing/running-api.ts";

let running: RunningApi;
afterEach(() => running.stop());

async function started(): Promise<void> {
  running = await runApi();
  await running.call("registerDevice", {
    params: { organisation: "acme", device: "d1" },
    body: { space: "cold", profile: "chilled.cn" },
  });
}

const cold = async () =>
  (await running.call("getSpace", { params: { organisation: "acme", space: "cold" } })).body;

describe("what changes with time alone", () => {
  it("silence is told by the feed without any message, also where somebody looked before", async () => {
    await started();
    await running.commit([readingsOutput([readingOf("d1/main", running.now(), 4)])]);
    await expect.poll(cold).toMatchObject({ condition: "in-range" });
    const probe = await FeedProbe.open(running.feedUrl);
    probe.subscribe();
    expect((await probe.next("snapshot")).spaces[0]?.condition).toBe("in-range");
    running.advance(751_000);
    expect(await cold()).toMatchObject({ condition: "unproven" });
    let told = await probe.next("delta");
    while (told.spaces[0]?.condition !== "unproven") told = await probe.next("delta");
    probe.close();
  });

  it("an open excursion grows as the processor's state says, without a judgement", async () => {
    await started();
    const excursion = excursionOf(running.now() - 3_600_000);
    await running.commit(
      [judgementOutput({ kind: "excursion-opened", excursion }, running.now())],
      [excursionState(excursion)],
    );
    await expect.poll(cold).toMatchObject({ open: [{ minutes: 30 }] });
    await running.commit([], [excursionState({ ...excursion, provenMs: 2_400_000, peak: 13_000 })]);
    await expect
      .poll(cold, { timeout: 10_000 })
      .toMatchObject({ open: [{ minutes: 40, peak_c: 13 }] });
  });

  it("a placement that was stated ahead takes effect at its time", async () => {
    await started();
    await running.commit([readingsOutput([readingOf("d1/main", running.now(), 4)])]);
    await running.call("declareSpace", {
      params: { organisation: "acme", space: "dock" },
      body: { name: "Dock" },
    });
    await running.call("placeSensor", {
      params: { organisation: "acme", device: "d1" },
      body: { space: "dock", effective_from: new Date(running.now() + 60_000).toISOString() },
    });
    await expect.poll(cold).toMatchObject({ sensors: [{ sensor: "d1/main" }] });
    running.advance(60_001);
    await expect.poll(cold, { timeout: 10_000 }).toMatchObject({ sensors: [] });
  });
});

describe("after a restart", () => {
  it("the board stands as the processor's state says, and what is repeated is not told again", async () => {
    await started();
    const at = running.now();
    const excursion = excursionOf(at - 3_600_000);
    const last = readingOf("d1/main", at, 12);
    await running.series.write(
      [3, 2, 1, 0].map((minutes) => ({
        organisation: "acme",
        sensor: "d1/main",
        quantity: "temperature" as const,
        measuredAt: readingOf("d1/main", at - minutes * 60_000, 12).measuredAt,
        receivedAt: readingOf("d1/main", at - minutes * 60_000, 12).measuredAt,
        timeSource: "device" as const,
        milli: (12_000 - minutes * 100) as never,
        fault: null,
      })),
      null,
    );
    await running.commit(
      [readingsOutput([last]), judgementOutput({ kind: "excursion-opened", excursion }, at)],
      [
        excursionState(excursion),
        ["last/acme/d1/main", last],
        ["timeline/acme/cold", { stretches: [{ from: at - 3_600_000, to: null, class: "high" }] }],
      ],
    );
    running = await running.restart();
    expect(await cold()).toMatchObject({
      condition: "broken",
      worst: { value_c: 12 },
      // The values before the last reading come from the time series.
      trend_c_per_h: 6,
      open: [{ id: excursion.id }],
      timeline: [{ class: "high", to: null }],
    });
  });
});
