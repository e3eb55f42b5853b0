import type { Alert, AlertMember } from "./alert.ts";

/** The figures of an alert: the worst over all that it is about, and what that is. */
export interface AlertSummary {
  readonly worst: Worst | null;
  readonly sensors: readonly string[];
  readonly rules: readonly string[];
  readonly excursions: readonly string[];
}

/** The member that is furthest beyond its limit; values in thousandths of `unit`. */
export interface Worst extends AlertMember {
  readonly peak: number;
  readonly limit: number;
  readonly side: "high" | "low";
}

const EXCURSION = "excursion:";

export function summaryOf({ members, phase, ending }: Alert): AlertSummary {
  // What was taken back counts only where there is nothing else.
  const all = ending === "retracted" && phase === "ended";
  const counted = members.filter(({ state }) => all || state !== "retracted");
  let worst: Worst | null = null;
  for (const member of counted) {
    const { peak, limit, side } = member;
    if (peak === null || limit === null || side === null) continue;
    const measured = { ...member, peak, limit, side };
    // Rules of one alert may have different limits.
    if (worst === null || excess(measured) > excess(worst)) worst = measured;
  }
  return {
    worst,
    sensors: distinct(counted.map(({ sensor }) => sensor)),
    rules: distinct(counted.map(({ rule }) => rule)),
    excursions: counted
      .filter(({ id }) => id.startsWith(EXCURSION))
      .map(({ id }) => id.slice(EXCURSION.length)),
  };
}

function excess({ peak, limit, side }: Worst): number {
  return side === "low" ? limit - peak : peak - limit;
}

function distinct(names: readonly (string | null)[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== null))].sort();
}

/** Whether somebody has it in hand, knowing how urgent it is. */
export function isAcknowledged({
  acknowledgements,
  urgency,
}: Pick<Alert, "acknowledgements" | "urgency">): boolean {
  return acknowledgements.some((each) => each.urgency === "high" || urgency === "low");
}
