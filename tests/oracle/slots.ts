import type { Facts, Row } from "./history.ts";

// Time as the naive judge walks it: each whole minute is a moment, and between two moments lies a minute in which
// nothing happens. Where a curve crosses a limit inside a minute, there is one more moment.

/** A moment (`from` equals `to`) or the time between two of them. In minutes. */
export interface Slot {
  readonly from: number;
  readonly to: number;
}

export function isMoment(slot: Slot): boolean {
  return slot.from === slot.to;
}

export function lengthOf(slot: Slot): number {
  return slot.to - slot.from;
}

/** All moments from `first` to `last` and what lies between them. */
export function slotsOf(first: number, last: number, more: readonly number[]): readonly Slot[] {
  const minutes = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const inside = more.filter((at) => at > first && at < last);
  const moments = [...new Set([...minutes, ...inside])].sort((a, b) => a - b);
  return moments.flatMap((at, i) => {
    const next = moments[i + 1];
    return next === undefined
      ? [{ from: at, to: at }]
      : [
          { from: at, to: at },
          { from: at, to: next },
        ];
  });
}

/** What lies in `[from, to)`; with the moment `to` itself where it is looked at. */
export function within(slot: Slot, from: number, to: number, lastMoment: boolean): boolean {
  if (slot.from < from) return false;
  return isMoment(slot) ? slot.from < to || (lastMoment && slot.from === to) : slot.to <= to;
}

export function totalOf(slots: readonly Slot[]): number {
  return slots.reduce((sum, slot) => sum + lengthOf(slot), 0);
}

/** Cuts a list into the longest pieces of which every neighbour is alike. */
export function piecesOf<T>(list: readonly T[], alike: (a: T, b: T) => boolean): readonly T[][] {
  const pieces: T[][] = [];
  for (const each of list) {
    const piece = pieces.at(-1);
    const last = piece?.at(-1);
    if (piece !== undefined && last !== undefined && alike(last, each)) piece.push(each);
    else pieces.push([each]);
  }
  return pieces;
}

/** Whether a stretch `[from, to)` holds at a slot. */
export function holdsAt(stretch: { from: number; to: number | null }, slot: Slot): boolean {
  return slot.from >= stretch.from && (stretch.to === null || slot.from < stretch.to);
}

export function firstMinute(rows: readonly Row[], facts: Facts, from: number): number {
  return Math.min(from, ...rows.map(({ minute }) => minute), ...facts.phases.map((p) => p.from));
}
