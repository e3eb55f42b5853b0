import type { SpaceNow } from "@unbroken/model";

type Stretch = SpaceNow["timeline"][number];

/** One piece of a bar of time, in shares of its whole width (0 to 1). */
export interface Piece {
  readonly left: number;
  readonly width: number;
  readonly class: Stretch["class"] | "not-kept";
  /** Lasts until now: red is for now, yesterday's red is history. */
  readonly current: boolean;
}

/** A narrower piece that is not calm would vanish on a screen; one percent is two pixels of a tile. */
const LEAST = 0.01;

/** The server cuts a timeline a few seconds before or after the screen does; that is no hole. */
const HOLE_LEAST_MS = 60_000;

/**
 * Cuts a timeline to `[from, to)`. What no stretch covers is unproven: silence is not cold. A short spell out of range
 * or without proof is widened until it can be seen; one in range never is. Before `knownFrom` the bar says nothing.
 */
export function piecesOf(
  timeline: readonly Stretch[],
  from: number,
  to: number,
  knownFrom: number = from,
): readonly Piece[] {
  const whole = to - from;
  const pieces: Piece[] = [];
  const add = (start: number, end: number, what: Piece["class"], current: boolean) => {
    if (end <= start) return;
    const left = (start - from) / whole;
    const width = (end - start) / whole;
    const seen = what === "in" || what === "not-kept" ? width : Math.max(width, LEAST);
    pieces.push({ left: Math.min(left, 1 - seen), width: seen, class: what, current });
  };
  let reached = Math.min(to, Math.max(from, knownFrom));
  add(from, reached, "not-kept", false);
  for (const stretch of timeline) {
    const start = Math.max(from, Date.parse(stretch.from));
    const end = Math.min(to, stretch.to === null ? to : Date.parse(stretch.to));
    if (end <= reached) continue;
    if (start - reached >= HOLE_LEAST_MS) add(reached, Math.min(start, to), "unproven", false);
    add(Math.max(start, reached), end, stretch.class, end >= to);
    reached = Math.max(reached, end);
  }
  add(reached, to, "unproven", true);
  return pieces;
}

/** Minutes of each class in `[from, to)`, for the words beside a bar. */
export function minutesOf(
  timeline: readonly Stretch[],
  from: number,
  to: number,
): { readonly inRange: number; readonly out: number; readonly unproven: number } {
  let [inRange, out] = [0, 0];
  for (const stretch of timeline) {
    const start = Math.max(from, Date.parse(stretch.from));
    const end = Math.min(to, stretch.to === null ? to : Date.parse(stretch.to));
    const minutes = Math.max(0, end - start) / 60_000;
    if (stretch.class === "in") inRange += minutes;
    else if (stretch.class !== "unproven") out += minutes;
  }
  return { inRange, out, unproven: Math.max(0, (to - from) / 60_000 - inRange - out) };
}
