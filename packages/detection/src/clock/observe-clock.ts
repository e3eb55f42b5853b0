import { CLOCK_TOLERANCE, zoneErrorOf, type Sequence } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import {
  aheadOf,
  errorOf,
  extended,
  isLive,
  runOf,
  standingOf,
  type Arrival,
  type ArrivalRun,
} from "./arrival-run.ts";
import { subjectOf, type ClockFinding } from "./clock-finding.ts";
import { observeRate, unknownRate, type RateState } from "./clock-rate.ts";
import { isDefaultTime } from "./default-time.ts";

/** What is known of a device's clock. Plain JSON. */
export interface ClockState {
  /** The arrivals that show the present offset, and those that may come to show another. */
  readonly run: ArrivalRun | null;
  readonly late: ArrivalRun | null;
  /** The highest number of the present boot, and what the clock showed with it. */
  readonly newest: Numbered | null;
  readonly offset: ClockFinding | null;
  readonly rate: RateState;
}

interface Numbered {
  readonly sequence: Sequence;
  readonly told: EpochMs;
  readonly receivedAt: EpochMs;
}

export const unknownClock: ClockState = {
  run: null,
  late: null,
  newest: null,
  offset: null,
  rate: unknownRate,
};

/**
 * Takes one arrival of a device, in the order of `receivedAt`.
 * @returns the state, and the findings that begin, change or end with it. A finding may begin earlier than the arrival
 * that completes it: what was received since its `from` has to be judged again.
 */
export function observeClock(
  state: ClockState,
  arrival: Arrival,
): readonly [ClockState, readonly ClockFinding[]] {
  const said: ClockFinding[] = [];
  const newest = newestOf(state.newest, arrival);
  const step = stepOf(state.newest, arrival);
  if (step !== null) said.push(step);
  if (isDefaultTime(arrival.told, arrival.receivedAt)) {
    const offset = state.offset ?? neverSet(arrival);
    if (state.offset === null) said.push(offset);
    return [{ ...state, newest, offset }, said];
  }
  const { run, late } = joined(state, arrival);
  const offset = offsetOf(state.offset, run, arrival.receivedAt, said);
  const rate = observeRate(state.rate, run, arrival, said);
  return [{ run, late, newest, offset, rate }, said];
}

/** What arrivals show in the end, in any order: the last state of each finding, sorted by `from`. */
export function clockFindings(arrivals: readonly Arrival[]): readonly ClockFinding[] {
  const found = new Map<string, ClockFinding>();
  let state = unknownClock;
  for (const arrival of [...arrivals].sort(inOrder)) {
    const [next, said] = observeClock(state, arrival);
    state = next;
    for (const finding of said) found.set(`${subjectOf(finding)} ${finding.from}`, finding);
  }
  return [...found.values()].sort((a, b) => a.from - b.from);
}

function inOrder(a: Arrival, b: Arrival): number {
  const [left, right] = [orderOf(a), orderOf(b)];
  const differs = left.findIndex((part, i) => part !== right[i]);
  return differs === -1 ? 0 : (left[differs] ?? 0) - (right[differs] ?? 0);
}

function orderOf({ receivedAt, told, sequence, by }: Arrival): readonly number[] {
  const boot = sequence?.boot ?? -1;
  return [receivedAt, told, boot, sequence?.number ?? -1, by === "sent-at" ? 1 : 0];
}

function neverSet(arrival: Arrival): ClockFinding {
  return {
    kind: "never-set",
    offsetMs: aheadOf(arrival),
    errorMs: CLOCK_TOLERANCE,
    from: arrival.receivedAt,
    until: null,
    certain: true,
    shownTwice: null,
  };
}

/** A clock is moved on at once, for nothing arrives before it is sent; back only when as much is seen live. */
function joined(
  { run, late }: ClockState,
  arrival: Arrival,
): Pick<ClockState, "late"> & { readonly run: ArrivalRun } {
  if (run === null) return { run: runOf(arrival), late: null };
  switch (standingOf(run, arrival)) {
    case "ahead":
      return { run: runOf(arrival), late: null };
    case "agrees":
      return { run: extended(run, arrival), late };
    case "late": {
      const agrees = late !== null && standingOf(late, arrival) === "agrees";
      const next = agrees ? extended(late, arrival) : runOf(arrival);
      return isLive(next) ? { run: next, late: null } : { run, late: next };
    }
  }
}

/** Goes on with the finding of the offset, ends it, or begins another. */
function offsetOf(
  before: ClockFinding | null,
  run: ArrivalRun,
  now: EpochMs,
  said: ClockFinding[],
): ClockFinding | null {
  const shown = offsetShownBy(run);
  const isSame =
    before !== null &&
    shown !== null &&
    before.kind === shown.kind &&
    Math.abs(before.offsetMs - shown.offsetMs) <= CLOCK_TOLERANCE;
  if (isSame) return before;
  if (before !== null && before.from !== shown?.from)
    said.push({ ...before, until: run.from > before.from ? run.from : now });
  if (shown !== null) said.push(shown);
  return shown;
}

/** What a run of arrivals shows; null while it shows a right clock, or too little. */
function offsetShownBy(run: ArrivalRun): ClockFinding | null {
  const { ahead, aheadFrom, from, isSentAt } = run;
  const zone = isLive(run) ? zoneErrorOf(ahead) : null;
  const finding = { errorMs: errorOf(run), from, until: null, shownTwice: null };
  if (zone !== null)
    return { kind: "zone", offsetMs: zone, certain: ahead > 0 || isSentAt, ...finding };
  if (aheadFrom !== null)
    return { kind: "ahead", offsetMs: ahead, certain: true, ...finding, from: aheadFrom };
  if (isSentAt && isLive(run) && ahead + CLOCK_TOLERANCE < 0)
    return { kind: "behind", offsetMs: ahead, certain: true, ...finding };
  return null;
}

function newestOf(
  newest: Numbered | null,
  { sequence, told, receivedAt }: Arrival,
): Numbered | null {
  if (sequence === null) return newest;
  const isNewer =
    newest === null ||
    sequence.boot !== newest.sequence.boot ||
    sequence.number > newest.sequence.number;
  return isNewer ? { sequence, told, receivedAt } : newest;
}

/** A higher number of the same boot with an earlier time: the clock was set back between the two. */
function stepOf(newest: Numbered | null, arrival: Arrival): ClockFinding | null {
  const { sequence, told, receivedAt } = arrival;
  if (newest === null || sequence === null) return null;
  if (sequence.boot !== newest.sequence.boot) return null;
  if (sequence.number <= newest.sequence.number) return null;
  const moved = told - newest.told;
  if (moved + CLOCK_TOLERANCE >= 0) return null;
  return {
    kind: "stepped",
    offsetMs: moved,
    errorMs: CLOCK_TOLERANCE + receivedAt - newest.receivedAt,
    from: newest.receivedAt,
    until: receivedAt,
    certain: true,
    shownTwice: [told, newest.told],
  };
}
