import { Milli, type DurationMs } from "@unbroken/units";
import { ONE, type Fixed } from "../fixed-point.ts";
import { boundAt, isCertain, NANO_PER_MILLI, type Bound, type Core } from "./core-temperature.ts";
import { firstMoment } from "./first-moment.ts";
import { rateAt, rateOf, type Spoilage } from "./spoilage.ts";

/**
 * How much of the life of goods is used up: shares of a life, multiples of 2⁻⁹⁶. Two accounts of two stretches of
 * time are joined by adding them up, exactly and in any order (Dalgaard: shown additive for fish and smoked salmon).
 *
 * `low` and `high` follow the coldest and the hottest core that can have been, so an unproven stretch widens them and
 * a proven one does not. Where the model says nothing no share is counted, only time: then there is no upper bound.
 */
export interface LifeUse {
  readonly low: Fixed;
  readonly likely: Fixed;
  readonly high: Fixed;
  /** Time outside the model's temperatures, ms: surely, and possibly (which includes surely). */
  readonly outside: { readonly proven: number; readonly possible: number };
}

export const unusedLife: LifeUse = {
  low: 0n,
  likely: 0n,
  high: 0n,
  outside: { proven: 0, possible: 0 },
};

export function joinLife(a: LifeUse, b: LifeUse): LifeUse {
  return {
    low: a.low + b.low,
    likely: a.likely + b.likely,
    high: a.high + b.high,
    outside: {
      proven: a.outside.proven + b.outside.proven,
      possible: a.outside.possible + b.outside.possible,
    },
  };
}

/** What the last `ms` of a core took. Exactly additive: of two halves it is the sum. */
export function lifeUsed(spoilage: Spoilage, core: Core, ms: DurationMs): LifeUse {
  const from = core.ms - ms;
  const likely = boundLife(spoilage, core, "likely", from);
  const certain = isCertain(core);
  return {
    low: certain ? likely : boundLife(spoilage, core, "low", from),
    likely,
    high: certain ? likely : boundLife(spoilage, core, "high", from),
    outside: outsideModel(spoilage, core, from),
  };
}

/**
 * The share used so far, with the error of the model's life on both sides; rounded outwards. `high` is null where
 * the goods were or may have been outside the model.
 */
export function shareUsed(spoilage: Spoilage, use: LifeUse): ShareUsed {
  const high = (use.high * MILLION + (MILLION - spoilage.error) - 1n) / (MILLION - spoilage.error);
  const low = (use.low * MILLION) / (MILLION + spoilage.error);
  return {
    low,
    likely: use.likely > low ? use.likely : low,
    high: use.outside.possible > 0 ? null : high,
  };
}

export interface ShareUsed {
  readonly low: Fixed;
  readonly likely: Fixed;
  readonly high: Fixed | null;
}

/** Thousandths of a percent of the life, rounded down: what a limit on the budget is compared with. */
export function percentOf(share: Fixed): Milli {
  const percent = (share * 100_000n) / ONE;
  return Milli(Number(percent < PERCENT_MAX ? percent : PERCENT_MAX));
}

/** A million percent: so much is more than enough. */
const PERCENT_MAX = 1_000_000_000n;
const MILLION = 1_000_000n;

/** Along one bound from `from` ms after its air began until now, where the model holds. */
function boundLife(spoilage: Spoilage, core: Core, bound: Bound, from: number): Fixed {
  const [begin, end] = validStretch(spoilage, core, bound, from);
  if (begin >= end) return 0n;
  return lifeSince(spoilage, core, bound, begin, end);
}

/** From where to where the model holds of a bound; it passes through its temperatures one way. */
function validStretch(
  spoilage: Spoilage,
  core: Core,
  bound: Bound,
  from: number,
): readonly [number, number] {
  const [coldest, hottest] = spoilage.valid.map((milli) => milli * NANO_PER_MILLI) as [
    number,
    number,
  ];
  const to = core.ms;
  const rises = core.from[bound] < core.air[bound] * NANO_PER_MILLI;
  const at = (ms: number): number => boundAt(core, bound, ms);
  const enters = firstMoment(from, to, (ms) => (rises ? at(ms) >= coldest : at(ms) <= hottest));
  const leaves = firstMoment(from, to, (ms) => (rises ? at(ms) > hottest : at(ms) < coldest));
  return [enters ?? to, leaves ?? to];
}

function outsideModel(spoilage: Spoilage, core: Core, from: number): LifeUse["outside"] {
  const low = validStretch(spoilage, core, "low", from);
  const high = isCertain(core) ? low : validStretch(spoilage, core, "high", from);
  // Surely inside while both bounds are.
  const possible = core.ms - from - commonMs(low, high);
  return { proven: possible === 0 ? 0 : surelyOutside(spoilage, core, from), possible };
}

function surelyOutside(spoilage: Spoilage, core: Core, from: number): number {
  const [coldest, hottest] = spoilage.valid;
  const to = core.ms;
  const cold = msWhile(from, to, (ms) => boundAt(core, "high", ms) < coldest * NANO_PER_MILLI);
  const hot = msWhile(from, to, (ms) => boundAt(core, "low", ms) > hottest * NANO_PER_MILLI);
  return cold + hot;
}

/** How many moments satisfy what turns at most once. */
function msWhile(from: number, to: number, holds: (ms: number) => boolean): number {
  if (from >= to) return 0;
  const first = holds(from);
  const turn = firstMoment(from, to, (ms) => holds(ms) !== first) ?? to;
  return first ? turn - from : to - turn;
}

function commonMs(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]));
}

/**
 * The rate is taken at fixed moments after the air began and as a straight line between them; its integral is exact.
 * So a stretch adds the same however it was cut, no stretch adds less than nothing, and of two cores the warmer is
 * never the one that adds less: all three hold to the bit, which a rule of higher order does not give. For a step of
 * 30 K and Ea of 80 kJ/mol the sum is right to 3 · 10⁻⁵. Once the core is as warm as its air (27 lags leave less than
 * 10⁻⁹ °C of 400 K) the rate is a constant.
 */
function lifeSince(
  spoilage: Spoilage,
  core: Core,
  bound: Bound,
  begin: number,
  end: number,
): Fixed {
  const settled = core.from[bound] === core.air[bound] * NANO_PER_MILLI ? 0 : 27 * core.lag;
  const still = BigInt(Math.max(0, end - Math.max(begin, settled)));
  const constant = still === 0n ? 0n : still * rateInAir(spoilage, core, bound);
  const last = Math.min(end, settled);
  if (begin >= last) return constant;
  const rate = (at: number): Fixed => rateAt(spoilage, boundAt(core, bound, at));
  let sum = constant;
  let cell = cellAt(begin, core.lag);
  let first = rate(cell.at);
  while (cell.at < last) {
    const next = rate(cell.at + cell.ms);
    sum += areaUpTo(Math.min(cell.ms, last - cell.at), cell.ms, first, next);
    if (begin > cell.at) sum -= areaUpTo(begin - cell.at, cell.ms, first, next);
    first = next;
    cell = cellAt(cell.at + cell.ms, core.lag);
  }
  return sum;
}

/** Under a straight line from `first` to `next` in `cell` ms, the first `ms` of it. */
function areaUpTo(ms: number, cell: number, first: Fixed, next: Fixed): Fixed {
  const twice = 2n * BigInt(cell);
  return ((first * (twice - BigInt(ms)) + next * BigInt(ms)) * BigInt(ms)) / twice;
}

/** Of goods as warm as their air: without a lag exactly, with one as along the rest of its course. */
function rateInAir(spoilage: Spoilage, core: Core, bound: Bound): Fixed {
  const milli = core.air[bound];
  return core.lag === 0 ? rateOf(spoilage, Milli(milli)) : rateAt(spoilage, milli * NANO_PER_MILLI);
}

/** The cells' sizes and where each begins to be used, in 1/256 of the lag: wider as the core slows down. */
const CELLS = [
  { from: 2_048, size: 128 },
  { from: 1_280, size: 32 },
  { from: 768, size: 8 },
  { from: 512, size: 4 },
  { from: 256, size: 2 },
] as const;

/** The cell that a moment lies in, ms after the air began. */
function cellAt(moment: number, lag: number): { readonly at: number; readonly ms: number } {
  const unit = Math.max(1, Math.floor(lag / 256));
  const { from, size } = CELLS.find((tier) => moment >= tier.from * unit) ?? { from: 0, size: 1 };
  const ms = size * unit;
  return { at: from * unit + Math.floor((moment - from * unit) / ms) * ms, ms };
}
