import type { TimedSample } from "../track.ts";

/** In a column of values: the probe was heard, and said that it has no value. */
export const FAULT = -0x8000_0000;

/** The readings of one sensor as columns of one length, in any order; rows may repeat and contradict each other. */
export interface SensorColumns {
  readonly sensor: string;
  /** Epoch ms. */
  readonly at: Float64Array;
  /** m°C, or `FAULT`. */
  readonly milli: Int32Array;
}

/** What one sensor showed, an entry for each instant, in the order of time. */
export interface Instants {
  readonly sensor: string;
  readonly at: Float64Array;
  /** The highest and the lowest value of the instant; `FAULT` if there was none. Each rule takes the worse. */
  readonly highest: Int32Array;
  readonly lowest: Int32Array;
  /** Where a fault came with a value; null if nowhere. */
  readonly doubted: Uint8Array | null;
}

/** @throws RangeError if a value does not fit into its column. */
export function sensorColumns(sensor: string, samples: readonly TimedSample[]): SensorColumns {
  const at = new Float64Array(samples.length);
  const milli = new Int32Array(samples.length);
  samples.forEach((timed, i) => {
    at[i] = timed.at;
    const value = timed.sample.kind === "fault" ? FAULT : timed.sample.milli;
    milli[i] = value;
    if (milli[i] !== value || (value === FAULT && timed.sample.kind === "value"))
      throw new RangeError(`not a value for a column: ${value}`);
  });
  return { sensor, at, milli };
}

/** A function of the set of rows. Columns that are in order, each instant once, are taken as they are. */
export function instantsOf({ sensor, at, milli }: SensorColumns): Instants {
  if (at.length !== milli.length) throw new RangeError("the columns differ in length");
  if (isAscending(at)) return { sensor, at, highest: milli, lowest: milli, doubted: null };
  const order = Uint32Array.from(at, (_, i) => i).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
  const rows = new InstantsBuilder(sensor, at.length);
  for (const row of order) rows.add(at[row] ?? 0, milli[row] ?? FAULT, milli[row] ?? FAULT, false);
  return rows.finish();
}

function isAscending(at: Float64Array): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const moment of at) {
    if (!(moment > last)) return false;
    last = moment;
  }
  return true;
}

/** Two histories of one sensor as one. */
export function mergeInstants(a: Instants, b: Instants): Instants {
  const merged = new InstantsBuilder(a.sensor, a.at.length + b.at.length);
  let i = 0;
  let j = 0;
  while (i < a.at.length || j < b.at.length) {
    const fromA = (a.at[i] ?? Number.POSITIVE_INFINITY) <= (b.at[j] ?? Number.POSITIVE_INFINITY);
    if (fromA) merged.addFrom(a, i);
    else merged.addFrom(b, j);
    if (fromA) i += 1;
    else j += 1;
  }
  return merged.finish();
}

/** Those with an index in `[begin, end)`: the same memory, seen through a window. */
export function sliceInstants(instants: Instants, begin: number, end: number): Instants {
  const highest = instants.highest.subarray(begin, end);
  return {
    sensor: instants.sensor,
    at: instants.at.subarray(begin, end),
    highest,
    lowest: instants.lowest === instants.highest ? highest : instants.lowest.subarray(begin, end),
    doubted: instants.doubted?.subarray(begin, end) ?? null,
  };
}

/** How many instants lie before `moment`. */
export function instantsBefore({ at }: Instants, moment: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Takes rows in the order of time; those of one instant become one. */
class InstantsBuilder {
  readonly #sensor: string;
  readonly #at: Float64Array;
  readonly #highest: Int32Array;
  readonly #lowest: Int32Array;
  readonly #doubted: Uint8Array;
  #length = 0;

  constructor(sensor: string, most: number) {
    this.#sensor = sensor;
    this.#at = new Float64Array(most);
    this.#highest = new Int32Array(most);
    this.#lowest = new Int32Array(most);
    this.#doubted = new Uint8Array(most);
  }

  addFrom(instants: Instants, i: number): void {
    this.add(
      instants.at[i] ?? 0,
      instants.highest[i] ?? FAULT,
      instants.lowest[i] ?? FAULT,
      instants.doubted?.[i] === 1,
    );
  }

  add(at: number, highest: number, lowest: number, doubted: boolean): void {
    if (!Number.isSafeInteger(at)) throw new RangeError(`not a moment: ${at}`);
    const last = this.#length - 1;
    if (last < 0 || this.#at[last] !== at) {
      this.#at[this.#length] = at;
      this.#set(this.#length, highest, lowest, doubted);
      this.#length += 1;
      return;
    }
    const high = this.#highest[last] ?? FAULT;
    const low = this.#lowest[last] ?? FAULT;
    const known = doubted || this.#doubted[last] === 1;
    if (high === FAULT) this.#set(last, highest, lowest, known || highest !== FAULT);
    else if (highest === FAULT) this.#set(last, high, low, true);
    else this.#set(last, Math.max(high, highest), Math.min(low, lowest), known);
  }

  #set(i: number, highest: number, lowest: number, doubted: boolean): void {
    this.#highest[i] = highest;
    this.#lowest[i] = lowest;
    this.#doubted[i] = doubted ? 1 : 0;
  }

  finish(): Instants {
    const end = this.#length;
    const doubted = this.#doubted.slice(0, end);
    return {
      sensor: this.#sensor,
      at: this.#at.slice(0, end),
      highest: this.#highest.slice(0, end),
      lowest: this.#lowest.slice(0, end),
      doubted: doubted.includes(1) ? doubted : null,
    };
  }
}
