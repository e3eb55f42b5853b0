import { describe, expect, it } from "vitest";
import { clockText, dayText, momentText, offsetText, zoneToShow } from "./zoned-time.ts";

const at = Date.UTC(2026, 10, 24, 18, 5, 9);

describe("a time in a site's zone", () => {
  it.each([
    ["Asia/Shanghai", "02:05", "UTC+8"],
    ["UTC", "18:05", "UTC"],
    ["Asia/Kolkata", "23:35", "UTC+5:30"],
    ["America/St_Johns", "14:35", "UTC\u22123:30"],
  ])("in %s shows %s, offset %s", (zone, clock, offset) => {
    expect(clockText(at, zone, "en")).toBe(clock);
    expect(offsetText(at, zone)).toBe(offset);
  });

  it("writes midnight as 00:00, not 24:00", () => {
    expect(clockText(Date.UTC(2026, 10, 24), "UTC", "zh")).toBe("00:00");
  });

  it("names the day in the language of the reader", () => {
    expect(dayText(at, "Asia/Shanghai", "zh")).toBe("11月25日");
    expect(dayText(at, "Asia/Shanghai", "en")).toBe("25 Nov");
  });

  it("names the day only when it is not today there", () => {
    expect(momentText(at, at + 3_600_000, "Asia/Shanghai", "en")).toBe("02:05");
    expect(momentText(at - 7_200_000 - 600_000, at, "Asia/Shanghai", "en")).toBe("24 Nov 23:55");
  });

  it("names the zone only where the viewer's clock differs", () => {
    expect(zoneToShow(at, "Asia/Shanghai", "Asia/Singapore")).toBeNull();
    expect(zoneToShow(at, "Asia/Shanghai", "Europe/Berlin")).toBe("UTC+8");
  });

  it("follows daylight saving: Berlin and Lagos agree in winter and differ in summer", () => {
    expect(zoneToShow(at, "Europe/Berlin", "Africa/Lagos")).toBeNull();
    expect(zoneToShow(Date.UTC(2026, 6, 1), "Europe/Berlin", "Africa/Lagos")).toBe("UTC+2");
  });
});
