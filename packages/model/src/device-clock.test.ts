import { DAY, EpochMs, HOUR, MINUTE, SECOND } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { clockCorrection, zoneErrorOf } from "./device-clock.ts";

describe("a zone error is a whole number of quarter hours, an hour at least", () => {
  it.each([
    ["China's local time sent as UTC", 8 * HOUR, 8],
    ["and half a second under way", 8 * HOUR - 500, 8],
    ["and two minutes under way", 8 * HOUR - 2 * MINUTE, 8],
    ["longer under way than that", 8 * HOUR - 2 * MINUTE - 1, null],
    ["a clock that is a minute fast besides", 8 * HOUR + MINUTE, 8],
    ["or more", 8 * HOUR + MINUTE + 1, null],
    ["Nepal's", 5.75 * HOUR, 5.75],
    ["summer time in New York", -4 * HOUR - 300, -4],
    ["half an hour is no zone's distance from UTC", 0.5 * HOUR, null],
    ["a right clock", 0, null],
    ["Kiribati's", 14 * HOUR, 14],
    ["beyond every zone", 14.25 * HOUR, null],
    ["Baker Island's", -12 * HOUR, -12],
    ["beyond every zone the other way", -12.25 * HOUR, null],
    ["a clock that is half a day and seven minutes ahead", 12 * HOUR + 7 * MINUTE, null],
  ])("%s", (_, ahead, hours) => {
    const zone = zoneErrorOf(ahead);
    expect(zone === null ? null : zone / HOUR).toBe(hours);
  });
});

describe("a device's times are put right by what it says it sent them at", () => {
  const receivedAt = EpochMs(Date.UTC(2026, 4, 5, 9, 22));
  it.each([
    ["not for what a message takes", receivedAt - 5 * SECOND, 0],
    ["not within the tolerance", receivedAt + 2 * MINUTE, 0],
    ["where the clock is ahead, which no delay explains", receivedAt + 2 * MINUTE + 1, -120_001],
    ["by whole quarter hours for a wrong zone", receivedAt + 8 * HOUR - 740, -8 * HOUR],
    ["not where it is behind: the message may have waited", receivedAt - 8 * HOUR, 0],
    ["not for a season in a queue", receivedAt - 90 * DAY, 0],
    ["where no queue is that long", receivedAt - 90 * DAY - 1, 90 * DAY + 1],
    [
      "for a clock that began anew in 2000",
      Date.UTC(2000, 0, 1, 0, 5),
      receivedAt - Date.UTC(2000, 0, 1, 0, 5),
    ],
  ])("%s", (_, sentAt, correction) => {
    expect(clockCorrection(sentAt, receivedAt)).toBe(correction);
  });
});
