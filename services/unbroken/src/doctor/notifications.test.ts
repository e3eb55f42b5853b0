import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStageStore } from "@unbroken/event-log/embedded";
import { failedDeliveryKey } from "@unbroken/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ALERT_STORE } from "../runtime/thread-data.ts";
import { checkNotifications } from "./notifications.ts";

const NOW = 1_777_939_200_000;
const HOUR = 3_600_000;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "unbroken-doctor-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function stored(rows: readonly (readonly [string, unknown])[]): Promise<void> {
  mkdirSync(join(dir, ALERT_STORE.folder));
  const store = await openStageStore({ dir: join(dir, ALERT_STORE.folder), ...ALERT_STORE });
  const state = rows.map(([key, value]) => [key, Buffer.from(JSON.stringify(value))] as const);
  await store.commit({ partition: 0, from: 0, to: 1, state, outputs: [] });
  await store.close();
}

const failedAt = (at: number) =>
  [
    failedDeliveryKey(at, "msg_1"),
    {
      organisation: "acme",
      alert: "cold.warm.1",
      delivery: { id: "msg_1", recipient: "li", at, code: "UB_NOTIFY_UNREACHABLE" },
    },
  ] as const;
const alert = (acknowledgements: readonly unknown[]) =>
  [
    "cause/acme/cold/warm",
    { space: "cold", phase: "open", urgency: "high", acknowledgements },
  ] as const;

describe("the doctor's look at alerts", () => {
  it("says nothing where no server ever ran", async () => {
    expect(await checkNotifications(dir, NOW)).toEqual([]);
  });

  it.each([
    ["nothing happened", [], ["ok", "ok"]],
    ["an urgent alert is in nobody's hand", [alert([])], ["warn", "ok"]],
    ["an urgent alert is in hand", [alert([{ urgency: "high" }])], ["ok", "ok"]],
    ["an urgent alert was acknowledged as a notice", [alert([{ urgency: "low" }])], ["warn", "ok"]],
    ["a delivery was given up an hour ago", [failedAt(NOW - HOUR)], ["ok", "fail"]],
    ["a delivery was given up two days ago", [failedAt(NOW - 48 * HOUR)], ["ok", "ok"]],
  ] as const)("%s", async (_, rows, expected) => {
    await stored(rows);
    const findings = await checkNotifications(dir, NOW);
    expect(findings.map(({ state }) => state)).toEqual(expected);
    if (expected[1] === "fail")
      expect(findings[1]?.detail).toMatch(/li; last UB_NOTIFY_UNREACHABLE/);
  });
});
