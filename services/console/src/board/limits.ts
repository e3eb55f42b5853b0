import type { LimitView } from "@unbroken/model";

type Comparison = LimitView["comparison"];

/** Whether a value is out of range under a limit; `ge` and `le` are out at the limit itself. */
export function isOut(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case "gt":
      return value > limit;
    case "ge":
      return value >= limit;
    case "lt":
      return value < limit;
    case "le":
      return value <= limit;
  }
}

/** The sign of the range that a limit leaves: out above 8 (`gt`) means in range while ≤ 8. */
export function rangeSign(comparison: Comparison): "≤" | "<" | "≥" | ">" {
  switch (comparison) {
    case "gt":
      return "≤";
    case "ge":
      return "<";
    case "lt":
      return "≥";
    case "le":
      return ">";
  }
}

/** A limit that a temperature can be held against. */
export type AirLimit = LimitView & { readonly limit_c: number };

const weights = { break: 0, excursion: 1, warn: 2 } as const;

/**
 * The limits of the air that always apply. Of a side that has some that break or are on record, those only: a warning
 * before them is no end of the range.
 */
export function airLimits(limits: readonly LimitView[]): readonly AirLimit[] {
  const air = limits.filter(
    (limit): limit is AirLimit =>
      limit.limit_c !== null &&
      limit.quantity === "air" &&
      (limit.mode === "instant" || limit.mode === "consecutive" || limit.mode === "cumulative") &&
      limit.phases === null &&
      !limit.scheduled,
  );
  return air.filter(
    (limit) =>
      limit.severity !== "warn" ||
      !air.some((other) => other.side === limit.side && weights[other.severity] < weights.warn),
  );
}

/** The innermost limit of each side: the band that a curve and a tile show. */
export function bandOf(all: readonly LimitView[]): {
  readonly low: AirLimit | null;
  readonly high: AirLimit | null;
} {
  const limits = airLimits(all);
  const of = (side: LimitView["side"]) => limits.filter((limit) => limit.side === side);
  return {
    low: of("low").toSorted((a, b) => b.limit_c - a.limit_c)[0] ?? null,
    high: of("high").toSorted((a, b) => a.limit_c - b.limit_c)[0] ?? null,
  };
}
