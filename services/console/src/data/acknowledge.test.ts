import type { AlertView } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { knownAlert } from "./acknowledge.ts";

const alert = (acknowledgements: number, acknowledged: boolean) =>
  ({
    organisation: "demo",
    id: "cold.warm.1",
    acknowledged,
    acknowledgements: Array.from({ length: acknowledgements }, () => ({ by: "li" })),
  }) as unknown as AlertView;

describe("an alert that was acknowledged here", () => {
  it("is shown as acknowledged before the feed tells so", () => {
    const done = { kind: "done", alert: alert(1, true) } as const;
    expect(knownAlert(alert(0, false), done).acknowledged).toBe(true);
  });

  it("is open again when the feed says that it became more urgent", () => {
    const done = { kind: "done", alert: alert(1, true) } as const;
    expect(knownAlert(alert(1, false), done).acknowledged).toBe(false);
  });

  it("stays open while it is asked for, and when that failed", () => {
    expect(knownAlert(alert(0, false), { kind: "busy" }).acknowledged).toBe(false);
    expect(knownAlert(alert(0, false), { kind: "failed", code: "x" }).acknowledged).toBe(false);
    expect(knownAlert(alert(0, false), null).acknowledged).toBe(false);
  });
});
