import type { EpochMs } from "@unbroken/units";
import type { Finding, FoundExcursion } from "./finding.ts";
import { meanOf, rateOf, type Heat, type WindowRule } from "./window-grid.ts";

/** What the sensors showed together for a stretch of time. */
export interface HeatStretch extends Heat {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * The mean of every window of `scope` that lies in `[from, to)`: the mean kinetic temperature, or the plain mean.
 *
 * The sum of rates in a window is linear in time between the moments at which one of its ends passes an edge, so
 * those moments and the crossings between them are all there is to look at. Without proof it may have been as warm
 * as one likes, but never colder than not to age at all: so a mean kinetic temperature is proven out if what is proven
 * of its window is enough; a plain mean needs all of it. A window longer than the interval is unproven.
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
  const points = pointsOf(rule, heat, interval);
  const excursions = excursionsOf(rule, points);
  const provenMs = excursions.reduce((sum, excursion) => sum + excursion.provenMs, 0);
  const broken = points.some((point) => isProvenOut(rule, point));
  const doubtful = points.some((point) => isPossiblyOut(rule, point));
  return {
    rule,
    verdict: broken ? "broken" : doubtful || !enough ? "unproven" : "intact",
    provenMs,
    possibleMs: possibleMsOf(rule, points),
    excursions,
  };
}

/** The window that ends at `at`. */
interface WindowEnd {
  readonly at: EpochMs;
  /** By how much its sum is beyond what the limit would give, at the least and at the most; positive is out. */
  readonly proven: bigint;
  readonly possible: bigint;
  /** The same by the values as they were measured: what is shown. */
  readonly likely: bigint;
  readonly unprovenMs: number;
}

function isProvenOut(rule: WindowRule, { proven, unprovenMs }: WindowEnd): boolean {
  return isOver(rule, proven) && (unprovenMs === 0 || rule.quantity === "mkt");
}

function isPossiblyOut(rule: WindowRule, { possible, unprovenMs }: WindowEnd): boolean {
  return unprovenMs > 0 || isOver(rule, possible);
}

/** Distances are turned so that positive is out on either side. */
function isOver({ comparison }: WindowRule, over: bigint): boolean {
  return comparison === "ge" || comparison === "le" ? over >= 0n : over > 0n;
}

function pointsOf(
  rule: WindowRule,
  heat: readonly HeatStretch[],
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): readonly WindowEnd[] {
  const begin = from + rule.scope;
  const allowed = BigInt(rule.scope) * rateOf(rule, rule.limit);
  const rate = keptRates(rule);
  const upTo = sumsAlong(rate, heat);
  const before = sumsAlong(rate, heat);
  const high = rule.side === "high";
  const beyond = (sum: bigint): bigint => (high ? sum - allowed : allowed - sum);
  return endsOf(rule, heat, begin, to).map((end) => {
    const head = upTo(end);
    const tail = before(end - rule.scope);
    const likely = beyond(head.likely - tail.likely);
    const unprovenMs = head.unprovenMs - tail.unprovenMs;
    if (head.low === head.high && tail.low === tail.high)
      return { at: end as EpochMs, proven: likely, possible: likely, likely, unprovenMs };
    const low = beyond(head.low - tail.low);
    const most = beyond(head.high - tail.high);
    return {
      at: end as EpochMs,
      proven: high ? low : most,
      possible: high ? most : low,
      likely,
      unprovenMs,
    };
  });
}

/** The moments at which an end of a window passes an edge, in order, each once: two sorted lists made one. */
function endsOf(
  { scope }: WindowRule,
  heat: readonly HeatStretch[],
  begin: number,
  to: number,
): readonly number[] {
  const ends = [begin];
  let last = begin;
  let head = 0;
  let tail = 0;
  while (head < heat.length || tail < heat.length) {
    const front = heat[head]?.from ?? Number.POSITIVE_INFINITY;
    const rear = (heat[tail]?.from ?? Number.POSITIVE_INFINITY) + scope;
    const next = Math.min(front, rear);
    if (front === next) head += 1;
    if (rear === next) tail += 1;
    if (next <= last) continue;
    if (next >= to) break;
    ends.push(next);
    last = next;
  }
  if (to > last) ends.push(to);
  return ends;
}

/** Values come again and again. */
function keptRates(rule: WindowRule): (value: number) => bigint {
  const kept = new Map<number, bigint>();
  return (value) => {
    const known = kept.get(value);
    if (known !== undefined) return known;
    const rate = rateOf(rule, value);
    kept.set(value, rate);
    return rate;
  };
}

interface Sums {
  readonly likely: bigint;
  readonly low: bigint;
  readonly high: bigint;
  readonly unprovenMs: number;
}

/** Sums from the beginning up to a moment, for moments that only go forward. */
function sumsAlong(
  rate: (value: number) => bigint,
  heat: readonly HeatStretch[],
): (moment: number) => Sums {
  // Without a band the three sums are one.
  const isBanded = heat.some(({ band }) => band !== 0);
  let index = 0;
  let whole: Sums = { likely: 0n, low: 0n, high: 0n, unprovenMs: 0 };
  const withPart = (sums: Sums, { value, band, complete }: HeatStretch, ms: number): Sums => {
    const unprovenMs = complete ? sums.unprovenMs : sums.unprovenMs + ms;
    if (value === null) return { ...sums, unprovenMs };
    const time = BigInt(ms);
    const likely = time * rate(value);
    if (!isBanded) {
      const sum = sums.likely + likely;
      return { likely: sum, low: sum, high: sum, unprovenMs };
    }
    return {
      likely: sums.likely + likely,
      low: sums.low + time * rate(value - band),
      high: sums.high + time * rate(value + band),
      unprovenMs,
    };
  };
  return (moment) => {
    let stretch = heat[index];
    while (stretch !== undefined && stretch.to <= moment) {
      whole = withPart(whole, stretch, stretch.to - stretch.from);
      index += 1;
      stretch = heat[index];
    }
    if (stretch === undefined || stretch.from >= moment) return whole;
    return withPart(whole, stretch, moment - stretch.from);
  };
}

function excursionsOf(rule: WindowRule, points: readonly WindowEnd[]): readonly FoundExcursion[] {
  const found: FoundExcursion[] = [];
  let since: EpochMs | null = null;
  let most = 0n;
  const allowed = BigInt(rule.scope) * rateOf(rule, rule.limit);
  const end = (until: EpochMs | null, provenTo: EpochMs): void => {
    if (since === null) return;
    const peak = meanOf(rule, rule.side === "high" ? allowed + most : allowed - most);
    found.push({ since, until, peak, provenMs: provenTo - since });
    since = null;
  };
  points.forEach((point, i) => {
    const previous = points[i - 1];
    if (isProvenOut(rule, point)) {
      if (since === null || point.likely > most) most = point.likely;
      since ??= previous === undefined ? point.at : edge(rule, point, previous);
    } else if (previous !== undefined && since !== null) {
      const until = edge(rule, previous, point);
      end(until, until);
    }
  });
  const last = points.at(-1);
  if (last !== undefined) end(null, last.at);
  return found;
}

/** Between a window that was out and its neighbour that was not, where it stopped being so. */
function edge(rule: WindowRule, out: WindowEnd, other: WindowEnd): EpochMs {
  // What is not proven at all of a plain mean is so up to the window that is.
  if (rule.quantity !== "mkt" && other.unprovenMs > 0) return out.at;
  return out.at < other.at
    ? crossing(out.at, out.proven, other.at, other.proven)
    : crossing(other.at, other.proven, out.at, out.proven);
}

function possibleMsOf(rule: WindowRule, points: readonly WindowEnd[]): number {
  let ms = 0;
  points.forEach((b, i) => {
    const a = points[i - 1];
    if (a === undefined) return;
    const [first, last] = [isOver(rule, a.possible), isOver(rule, b.possible)];
    if (a.unprovenMs > 0 || b.unprovenMs > 0 || (first && last)) ms += b.at - a.at;
    else if (first) ms += crossing(a.at, a.possible, b.at, b.possible) - a.at;
    else if (last) ms += b.at - crossing(a.at, a.possible, b.at, b.possible);
  });
  return ms;
}

/** When the line between two points passes zero, to the millisecond before it. */
function crossing(from: EpochMs, start: bigint, to: EpochMs, end: bigint): EpochMs {
  const height = start < 0n ? -start : start;
  const drop = start > end ? start - end : end - start;
  return (from + Number((BigInt(to - from) * height) / (drop === 0n ? 1n : drop))) as EpochMs;
}
