import type { Facts } from "./history.ts";
import { bandOf, saidAt, tracksOf, valueOf, type Known, type Said, type Track } from "./known.ts";
import type { Slot } from "./slots.ts";

// What can have been in a silence (docs/rules.md, Evidence 7): both curves, evaluated where they are asked for.

type Thermal = Facts["thermals"][number];
type Side = "high" | "low";

/** A silence with what bounds it: the worse value of each end, by the larger band; null where an end bounds nothing. */
interface Silence {
  readonly from: number;
  readonly to: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly band: number;
}

function silenceOf(known: Known, track: Track, said: Said, side: Side, slot: Slot | null): Silence {
  const from = said.rows[0]?.minute ?? 0;
  const to = said.next[0]?.minute ?? known.to;
  const band =
    said.next.length === 0
      ? bandOf(known, track, from)
      : Math.max(bandOf(known, track, from), bandOf(known, track, to));
  const bound = (rows: Said["rows"], now: Slot | null): number | null => {
    // A doubt that a statement has taken away by now is none.
    const values = rows.map((row) => {
      const own = { from: row.minute, to: row.minute };
      const value = valueOf(known, track, row, own);
      return value ?? (now === null ? null : valueOf(known, track, row, now, own));
    });
    const sure = values.filter((value) => value !== null);
    if (sure.length === 0 || sure.length < values.length) return null;
    return side === "high" ? Math.max(...sure) + band : Math.min(...sure) - band;
  };
  return { from, to, before: bound(said.rows, slot), after: bound(said.next, null), band };
}

/** Whether the readings contradict what is stated: it could not have come so far in that time. */
export function isContradicted(
  known: Known,
  track: Track,
  said: Said,
  side: Side,
  slot: Slot | null,
): boolean {
  const { from, to, before, after, band } = silenceOf(known, track, said, side, slot);
  if (before === null || after === null) return false;
  // Of each side's worse values, by the band to whichever end makes it possible.
  const [first, last] =
    side === "high" ? [before - band, after - band] : [before + band, after + band];
  const warmest = afterwards(known, first + band, from, to, "high");
  const coldest = afterwards(known, first - band, from, to, "low");
  return (
    (warmest !== null && warmest < last - band - 1) ||
    (coldest !== null && coldest > last + band + 1)
  );
}

/** From a reading on: it warms towards the ambient, and cools towards the coldest supply. */
function afterwards(
  known: Known,
  value: number | null,
  from: number,
  minute: number,
  side: Side,
): number | null {
  const thermal = thermalAt(known, from);
  const target = side === "high" ? thermal?.ambient : thermal?.coldest;
  if (value === null || thermal === undefined || target === undefined || target === null)
    return null;
  return target + (value - target) * Math.exp(-(minute - from) / thermal.timeConstant);
}

/** Up to a reading: it can have cooled from the warmest that leads there, or warmed from the coldest. */
function beforehand(
  known: Known,
  value: number | null,
  to: number,
  minute: number,
  side: Side,
): number | null {
  const thermal = thermalAt(known, to);
  const target = side === "high" ? thermal?.coldest : thermal?.ambient;
  if (value === null || thermal === undefined || target === undefined || target === null)
    return null;
  return target + (value - target) * Math.exp((to - minute) / thermal.timeConstant);
}

function thermalAt(known: Known, minute: number): Thermal | undefined {
  return known.history.facts.thermals.findLast(({ from }) => from <= minute);
}

/** Whether it can have been out in that slot of the silence: no curve says that it cannot. */
export function canHaveBeenOut(
  known: Known,
  track: Track,
  said: Said,
  slot: Slot,
  side: Side,
  isOut: (value: number) => boolean,
): boolean {
  if (isContradicted(known, track, said, side, slot)) return true;
  const { from, to, before, after } = silenceOf(known, track, said, side, slot);
  const minute = (slot.from + slot.to) / 2;
  const curves = [
    afterwards(known, before, from, minute, side),
    beforehand(known, after, to, minute, side),
  ];
  return curves.every((value) => value === null || isOut(value));
}

/** The coldest and the warmest that it can have been in a silence. */
export function boundsIn(
  known: Known,
  track: Track,
  said: Said,
  minute: number,
): readonly [low: number, high: number] {
  const curvesOf = (side: Side): readonly number[] => {
    const { from, to, before, after } = silenceOf(known, track, said, side, null);
    const curves = [
      afterwards(known, before, from, minute, side),
      beforehand(known, after, to, minute, side),
    ];
    return curves.filter((value) => value !== null);
  };
  return [Math.max(...curvesOf("low")), Math.min(...curvesOf("high"))];
}

export interface Limit {
  readonly side: Side;
  readonly isOut: (value: number) => boolean;
}

/** Moments at which a curve crosses a limit inside a silence, to 2⁻⁴⁰ of its length. */
export function crossingsOf(known: Known, limits: readonly Limit[]): readonly number[] {
  if (known.history.facts.thermals.length === 0) return [];
  return tracksOf(known, "temperature").flatMap((track) =>
    [...new Set(track.rows.map(({ minute }) => minute))].flatMap((minute) => {
      const said = saidAt(known, track, { from: minute, to: minute + 1 });
      if (said === null || !(said.silent || said.missing)) return [];
      return limits.flatMap(({ side, isOut }) => {
        const { from, to, before, after } = silenceOf(known, track, said, side, null);
        const curves = [
          (at: number) => afterwards(known, before, from, at, side),
          (at: number) => beforehand(known, after, to, at, side),
        ];
        return curves.flatMap((curve) =>
          crossingBetween(from, to, (at) => {
            const value = curve(at);
            return value === null || isOut(value);
          }),
        );
      });
    }),
  );
}

/** Each curve is monotonous, so it crosses a limit once at the most. */
function crossingBetween(
  from: number,
  to: number,
  outAt: (minute: number) => boolean,
): readonly number[] {
  const first = outAt(from + 1e-9);
  if (first === outAt(to - 1e-9)) return [];
  let [low, high] = [from, to];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (outAt(middle) === first) low = middle;
    else high = middle;
  }
  return [high];
}
