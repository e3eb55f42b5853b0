import type { EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { FAULT, type SensorColumns } from "../account/sensor-columns.ts";
import type { Limit } from "../evidence.ts";

// Times of a few dozen milliseconds round 1970, so that a naive judge can look at every single one.
export const EARLIEST = -30;
export const LATEST = 90;

const row = fc.record({
  at: fc.integer({ min: EARLIEST, max: LATEST }),
  // On, just inside and just outside of the limits below; several rows often share an instant.
  milli: fc.constantFrom(FAULT, 1_999, 2_000, 2_001, 5_000, 7_999, 8_000, 8_001, 9_000, -3_000),
});

export const rows = fc.array(row, { maxLength: 40 });

export function columnsOfRows(
  list: readonly { readonly at: number; readonly milli: number }[],
  sensor = "probe",
): SensorColumns {
  return {
    sensor,
    at: Float64Array.from(list, ({ at }) => at),
    milli: Int32Array.from(list, ({ milli }) => milli),
  };
}

export const moment = fc.integer({ min: EARLIEST - 10, max: LATEST + 10 });

export const limits = fc.array(
  fc
    .record({
      comparison: fc.constantFrom("gt", "ge", "lt", "le"),
      off: fc.constantFrom(0, 1_000),
    })
    .map(({ comparison, off }): Limit => {
      const high = comparison === "gt" || comparison === "ge";
      return {
        comparison,
        side: high ? "high" : "low",
        limit: (high ? 8_000 + off : 2_000 - off) as Milli,
      };
    }),
  { maxLength: 3 },
);

export const gap = fc.integer({ min: 1, max: 12 });

/** `[from, to)` in order, and a moment as of which it is over. */
export const spans = fc
  .tuple(moment, moment, fc.integer({ min: 0, max: 20 }))
  .map(([a, b, later]) => {
    const to = Math.max(a, b);
    return {
      from: Math.min(a, b) as EpochMs,
      to: to as EpochMs,
      asOf: (to + later) as EpochMs,
    };
  });
