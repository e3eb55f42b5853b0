import type { FaultRules } from "@unbroken/model";
import type { DurationMs, EpochMs, Milli } from "@unbroken/units";

/** What a sensor of a space said at one instant: all its values, or none for a fault or a time in doubt. */
export interface HeardValues {
  readonly sensor: string;
  readonly values: readonly Milli[];
}

/** How long a sensor has been saying the same, and what its siblings did in the meantime. */
export interface SameValue {
  readonly value: Milli;
  /** Its first and its latest reading of this value. */
  readonly since: EpochMs;
  readonly last: EpochMs;
  /** The first moment at which one of the others had moved far enough since `since`; null while none has. */
  readonly movedAt: EpochMs | null;
  /** What each of the others has said since `since`, while none has moved far enough. */
  readonly siblings: Readonly<Record<string, readonly [lowest: Milli, highest: Milli]>>;
}

/** By sensor of one space. Plain JSON. */
export type SameValues = Readonly<Record<string, SameValue>>;

export const noSameValues: SameValues = {};

type StuckRule = NonNullable<FaultRules["stuck"]>;

/**
 * Takes all that the sensors of a space said at one instant; instants come in order, and the order within one does not
 * show. Another value, a fault, two values for one instant, or a silence longer than `gap` ends a run of the same
 * value; what a sibling measured before a run began is no move.
 */
export function heardTogether(
  before: SameValues,
  rule: StuckRule,
  gap: DurationMs,
  at: EpochMs,
  heard: readonly HeardValues[],
): SameValues {
  const runs: Record<string, SameValue> = {};
  // What has been silent too long would begin anew if it were heard: nothing is lost by leaving it out.
  for (const [sensor, run] of Object.entries(before)) if (at - run.last <= gap) runs[sensor] = run;
  for (const { sensor, values } of heard) {
    const value = sameOf(values);
    const run = runs[sensor];
    if (value === null) Reflect.deleteProperty(runs, sensor);
    else if (run?.value === value) runs[sensor] = { ...run, last: at };
    else runs[sensor] = { value, since: at, last: at, movedAt: null, siblings: {} };
  }
  for (const [sensor, run] of Object.entries(runs))
    if (run.movedAt === null) runs[sensor] = besideSiblings(run, rule, at, sensor, heard);
  return runs;
}

/**
 * From which moment on what a sensor says is none; null if it moves, or nothing else does. May lie ahead: it holds then
 * if the run still lasts.
 */
export function stuckFrom(runs: SameValues, rule: StuckRule, sensor: string): EpochMs | null {
  const run = runs[sensor];
  if (run === undefined || run.movedAt === null) return null;
  return Math.max(run.movedAt, run.since + rule.for) as EpochMs;
}

/** The one value of an instant; null if there is none or more than one. */
function sameOf(values: readonly Milli[]): Milli | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

function besideSiblings(
  run: SameValue,
  rule: StuckRule,
  at: EpochMs,
  sensor: string,
  heard: readonly HeardValues[],
): SameValue {
  let siblings: Record<string, readonly [Milli, Milli]> | null = null;
  for (const other of heard) {
    if (other.sensor === sensor || other.values.length === 0) continue;
    const known = (siblings ?? run.siblings)[other.sensor];
    const span = spanOf(known, other.values);
    if (span[1] - span[0] >= rule.while) return { ...run, movedAt: at, siblings: {} };
    if (known !== undefined && span[0] === known[0] && span[1] === known[1]) continue;
    siblings ??= { ...run.siblings };
    siblings[other.sensor] = span;
  }
  return siblings === null ? run : { ...run, siblings };
}

function spanOf(
  known: readonly [Milli, Milli] | undefined,
  values: readonly Milli[],
): readonly [Milli, Milli] {
  const all = known === undefined ? values : [...known, ...values];
  return [Math.min(...all) as Milli, Math.max(...all) as Milli];
}
