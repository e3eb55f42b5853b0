import type { FaultKind, Quantity, Sequence, TimeSource } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";

export interface SeriesKey {
  readonly organisation: string;
  /** `device/probe` */
  readonly sensor: string;
  readonly quantity: Quantity;
}

/**
 * One reading as the store keeps it. Two points are the same if time and value, or fault, are the same; the rest is what
 * is known of it, and all that was written of one point decides, never the order: when it was first received, a time
 * source that is ours before the device's, the lowest of its numbers.
 */
export interface Point {
  readonly measuredAt: EpochMs;
  readonly receivedAt: EpochMs;
  readonly timeSource: TimeSource;
  /** Null with a fault. */
  readonly milli: Milli | null;
  readonly fault: FaultKind | null;
  /** The device's own numbering, where it has one: boot and number, each 0 … 2⁵³ − 1. Missing numbers are known gaps. */
  readonly sequence?: Sequence;
}

export interface SeriesPoint extends SeriesKey, Point {}

/** `[from, to)` of a curve. Minimum and maximum are those of the readings: an excursion is never averaged away. */
export interface Bucket {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Values and faults in it. */
  readonly count: number;
  readonly faults: number;
  /** Null where there is no value. */
  readonly min: Milli | null;
  readonly max: Milli | null;
  /** Exact sum of the values, in thousandths, for the mean; at most 2⁵³. */
  readonly sum: number;
  readonly firstAt: EpochMs | null;
  readonly lastAt: EpochMs | null;
}

/**
 * A projection of the `readings` topic: it can be rebuilt, and its cursor moves only with what it holds.
 * Points may come in any order and more than once; the same point again changes nothing but what it says more;
 * differing values for one instant are all kept. Errors: UB_STORE_IO, UB_LOG_FULL (nothing of the write was kept; try again).
 */
export interface TimeSeries {
  /** The commit sequence up to which the store holds everything; 0 at first. */
  cursor(partition: number): Promise<number>;
  /** Stores the points and moves the cursor, both or neither, durably. */
  write(
    points: readonly SeriesPoint[],
    moved: { readonly partition: number; readonly cursor: number } | null,
  ): Promise<void>;
  /** Points of `[from, to)`, ordered by measuredAt, then value (faults first); at most `max`. */
  range(key: SeriesKey, from: EpochMs, to: EpochMs, max: number): Promise<readonly Point[]>;
  /** The point with the latest measuredAt, or null. */
  last(key: SeriesKey): Promise<Point | null>;
  /** `[from, to)` in at most `buckets` stretches of equal length, empty ones left out. */
  envelope(key: SeriesKey, from: EpochMs, to: EpochMs, buckets: number): Promise<readonly Bucket[]>;
  /** The series that exist, ordered, for one device or for all of an organisation. */
  series(organisation: string, device: string | null): Promise<readonly SeriesKey[]>;
  /** Forgets points measured before `before`; whole chunks at a time, so some may stay. */
  retain(before: EpochMs): Promise<void>;
  /** Bytes on disk. */
  size(): Promise<number>;
  close(): Promise<void>;
}
