import { EpochMs } from "@unbroken/units";
import { expect, it } from "vitest";
import { FailureLimit } from "./failure-limit.ts";

it("lets an address fail twenty times at once, then once each three seconds, and no other pays for it", () => {
  let now = 1_000_000;
  const limit = new FailureLimit(() => EpochMs(now));
  for (let i = 0; i < 20; i++) {
    expect(limit.waitMs("10.0.0.1")).toBe(0);
    limit.failed("10.0.0.1");
  }
  expect(limit.waitMs("10.0.0.1")).toBe(3_000);
  expect(limit.waitMs("10.0.0.2")).toBe(0);
  now += 2_999;
  expect(limit.waitMs("10.0.0.1")).toBe(1);
  now += 1;
  expect(limit.waitMs("10.0.0.1")).toBe(0);
  limit.failed("10.0.0.1");
  expect(limit.waitMs("10.0.0.1")).toBe(3_000);
});
