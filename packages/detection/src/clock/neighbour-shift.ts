import type { DurationMs, EpochMs, Milli } from "@unbroken/units";

/** A value of one of two sensors. */
export interface CurvePoint {
  readonly at: EpochMs;
  readonly milli: Milli;
}

/** By how much one sensor's times have to be moved so that its curve agrees best with its neighbour's. A proposal. */
export interface NeighbourShift {
  /** To be added to the times of the sensor in question, ms. */
  readonly shiftMs: number;
  readonly errorMs: number;
}

/** Of the common time at least so much must be covered by both at any shift that is looked at. */
const OVERLAP_MIN = 0.5;

/** A shift that explains less than half of how the curves differ explains nothing. */
const GAIN_MIN = 2;

/** Of how the neighbour's curve varies, what remains unexplained at the best shift must be less than this share. */
const REST_MAX = 0.25;

/** The variance that rounding to a tenth of a degree leaves in the difference of two values, (m°C)². */
const ROUNDING = (2 * 100 * 100) / 12;

/**
 * Looks for the shift of `sensor` within `± reach` at which its curve differs from its `neighbour`'s by the most
 * constant amount: two places of a room differ in level, and swing together. Values hold until the next.
 * @param step the grid of times and shifts; the answer is no better than it.
 * @returns null if they do not agree better anywhere than they do now, or equally well at shifts far apart, as
 * compressor cycles do.
 */
export function neighbourShift(
  sensor: readonly CurvePoint[],
  neighbour: readonly CurvePoint[],
  reach: DurationMs,
  step: DurationMs,
): NeighbourShift | null {
  const [a, b] = [sampled(sensor, step), sampled(neighbour, step)];
  if (a === null || b === null) return null;
  const most = Math.floor(reach / step);
  const needed = Math.max(2, Math.ceil(OVERLAP_MIN * Math.min(a.values.length, b.values.length)));
  const spreads: (number | null)[] = [];
  for (let shift = -most; shift <= most; shift += 1) spreads.push(spreadAt(a, b, shift, needed));
  const now = spreads[most] ?? null;
  const best = lowestOf(spreads);
  if (best === null || now === null) return null;
  const level = (spreads[best] ?? 0) + ROUNDING;
  if (level > REST_MAX * varianceOf(b.values)) return null;
  if (best !== most && now + ROUNDING < GAIN_MIN * level) return null;
  const asGood = spreads.flatMap((spread, i) =>
    spread !== null && spread + ROUNDING <= GAIN_MIN * level ? [i] : [],
  );
  const first = asGood[0] ?? best;
  const last = asGood.at(-1) ?? best;
  if (last - first + 1 !== asGood.length) return null;
  // What is still as good at the end of the search may be better beyond it.
  if (first === 0 || last === spreads.length - 1) return null;
  return {
    shiftMs: (best - most) * step,
    errorMs: Math.max(best - first, last - best, 1) * step,
  };
}

interface Sampled {
  /** The number of the first step since 1970. */
  readonly begin: number;
  readonly values: readonly number[];
}

/** The value that holds at each step. */
function sampled(points: readonly CurvePoint[], step: DurationMs): Sampled | null {
  const sorted = [...points].sort((p, q) => (p.at === q.at ? p.milli - q.milli : p.at - q.at));
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return null;
  const begin = Math.ceil(first.at / step);
  const values: number[] = [];
  let next = 0;
  for (let i = begin; i * step <= last.at; i += 1) {
    while ((sorted[next + 1]?.at ?? Infinity) <= i * step) next += 1;
    values.push(sorted[next]?.milli ?? 0);
  }
  return values.length === 0 ? null : { begin, values };
}

/** The variance of the difference where `a`, moved by `shift` steps, and `b` overlap; null where they do too little. */
function spreadAt(a: Sampled, b: Sampled, shift: number, needed: number): number | null {
  const from = Math.max(a.begin + shift, b.begin);
  const to = Math.min(a.begin + shift + a.values.length, b.begin + b.values.length);
  const count = to - from;
  if (count < needed) return null;
  const overlap = b.values.slice(from - b.begin, to - b.begin);
  const offset = from - a.begin - shift;
  return varianceOf(overlap.map((value, i) => (a.values[offset + i] ?? 0) - value));
}

function varianceOf(values: readonly number[]): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return (squares - (sum * sum) / values.length) / values.length;
}

/** Where the lowest spread is; the first of several, which then lie within the error of each other. */
function lowestOf(spreads: readonly (number | null)[]): number | null {
  let best: number | null = null;
  let lowest = Infinity;
  spreads.forEach((spread, i) => {
    if (spread === null || spread >= lowest) return;
    lowest = spread;
    best = i;
  });
  return best;
}
