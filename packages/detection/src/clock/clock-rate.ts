import { DAY, SECOND, type EpochMs } from "@unbroken/units";
import { standingOf, aheadOf, type Arrival, type ArrivalRun } from "./arrival-run.ts";
import type { ClockFinding } from "./clock-finding.ts";

/** The least delayed arrival of a day. */
interface BestOfDay {
  readonly day: number;
  readonly at: EpochMs;
  readonly ahead: number;
}

/** What is known of how fast a clock goes. Plain JSON. */
export interface RateState {
  /** `from` of the run that the days belong to: a clock that is set tells nothing of its rate across that. */
  readonly run: EpochMs | null;
  readonly days: readonly BestOfDay[];
  readonly finding: ClockFinding | null;
}

export const unknownRate: RateState = { run: null, days: [], finding: null };

/** Too few days show the weather of a network, not a rate. */
const DAYS_MIN = 7;
const DAYS_MAX = 30;

/** 11.6 ppm, a minute in two months: better than most crystals (20 to 100 ppm), and no reason to tell anybody. */
const RATE_MIN_MS = 1 * SECOND;

/** Goes on with the best arrival of each day; once a day the slope through them is looked at. */
export function observeRate(
  state: RateState,
  run: ArrivalRun,
  arrival: Arrival,
  said: ClockFinding[],
): RateState {
  const { receivedAt } = arrival;
  if (state.run !== run.from) {
    if (state.finding !== null) said.push({ ...state.finding, until: receivedAt });
    return { run: run.from, days: [bestOf(arrival)], finding: null };
  }
  if (standingOf(run, arrival) === "late") return state;
  const today = bestOf(arrival);
  const last = state.days.at(-1);
  if (last?.day === today.day) {
    const best = today.ahead > last.ahead ? today : last;
    return best === last ? state : { ...state, days: [...state.days.slice(0, -1), best] };
  }
  const days = [...state.days, today].slice(-DAYS_MAX);
  return { ...state, days, finding: findingOf(state.finding, days.slice(0, -1), receivedAt, said) };
}

function bestOf(arrival: Arrival): BestOfDay {
  const { receivedAt } = arrival;
  return { day: Math.floor(receivedAt / DAY), at: receivedAt, ahead: aheadOf(arrival) };
}

function findingOf(
  before: ClockFinding | null,
  days: readonly BestOfDay[],
  now: EpochMs,
  said: ClockFinding[],
): ClockFinding | null {
  const rate = rateOf(days);
  if (rate === null) {
    if (before !== null) said.push({ ...before, until: now });
    return null;
  }
  const { perDay, error, from } = rate;
  // Said again only when it says something else.
  if (before !== null && Math.abs(before.offsetMs - perDay) <= Math.max(before.errorMs, error))
    return before;
  const finding: ClockFinding = {
    kind: "drifting",
    offsetMs: perDay,
    errorMs: error,
    from: before?.from ?? from,
    until: null,
    certain: false,
    shownTwice: null,
  };
  said.push(finding);
  return finding;
}

/** The least squares slope, ms a day, if it stands out from what it leaves unexplained. */
function rateOf(
  days: readonly BestOfDay[],
): { readonly perDay: number; readonly error: number; readonly from: EpochMs } | null {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined || days.length < DAYS_MIN) return null;
  const points = days.map(({ at, ahead }) => [(at - first.at) / DAY, ahead - first.ahead] as const);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) * (x - meanX), 0);
  const common = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const slope = common / spread;
  const rest = Math.max(...points.map(([x, y]) => Math.abs(y - meanY - slope * (x - meanX))));
  const span = (last.at - first.at) / DAY;
  if (Math.abs(slope) < RATE_MIN_MS || Math.abs(slope) * span < 4 * rest) return null;
  return { perDay: Math.round(slope), error: Math.ceil((2 * rest) / span), from: first.at };
}
