import type { Description, History, QuantityName, Row } from "./history.ts";
import { milliOf, minutesOf } from "./history.ts";
import { isMoment, type Slot } from "./slots.ts";

// What is known of one sensor at one moment (docs/rules.md, Evidence 1 to 3, and `faults`).

/** What one sensor says in a slot: its rows of the last instant, and whether they still hold. */
export interface Said {
  readonly rows: readonly Row[];
  /** The rows of the next instant; empty if there is none that is looked at. */
  readonly next: readonly Row[];
  /** The slot is the very moment of the reading: what it says is said then, whatever follows. */
  readonly atReading: boolean;
  /** Longer than `gap`. */
  readonly silent: boolean;
  /** The device's own numbers say that readings are missing before the next. */
  readonly missing: boolean;
}

/** A history as of the end of what is judged, with the profile's durations read. */
export interface Known {
  readonly history: History;
  readonly gap: number;
  readonly from: number;
  readonly to: number;
  /** Whether the moment `to` is looked at, for a reading is there and no end was stated. */
  readonly lastMoment: boolean;
  /** What is looked at, by sensor and quantity. */
  readonly tracks: readonly Track[];
}

export interface Track {
  readonly sensor: string;
  readonly quantity: QuantityName;
  readonly rows: readonly Row[];
}

export function knownOf(history: History): Known {
  const { profile, rows } = history;
  const minutes = rows.map(({ minute }) => minute);
  const from = history.from ?? Math.min(...minutes);
  const to = history.to ?? Math.max(...minutes);
  const lastMoment = history.to === undefined;
  const looked = rows.filter(({ minute }) => minute < to || (lastMoment && minute === to));
  const keys = [...new Set(looked.map(({ sensor, quantity }) => `${sensor} ${quantity}`))].sort();
  const tracks = keys.map((key) => {
    const own = looked.filter(({ sensor, quantity }) => `${sensor} ${quantity}` === key);
    const [first] = own;
    if (first === undefined) throw new Error("a key without rows");
    return { sensor: first.sensor, quantity: first.quantity, rows: own };
  });
  const gap = profile.gap === undefined ? minutesOf(profile.cadence) * 2.5 : minutesOf(profile.gap);
  return { history, gap, from, to, lastMoment, tracks };
}

export function tracksOf(known: Known, quantity: QuantityName): readonly Track[] {
  return known.tracks.filter((track) => track.quantity === quantity);
}

/** Null before the sensor was first heard. */
export function saidAt(known: Known, track: Track, slot: Slot): Said | null {
  const past = track.rows.filter(({ minute }) => minute <= slot.from);
  if (past.length === 0) return null;
  const last = Math.max(...past.map(({ minute }) => minute));
  const rows = past.filter(({ minute }) => minute === last);
  const coming = track.rows.filter(({ minute }) => minute > slot.from);
  const nextMinute = coming.length === 0 ? null : Math.min(...coming.map(({ minute }) => minute));
  const next = coming.filter(({ minute }) => minute === nextMinute);
  return {
    rows,
    next,
    atReading: isMoment(slot) && slot.from === last,
    silent: (nextMinute ?? known.to) - last > known.gap,
    missing: rows.some((a) => next.some((b) => isMissing(a, b))),
  };
}

function isMissing(a: Row, b: Row): boolean {
  return (
    a.sequence !== undefined &&
    b.sequence !== undefined &&
    a.sequence.boot === b.sequence.boot &&
    b.sequence.number > a.sequence.number + 1
  );
}

/** The value of a row, or null where it is none that could prove anything (Evidence 2). */
export function valueOf(
  known: Known,
  track: Track,
  row: Row,
  slot: Slot,
  stuckAt: Slot = slot,
): number | null {
  if (row.value === null || row.doubtfulClock === true) return null;
  const due = descriptionAt(known, row.sensor, slot.from)?.due ?? null;
  if (due !== null && slot.from >= due) return null;
  if (row.quantity !== "temperature") return row.value;
  if (isSentinel(known, row) || isStep(known, track, row)) return null;
  return isStuck(known, track, row, stuckAt) ? null : row.value;
}

/** What was stated of a probe last. */
function descriptionAt(known: Known, sensor: string, minute: number): Description | undefined {
  return known.history.facts.sensors[sensor]?.findLast(({ from }) => from <= minute);
}

/** Half width of the band (Evidence 4), in thousandths. Stated in K, so of temperatures alone. */
export function bandOf(known: Known, { sensor, quantity }: Track, minute: number): number {
  if (quantity !== "temperature") return 0;
  const stated = descriptionAt(known, sensor, minute)?.accuracy;
  return stated ?? milliOf(known.history.profile.accuracy ?? 0);
}

function isSentinel(known: Known, { value, quantity }: Row): boolean {
  const { sentinels = [] } = known.history.profile.faults ?? {};
  if (quantity !== "temperature") return false;
  return value !== null && sentinels.some((sentinel) => milliOf(sentinel) === value);
}

/** A row with which another can be compared: a value, at a time that is known. */
function isPlain(known: Known, row: Row): row is Row & { readonly value: number } {
  return row.value !== null && row.doubtfulClock !== true && !isSentinel(known, row);
}

/** Further than `by` from both neighbours in the same direction, each within `within`. */
function isStep(known: Known, track: Track, row: Row): boolean {
  const { step } = known.history.profile.faults ?? {};
  const { value, minute } = row;
  if (step === undefined || value === null) return false;
  const minutes = track.rows.map((other) => other.minute);
  const before = Math.max(...minutes.filter((other) => other < minute));
  const after = Math.min(...minutes.filter((other) => other > minute));
  if (!(minute - before <= minutesOf(step.within) && after - minute <= minutesOf(step.within)))
    return false;
  const plain = track.rows.filter((other) => isPlain(known, other));
  const beside = [before, after].map((at) => plain.filter((other) => other.minute === at));
  // Without something to compare with on each side a value counts as it is.
  if (beside.some((rows) => rows.length === 0)) return false;
  const by = milliOf(step.by);
  return (
    beside.flat().every((other) => value - other.value > by) ||
    beside.flat().every((other) => other.value - value > by)
  );
}

/**
 * The same value for `for` or longer while another sensor of the space moved by `while`: none from the moment at which
 * both are so. Anything but that one value, and a silence longer than `gap`, ends the run of it.
 */
function isStuck(known: Known, track: Track, row: Row, slot: Slot): boolean {
  const { stuck } = known.history.profile.faults ?? {};
  if (stuck === undefined) return false;
  const minutes = [...new Set(track.rows.map(({ minute }) => minute))].sort((a, b) => a - b);
  const upTo = minutes.filter((minute) => minute <= row.minute);
  const endsBefore = upTo.filter(
    (minute, i) =>
      track.rows.some(
        (each) =>
          each.minute === minute && (each.value !== row.value || each.doubtfulClock === true),
      ) || (upTo[i + 1] ?? minute) - minute > known.gap,
  );
  const since = upTo.find((minute) => minute > Math.max(...endsBefore)) ?? row.minute;
  if (endsBefore.includes(row.minute) || slot.from - since < minutesOf(stuck.for)) return false;
  return tracksOf(known, "temperature")
    .filter(({ sensor }) => sensor !== track.sensor)
    .some(({ rows }) => {
      // A value beside a fault at one instant is no move.
      const faulty = new Set(
        rows.filter((each) => !isPlain(known, each)).map(({ minute }) => minute),
      );
      const values = rows.flatMap((each) =>
        isPlain(known, each) &&
        !faulty.has(each.minute) &&
        each.minute >= since &&
        each.minute <= slot.from
          ? [each.value]
          : [],
      );
      return Math.max(...values) - Math.min(...values) >= milliOf(stuck.while);
    });
}
