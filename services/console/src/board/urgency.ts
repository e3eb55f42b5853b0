import type { SpaceNow } from "@unbroken/model";
import { outSince } from "./outlook.ts";

export const conditions = [
  "broken",
  "out",
  "warming",
  "unproven",
  "in-range",
  "out-of-service",
] as const;
export type Condition = (typeof conditions)[number];

const names = new Intl.Collator(["zh-CN", "en"], { numeric: true });

/**
 * Broken, then out of range, by time already spent; warming by time left; unproven by length; calm by name, and last
 * what is out of service. `now` does not matter: who left the range earlier has spent more.
 */
export function byUrgency(a: SpaceNow, b: SpaceNow): number {
  const rank = conditions.indexOf(a.condition) - conditions.indexOf(b.condition);
  if (rank !== 0) return rank;
  const within = withinCondition(a, b);
  if (within !== 0) return within;
  const byName = names.compare(a.name, b.name);
  return byName === 0 ? compareText(a.space, b.space) : byName;
}

function withinCondition(a: SpaceNow, b: SpaceNow): number {
  switch (a.condition) {
    case "broken":
    case "out":
      return compare(outSince(a), outSince(b));
    case "warming":
      return compare(limitAt(a), limitAt(b));
    case "unproven":
      return compare(sinceOf(a), sinceOf(b));
    case "in-range":
    case "out-of-service":
      return 0;
  }
}

/** When it is likely to meet the limit, epoch ms. */
function limitAt({ forecast }: SpaceNow): number | null {
  return forecast.kind === "none"
    ? null
    : Date.parse(forecast.as_of) + forecast.likely_min * 60_000;
}

function sinceOf(space: SpaceNow): number | null {
  return space.since === null ? null : Date.parse(space.since);
}

// Smaller first; what is not known comes last.
function compare(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

export type Counts = Readonly<Record<Condition, number>>;

export function countsOf(spaces: Iterable<SpaceNow>): Counts {
  const counts = { broken: 0, out: 0, warming: 0, unproven: 0, "in-range": 0, "out-of-service": 0 };
  for (const space of spaces) counts[space.condition] += 1;
  return counts;
}

/** Whether every word typed occurs in a space's names, ids or place. */
export function matches(space: SpaceNow, filter: string): boolean {
  const text = [
    space.name,
    space.space,
    space.site_name,
    space.site,
    space.vehicle_name,
    space.vehicle,
    space.organisation,
    space.profile?.title,
    space.profile?.title_zh,
  ]
    .join("\n")
    .toLowerCase();
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.every((word) => text.includes(word));
}

/** Address of a space on the board: unique over organisations. */
export function keyOfSpace(space: { organisation: string; space: string }): string {
  return `${space.organisation}/${space.space}`;
}
