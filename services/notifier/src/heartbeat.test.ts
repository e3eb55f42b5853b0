import { describe, expect, it } from "vitest";
import { createLogger, createMetrics } from "@unbroken/observability";
import { EpochMs } from "@unbroken/units";
import { Pulse, startHeartbeat, type Vitals } from "./heartbeat.ts";
import { receiveWebhooks } from "./testing/webhook-receiver.ts";

const well: Vitals = { logEnd: 10, lagRecords: 3, lagCommits: 0 };

describe("a heartbeat is withheld", () => {
  it.each<
    readonly [string, readonly (readonly [seconds: number, vitals: Vitals])[], RegExp | null]
  >([
    ["not while everything is well", [[0, well]], null],
    [
      "not while the log moves",
      [
        [0, well],
        [59, well],
        [70, { ...well, logEnd: 11 }],
      ],
      null,
    ],
    [
      "when the log has stood still for a minute",
      [
        [0, well],
        [61, well],
      ],
      /log/,
    ],
    ["when the processor is far behind", [[0, { ...well, lagRecords: 20_001 }]], /processor/],
    ["when the notifier is far behind", [[0, { ...well, lagCommits: 1_001 }]], /notifier/],
  ])("%s", (_, looks, expected) => {
    const pulse = new Pulse();
    const found = looks.map(([seconds, vitals]) => pulse.check(vitals, seconds * 1_000)).at(-1);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatch(expected);
  });
});

it("a heartbeat is fetched again and again while all is well, and no more when it is not", async () => {
  const watcher = await receiveWebhooks();
  const metrics = createMetrics();
  let vitals = well;
  const heartbeat = startHeartbeat({
    url: new URL(`${watcher.url}?check=1`),
    everyMs: 20,
    timeoutMs: 1_000,
    version: "0",
    vitals: () => Promise.resolve(vitals),
    now: () => EpochMs(0),
    logger: createLogger("heartbeat", "silent"),
    metrics,
  });
  const outcomes = async (): Promise<string> => JSON.stringify(await metrics.snapshot());
  await expect.poll(() => watcher.received.length, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(watcher.received[0]?.path).toBe("/hook?check=1");
  vitals = { ...well, lagRecords: 1_000_000 };
  await expect.poll(outcomes, { timeout: 10_000 }).toContain('"outcome":"withheld"');
  const sent = watcher.received.length;
  vitals = well;
  watcher.answer = { status: 500 };
  await expect.poll(outcomes, { timeout: 10_000 }).toContain('"outcome":"failed"');
  expect(watcher.received.length).toBeGreaterThan(sent);
  heartbeat.stop();
  await watcher.close();
});
