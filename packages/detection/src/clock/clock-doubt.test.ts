import { DAY, EpochMs, HOUR, MINUTE } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { isClockDoubtful } from "./clock-doubt.ts";
import type { ClockFinding } from "./clock-finding.ts";
import { isDefaultTime } from "./default-time.ts";

const NOW = EpochMs(Date.UTC(2026, 4, 5, 8));
const minute = (n: number): EpochMs => EpochMs(NOW + n * MINUTE);

const reading = (
  measured: number,
  received = 0,
  timeSource: "device" | "received" | "corrected" = "device",
) => ({
  measuredAt: minute(measured),
  receivedAt: minute(received),
  timeSource,
});

const finding = (stated: Partial<ClockFinding>): ClockFinding => ({
  kind: "zone",
  offsetMs: -4 * HOUR,
  errorMs: 2 * MINUTE,
  from: minute(-60),
  until: minute(60),
  certain: true,
  shownTwice: null,
  ...stated,
});

describe("the time of a reading is doubted", () => {
  it.each<[string, ReturnType<typeof reading>, readonly ClockFinding[], boolean]>([
    ["not without reason", reading(-1), [], false],
    ["not for being late", reading(-40 * 1_440), [], false],
    ["where it was measured after it was received", reading(2.001), [], true],
    ["but not by what is tolerated", reading(2), [], false],
    ["not where the time is ours", reading(9, 0, "received"), [finding({})], false],
    ["not where it was put right", reading(9, 0, "corrected"), [finding({})], false],
    ["while its device's clock was found to be off", reading(-1), [finding({})], true],
    ["from the first message that showed it on", reading(-61, -60), [finding({})], true],
    ["not before", reading(-61, -60.001), [finding({})], false],
    ["not from the first message on that showed it no more", reading(59, 60), [finding({})], false],
    ["without end while it lasts", reading(999, 1_000), [finding({ until: null })], true],
    ["not for what is only proposed", reading(-1), [finding({ certain: false })], false],
    ["not for a rate", reading(-1), [finding({ kind: "drifting" })], false],
    [
      "where the clock showed it twice",
      reading(-30, 500),
      [finding({ kind: "stepped", shownTwice: [minute(-30), minute(-10)] })],
      true,
    ],
    [
      "to the last of those times",
      reading(-10, 500),
      [finding({ kind: "stepped", shownTwice: [minute(-30), minute(-10)] })],
      true,
    ],
    [
      "not outside of them",
      reading(-31),
      [finding({ kind: "stepped", shownTwice: [minute(-30), minute(-10)] })],
      false,
    ],
    [
      "where the clock had never been set",
      reading((Date.UTC(2000, 0, 1, 3) - NOW) / MINUTE),
      [],
      true,
    ],
  ])("%s", (_, timed, findings, expected) => {
    expect(isClockDoubtful(timed, findings)).toBe(expected);
  });
});

describe("a clock that was never set shows", () => {
  it.each<[string, number, number, boolean]>([
    ["1970 and some uptime", Date.UTC(1970, 0, 1, 0, 1), NOW, true],
    ["1980, FAT", Date.UTC(1980, 0, 1), NOW, true],
    ["1980, GPS", Date.UTC(1980, 0, 6), NOW, true],
    ["2000, DS3231", Date.UTC(2000, 0, 1, 0, 5), NOW, true],
    ["2000 and 59 days", Date.UTC(2000, 0, 1) + 60 * DAY - 1, NOW, true],
    ["2000 and two months is a time", Date.UTC(2000, 0, 1) + 60 * DAY, NOW, false],
    ["just before 2000", Date.UTC(1999, 11, 31, 23, 59), NOW, false],
    ["a first of January in an archive is a day like another", Date.UTC(2024, 0, 1), NOW, false],
    [
      "2000, a year later at the most",
      Date.UTC(2000, 0, 1),
      Date.UTC(2000, 0, 1) + 366 * DAY,
      false,
    ],
    ["2000, later than that", Date.UTC(2000, 0, 1), Date.UTC(2000, 0, 1) + 366 * DAY + 1, true],
  ])("%s", (_, shown, receivedAt, expected) => {
    expect(isDefaultTime(EpochMs(shown), EpochMs(receivedAt))).toBe(expected);
  });
});
