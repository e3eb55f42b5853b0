import type { ProfileView, SpaceNow } from "@unbroken/model";

/** The moment at which the tests look. */
export const NOW = Date.UTC(2026, 10, 24, 6, 0, 0);

export function minutesAgo(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString();
}

export const fridge: ProfileView = {
  id: "fridge",
  title: "2 to 8 °C",
  hash: "0".repeat(64),
  cadence_ms: 300_000,
  gap_ms: 750_000,
  limits: [
    { rule: "high", side: "high", comparison: "gt", limit_c: 8, hold_ms: 3_600_000, clause: null },
    { rule: "low", side: "low", comparison: "lt", limit_c: 2, hold_ms: 3_600_000, clause: null },
  ],
};

/** A calm refrigerator at 5 °C, but for what is given. */
export function spaceNow(
  given: Partial<SpaceNow> & { readonly value?: number; readonly measured?: string },
): SpaceNow {
  const { value = 5, measured = minutesAgo(1), ...rest } = given;
  const worst = {
    sensor: "probe/main",
    value_c: value,
    fault: null,
    measured_at: measured,
    received_at: measured,
  };
  return {
    organisation: "demo",
    space: "room",
    name: "Room",
    site: null,
    site_name: null,
    vehicle: null,
    vehicle_name: null,
    zone: "Asia/Shanghai",
    profile: fridge,
    condition: "in-range",
    since: minutesAgo(60),
    worst,
    sensors: [worst],
    trend_c_per_h: null,
    open: [],
    timeline: [],
    ...rest,
  };
}
