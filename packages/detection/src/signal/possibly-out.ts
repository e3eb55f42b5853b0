import type { Thermal } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";
import type { Limit } from "../evidence.ts";
import { BITS, ONE, type Fixed } from "../fixed-point.ts";
import { NEVER } from "../moment.ts";
import {
  outBeforeEnd,
  outFromStart,
  risesAtLeast,
  warmestAtBegin,
  warmestAtEnd,
  type Stretch,
  type ThermalStretch,
  type UpperLimit,
} from "./thermal-bound.ts";

/** A reading at one end of a silence. */
export interface SilenceEnd {
  readonly at: EpochMs;
  /** Of several values the worse for the limit's side; null for a fault or a time in doubt, which bound nothing. */
  readonly value: Milli | null;
}

/**
 * The stretch of a silence in which something can have been out of range: `[from, to)`, `to` null where nothing ends
 * it, null if it cannot have been out at all. docs/rules.md, Evidence 7.
 *
 * It can rise no faster than towards the ambient from the reading before, and have fallen no faster than towards the
 * coldest supply to the reading after (for a lower limit the other way round); where a space's physics is stated anew
 * in the silence, each holds in its time and the bound is carried from one into the next. Where nothing is stated, or
 * the readings themselves contradict what is, all of the silence is possible. Of a stretch that is not of whole
 * milliseconds, or of several, the hull.
 * @param band half the width of the band round a value, m°C: the larger of both ends.
 * @param after null for a silence that has not ended.
 * @param thermals of the space, sorted by `from`; each holds until the next.
 */
export function possiblyOut(
  limit: Limit,
  band: Milli,
  before: SilenceEnd,
  after: SilenceEnd | null,
  thermals: readonly Thermal[],
): readonly [from: EpochMs, to: EpochMs | null] | null {
  const to = after === null ? NEVER : after.at;
  if (to <= before.at) return null;
  const facts = stretchesOf(thermals, before.at, to);
  const upwards = limit.side === "high" ? facts : facts.map(turned);
  const turn = limit.side === "high" ? 1n : -1n;
  const ends: Ends = {
    before: fixedOf(before.value, turn),
    after: fixedOf(after?.value ?? null, turn),
    band: BigInt(band) << BITS,
  };
  const upper: UpperLimit = {
    limit: (turn * BigInt(limit.limit)) << BITS,
    isLimitOut: limit.comparison === "ge" || limit.comparison === "le",
  };
  const found = areContradicted(ends, upwards)
    ? ([before.at, to] as const)
    : outBetween(ends, upwards, upper);
  if (found === null) return null;
  return [found[0] as EpochMs, found[1] === NEVER ? null : (found[1] as EpochMs)];
}

/** What the readings at both ends say, with the sign that makes every limit an upper one. */
interface Ends {
  readonly before: Fixed | null;
  readonly after: Fixed | null;
  readonly band: Fixed;
}

function fixedOf(value: Milli | null, turn: bigint): Fixed | null {
  return value === null ? null : (turn * BigInt(value)) << BITS;
}

/** The hull of the times at which both bounds are out. */
function outBetween(
  { before, after, band }: Ends,
  stretches: readonly ThermalStretch[],
  limit: UpperLimit,
): Stretch | null {
  const backwards = boundsBackwards(after === null ? null : after + band, stretches);
  let start = before === null ? null : before + band;
  let hull: Stretch | null = null;
  stretches.forEach((stretch, i) => {
    const rising = outFromStart(start, stretch, limit);
    const falling = rising === null ? null : outBeforeEnd(backwards[i] ?? null, stretch, limit);
    if (rising !== null && falling !== null) hull = hullOf(hull, rising, falling);
    if (i + 1 < stretches.length) start = warmestAtEnd(start, stretch);
  });
  return hull;
}

/** The warmest that it can have been at the end of each stretch, from the reading after all of them. */
function boundsBackwards(
  end: Fixed | null,
  stretches: readonly ThermalStretch[],
): readonly (Fixed | null)[] {
  const bounds: (Fixed | null)[] = [];
  let bound = end;
  for (const stretch of [...stretches].reverse()) {
    bounds.push(bound);
    if (bounds.length < stretches.length) bound = warmestAtBegin(bound, stretch);
  }
  return bounds.reverse();
}

function hullOf(hull: Stretch | null, a: Stretch, b: Stretch): Stretch | null {
  const from = Math.max(a[0], b[0]);
  const to = Math.min(a[1], b[1]);
  if (from >= to) return hull;
  return hull === null ? [from, to] : [Math.min(hull[0], from), Math.max(hull[1], to)];
}

/**
 * Whether no warming or cooling that the facts allow leads from the one reading to the other: then they are not the
 * facts of this time, and bound nothing.
 */
function areContradicted(ends: Ends, stretches: readonly ThermalStretch[]): boolean {
  if (ends.before === null || ends.after === null) return false;
  return (
    isRiseTooSteep(ends.before, ends.after, ends.band, stretches) ||
    isRiseTooSteep(-ends.before, -ends.after, ends.band, stretches.map(turned))
  );
}

function isRiseTooSteep(
  before: Fixed,
  after: Fixed,
  band: Fixed,
  stretches: readonly ThermalStretch[],
): boolean {
  // Either value was rounded by up to half a m°C when it was decoded.
  const needed = after - band - ONE;
  let bound: Fixed | null = before + band;
  // The exponential is asked for only where the end is warmer than all that it comes from.
  if (bound >= needed && stretches.every(({ warmest }) => (warmest ?? needed) >= needed))
    return false;
  const [only] = stretches;
  if (stretches.length === 1 && only !== undefined && risesAtLeast(bound, needed, only))
    return false;
  for (const stretch of stretches) bound = warmestAtEnd(bound, stretch);
  return bound !== null && bound < needed;
}

/** The same upside down. */
function turned({ warmest, coldest, ...rest }: ThermalStretch): ThermalStretch {
  return {
    ...rest,
    warmest: coldest === null ? null : -coldest,
    coldest: warmest === null ? null : -warmest,
  };
}

/** What is stated of a space's physics from `from` to `to`, stretch after stretch; at least one. */
function stretchesOf(
  thermals: readonly Thermal[],
  from: number,
  to: number,
): readonly ThermalStretch[] {
  const first = thermals.findLastIndex((thermal) => thermal.from <= from);
  const stretches: ThermalStretch[] = [];
  let begin = from;
  for (let i = first; begin < to; i += 1) {
    const end = Math.min(to, thermals[i + 1]?.from ?? NEVER);
    if (end > begin) stretches.push(stretchOf(thermals[i], begin, end));
    begin = end;
  }
  return stretches;
}

function stretchOf(thermal: Thermal | undefined, from: number, to: number): ThermalStretch {
  if (thermal === undefined) return { from, to, timeConstant: null, warmest: null, coldest: null };
  const { timeConstant, ambient, coldest } = thermal;
  // Whoever states a coldest above the ambient has at least named both ends.
  const [low, high] = [
    Math.min(ambient, coldest ?? ambient),
    Math.max(ambient, coldest ?? ambient),
  ];
  return {
    from,
    to,
    timeConstant,
    warmest: BigInt(high) << BITS,
    coldest: coldest === null ? null : BigInt(low) << BITS,
  };
}
