import type {
  BacktestDocument,
  Night,
  SpaceFacts,
  Stay,
  VerdictDocument,
} from "@unbroken/detection";
import type { FaultKind, Quantity } from "@unbroken/model";

/** Readings of one quantity of one sensor, in columns: they go to another thread without being copied. */
export interface ReadingColumns {
  readonly sensor: string;
  readonly quantity: Quantity;
  /** Epoch ms, sorted. */
  readonly at: Float64Array<ArrayBuffer>;
  /** Thousandths of the unit; NaN with a fault. */
  readonly milli: Float64Array<ArrayBuffer>;
  /** Of the readings without a value, by their index. */
  readonly faults: ReadonlyMap<number, FaultKind>;
  /** The device's own numbering; NaN of a reading that has none, null where none has. */
  readonly numbers: SequenceColumns | null;
  /** 1 where the time of the reading is in doubt; null where it nowhere is. */
  readonly doubtful: Uint8Array<ArrayBuffer> | null;
}

export interface SequenceColumns {
  readonly boot: Float64Array<ArrayBuffer>;
  readonly number: Float64Array<ArrayBuffer>;
}

/** The memory of columns, to hand over with them. */
export function buffersOf({
  at,
  milli,
  numbers,
  doubtful,
}: ReadingColumns): readonly ArrayBuffer[] {
  const columns = [at, milli, numbers?.boot, numbers?.number, doubtful];
  return columns.flatMap((column) => column?.buffer ?? []);
}

/** All that a verdict on a stretch of time is a function of. */
export interface VerdictQuestion {
  /** As it was stated, and its hash. */
  readonly profile: { readonly hash: string; readonly document: unknown };
  readonly from: number;
  readonly to: number;
  readonly facts: SpaceFacts;
  readonly stays: readonly Stay[];
  readonly readings: readonly ReadingColumns[];
}

/** Other rules to run beside the profile of the question. */
export interface BacktestOf {
  readonly changed: VerdictQuestion["profile"];
  readonly night: Night;
}

export type VerdictAnswer =
  | { readonly id: number; readonly document: VerdictDocument | BacktestDocument }
  | { readonly id: number; readonly error: string };
