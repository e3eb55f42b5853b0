import type { Rule } from "@unbroken/model";
import type { DurationMs, EpochMs, Milli } from "@unbroken/units";
import type { Finding, FoundExcursion } from "./finding.ts";
import { ONE, type Fixed } from "./fixed-point.ts";
import { relativeRate, temperatureOfRate } from "./temperature-account.ts";

/** The warmest value proven for a stretch of time, and whether every sensor was heard in it. */
export interface HeatStretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Null without any value. */
  readonly warmest: Milli | null;
  readonly complete: boolean;
}

/** A rule on windows, of which each has a length. */
export type WindowRule = Rule & { readonly scope: DurationMs };

/**
 * The mean kinetic temperature of every window of `scope` that lies in `[from, to)`.
 *
 * The sum of rates in a window is linear in time between the moments at which one of its ends passes an edge, so
 * those moments and the crossings between them are all there is to look at. Without proof it may have been as warm
 * as one likes, but never colder than not to age at all: a window is proven out if what is proven in it is enough,
 * and could be out if any of it is unproven. A window longer than the interval is unproven.
 */
export function windowFinding(
  rule: WindowRule,
  heat: readonly HeatStretch[],
  interval: { readonly from: EpochMs; readonly to: EpochMs },
  enough: boolean,
): Finding {
  const { from, to } = interval;
  if (to - from < rule.scope)
    return { rule, verdict: "unproven", provenMs: 0, possibleMs: to - from, excursions: [] };
  const reference = referenceOf(rule, heat);
  const points = pointsOf(rule, heat, interval, reference);
  const isOut = (over: Fixed): boolean => (rule.comparison === "ge" ? over >= 0n : over > 0n);
  const excursions = excursionsOf(rule, points, isOut, reference);
  const provenMs = excursions.reduce((sum, excursion) => sum + excursion.provenMs, 0);
  const doubtful = points.some(({ unprovenMs }) => unprovenMs > 0);
  const broken = points.some(({ over }) => isOut(over));
  return {
    rule,
    verdict: broken ? "broken" : doubtful || !enough ? "unproven" : "intact",
    provenMs,
    possibleMs: possibleMsOf(points, isOut),
    excursions,
  };
}

/** The window that ends at `at`. */
interface WindowEnd {
  readonly at: EpochMs;
  /** By how much the sum of its rates is above what the limit would give. */
  readonly over: Fixed;
  readonly unprovenMs: number;
}

function referenceOf(rule: Rule, heat: readonly HeatStretch[]): Milli {
  let reference = rule.limit;
  for (const { warmest } of heat) if (warmest !== null && warmest > reference) reference = warmest;
  return reference;
}

function pointsOf(
  rule: WindowRule,
  heat: readonly HeatStretch[],
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
  reference: Milli,
): readonly WindowEnd[] {
  const begin = from + rule.scope;
  const ends = new Set<number>([begin, to]);
  for (const { from: edge } of heat)
    for (const end of [edge, edge + rule.scope]) if (end > begin && end < to) ends.add(end);
  const allowed = BigInt(rule.scope) * relativeRate(rule.limit, reference);
  const rates = new Map<Milli, Fixed>();
  const rateOf = (milli: Milli): Fixed => {
    const rate = rates.get(milli) ?? relativeRate(milli, reference);
    rates.set(milli, rate);
    return rate;
  };
  const upTo = sumsAlong(heat, rateOf);
  const before = sumsAlong(heat, rateOf);
  return [...ends]
    .sort((a, b) => a - b)
    .map((end) => {
      const head = upTo(end);
      const tail = before(end - rule.scope);
      return {
        at: end as EpochMs,
        over: head.rates - tail.rates - allowed,
        unprovenMs: head.unprovenMs - tail.unprovenMs,
      };
    });
}

interface Sums {
  readonly rates: Fixed;
  readonly unprovenMs: number;
}

/** Sums from the beginning up to a moment, for moments that only go forward. */
function sumsAlong(
  heat: readonly HeatStretch[],
  rateOf: (milli: Milli) => Fixed,
): (moment: number) => Sums {
  let index = 0;
  let rates = 0n;
  let unprovenMs = 0;
  const part = ({ warmest, complete }: HeatStretch, ms: number): Sums => ({
    rates: warmest === null ? 0n : BigInt(ms) * rateOf(warmest),
    unprovenMs: complete ? 0 : ms,
  });
  return (moment) => {
    let stretch = heat[index];
    while (stretch !== undefined && stretch.to <= moment) {
      const whole = part(stretch, stretch.to - stretch.from);
      rates += whole.rates;
      unprovenMs += whole.unprovenMs;
      index += 1;
      stretch = heat[index];
    }
    if (stretch === undefined || stretch.from >= moment) return { rates, unprovenMs };
    const begun = part(stretch, moment - stretch.from);
    return { rates: rates + begun.rates, unprovenMs: unprovenMs + begun.unprovenMs };
  };
}

type IsOut = (over: Fixed) => boolean;

function excursionsOf(
  rule: WindowRule,
  points: readonly WindowEnd[],
  isOut: IsOut,
  reference: Milli,
): readonly FoundExcursion[] {
  const found: FoundExcursion[] = [];
  let since: EpochMs | null = null;
  let most = 0n;
  const allowed = BigInt(rule.scope) * relativeRate(rule.limit, reference);
  const end = (until: EpochMs | null, provenTo: EpochMs): void => {
    if (since === null) return;
    const peak = temperatureOfRate(most + allowed, BigInt(rule.scope), reference);
    found.push({ since, until, peak, provenMs: provenTo - since });
    since = null;
  };
  points.forEach((point, i) => {
    const previous = points[i - 1];
    if (isOut(point.over)) {
      if (since === null || point.over > most) most = point.over;
      since ??= previous === undefined ? point.at : crossing(previous, point);
    } else if (previous !== undefined && since !== null) {
      const until = crossing(previous, point);
      end(until, until);
    }
  });
  const last = points.at(-1);
  if (last !== undefined) end(null, last.at);
  return found;
}

function possibleMsOf(points: readonly WindowEnd[], isOut: IsOut): number {
  let ms = 0;
  points.forEach((b, i) => {
    const a = points[i - 1];
    if (a === undefined) return;
    if (a.unprovenMs > 0 || b.unprovenMs > 0 || (isOut(a.over) && isOut(b.over))) ms += b.at - a.at;
    else if (isOut(a.over)) ms += crossing(a, b) - a.at;
    else if (isOut(b.over)) ms += b.at - crossing(a, b);
  });
  return ms;
}

/** When the line between two points passes zero, to the millisecond before it. */
function crossing(a: WindowEnd, b: WindowEnd): EpochMs {
  const height = a.over < 0n ? -a.over : a.over;
  const drop = a.over > b.over ? a.over - b.over : b.over - a.over;
  return (a.at + Number((BigInt(b.at - a.at) * height) / (drop === 0n ? ONE : drop))) as EpochMs;
}
