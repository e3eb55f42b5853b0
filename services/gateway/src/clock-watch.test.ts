import { EpochMs } from "@unbroken/units";
import { expect, it } from "vitest";
import { ClockWatch } from "./clock-watch.ts";

it.each<readonly [string, wallMs: number, monoMs: number, clock: string]>([
  ["both clocks went on alike", 500, 500, "steady"],
  ["an hour passed on both", 3_600_000, 3_600_000, "steady"],
  ["the wall clock was slewed by 0.9 s", 10_900, 10_000, "steady"],
  ["the wall clock jumped 2 s ahead", 12_000, 10_000, "stepped"],
  ["the wall clock was set back an hour", -3_600_000, 10, "stepped"],
  ["the wall clock stood still for 2 s", 0, 2_000, "stepped"],
])("a record says what is known of our clock: %s", (_, wallMs, monoMs, clock) => {
  let wall = 1_700_000_000_000;
  let mono = 5_000;
  const watch = new ClockWatch(
    () => EpochMs(wall),
    () => mono,
  );
  expect(watch.stamp()).toEqual({ receivedAt: wall, clock: "steady" });
  wall += wallMs;
  mono += monoMs;
  expect(watch.stamp()).toEqual({ receivedAt: wall, clock });
});

it("a step is told for a minute, and a slow drift never", () => {
  let wall = 1_700_000_000_000;
  let mono = 0;
  const watch = new ClockWatch(
    () => EpochMs(wall),
    () => mono,
  );
  wall += 60_000;
  expect(watch.stamp().clock).toBe("stepped");
  wall += 59_999;
  mono += 59_999;
  expect(watch.stamp().clock).toBe("stepped");
  wall += 1;
  mono += 1;
  expect(watch.stamp().clock).toBe("steady");
  // 5 s off after an hour, half a second at a time.
  for (let i = 0; i < 10; i++) {
    wall += 360_500;
    mono += 360_000;
    expect(watch.stamp().clock).toBe("steady");
  }
});
