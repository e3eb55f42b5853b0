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

/** The innermost limit of each side: the band that a curve and a tile show. */
export function bandOf(limits: readonly LimitView[]): {
  readonly low: LimitView | null;
  readonly high: LimitView | null;
} {
  const of = (side: LimitView["side"]) => limits.filter((limit) => limit.side === side);
  return {
    low: of("low").toSorted((a, b) => b.limit_c - a.limit_c)[0] ?? null,
    high: of("high").toSorted((a, b) => a.limit_c - b.limit_c)[0] ?? null,
  };
}
