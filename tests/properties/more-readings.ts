import type { History, Row } from "../oracle/history.ts";
import { knownOf, saidAt, valueOf, type Known, type Track } from "../oracle/known.ts";
import { boundsIn, isContradicted } from "../oracle/physics.ts";
import { Random } from "../oracle/random.ts";

/**
 * The same history with some readings more, each as it must have been if what was said before is true: where a value
 * holds, that value; in a silence any value, or one that the stated physics allows. What comes before a sensor is first
 * heard stays unknown.
 */
export function moreTrueReadings(history: History, seed: number): History {
  const random = new Random(seed);
  const times = random.whole(1, 6);
  return Array.from({ length: times }).reduce<History>((now) => withOneMore(now, random), history);
}

function withOneMore(history: History, random: Random): History {
  if (history.rows.length === 0) return history;
  const known = knownOf(history);
  const airs = known.tracks.filter(
    ({ quantity }) => quantity === "temperature" || quantity === "relative_humidity",
  );
  if (airs.length === 0) return history;
  const track = random.one(airs);
  const minutes = track.rows.map(({ minute }) => minute);
  const minute = random.whole(Math.min(...minutes), known.to - 1);
  if (minutes.includes(minute)) return history;
  const value = trueValue(known, track, minute, random);
  if (value === null) return history;
  const { sensor, quantity } = track;
  const row: Row = { sensor, quantity, minute, value };
  return { ...history, rows: [...history.rows, row] };
}

const ANY = [-5_000, 1_000, 2_000, 5_000, 7_999, 8_000, 9_000, 12_000, 30_000];

function trueValue(known: Known, track: Track, minute: number, random: Random): number | null {
  const slot = { from: minute, to: minute };
  const said = saidAt(known, track, slot);
  if (said === null) return null;
  const values = said.rows.map((row) => valueOf(known, track, row, slot));
  const [held, ...others] = values;
  // Two values for one instant: which of them is true nobody knows.
  if (held === undefined || others.some((other) => other !== held)) return null;
  const any = track.quantity === "temperature" ? random.one(ANY) : random.whole(0, 100) * 1_000;
  if (held !== null && !said.silent) return held;
  if (track.quantity !== "temperature") return any;
  if (isContradicted(known, track, said, "high", null)) return null;
  const [low, high] = boundsIn(known, track, said, minute);
  if (low > high) return null;
  return Math.min(Math.max(any, Math.ceil(low)), Math.floor(high));
}
