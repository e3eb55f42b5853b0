import type { ForecastNow, LimitView, ProfileView, SpaceNow } from "@unbroken/model";

/** The moment at which the tests look. */
export const NOW = Date.UTC(2026, 10, 24, 6, 0, 0);

export function minutesAgo(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString();
}

/** A limit of the air that has to be left for an hour, but for what is given. */
export function limitView(given: Partial<LimitView> & { readonly limit: number }): LimitView {
  return {
    rule: "high",
    quantity: "air",
    mode: "consecutive",
    side: "high",
    comparison: "gt",
    unit: "Cel",
    limit_c: given.limit,
    hold_ms: 3_600_000,
    scope_ms: null,
    severity: "break",
    hysteresis: 0,
    clear_ms: 0,
    phases: null,
    allowances: [],
    scheduled: false,
    clause: null,
    ...given,
  };
}

/** A forecast of now: so many minutes to 8 °C, from half of them to twice as many, but for what is given. */
export function forecastIn(
  likely_min: number,
  given: Partial<Extract<ForecastNow, { kind: "forecast" }>> = {},
): ForecastNow {
  return {
    kind: "forecast",
    rule: "high",
    side: "high",
    limit_c: 8,
    as_of: minutesAgo(0),
    likely_min,
    low_min: Math.floor(likely_min / 2),
    high_min: likely_min * 2,
    ...given,
  };
}

export const fridge: ProfileView = {
  id: "fridge",
  title: "2 to 8 °C",
  title_zh: null,
  hash: "0".repeat(64),
  source: null,
  edition: null,
  effective_from: null,
  effective_until: null,
  confidence: null,
  confirmed: false,
  cadence_ms: 300_000,
  gap_ms: 750_000,
  limits: [
    limitView({ limit: 8 }),
    limitView({ rule: "low", side: "low", comparison: "lt", limit: 2 }),
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
    forecast: { kind: "none", reason: "no-trend" },
    out_of_service: null,
    open: [],
    alerts: [],
    timeline: [],
    ...rest,
  };
}
