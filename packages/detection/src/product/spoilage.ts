import { durationOf, type SpoilageDocument } from "@unbroken/model";
import { milliOf, type Milli } from "@unbroken/units";
import { BITS, expOf, fixedRatio, lnOf, ONE, type Fixed } from "../fixed-point.ts";
import { COLDEST_AIR, HOTTEST_AIR } from "./air-span.ts";
import { NANO_PER_MILLI } from "./core-temperature.ts";

/**
 * How fast goods spoil: for each temperature the share of their life that one millisecond takes, a multiple of 2⁻⁹⁶.
 * Warmer is never slower. Exact in that it is the same in every engine; published constants have five digits.
 */
export interface Spoilage {
  /** The model says nothing below the first and above the second. */
  readonly valid: readonly [Milli, Milli];
  /** Relative error of the life, two standard deviations, in millionths. */
  readonly error: bigint;
  /** How often faster it spoils than at the reference, or for a VVM than once in a millisecond: eˣ, as x. */
  readonly exponent: (milli: Milli) => Fixed | null;
  /** Life at the reference temperature, ms. */
  readonly life: bigint;
  readonly rates: Map<Milli, Fixed>;
}

/** @throws RangeError if the reference temperature is one at which the model has no life. */
export function spoilageOf(document: SpoilageDocument): Spoilage {
  const rates = new Map<Milli, Fixed>();
  if (document.model === "vvm")
    return {
      valid: [COLDEST_AIR, HOTTEST_AIR],
      error: 0n,
      exponent: vvmExponent(document.type),
      life: 1n,
      rates,
    };
  const [low, high] = document.valid_c ?? [null, null];
  return {
    valid: [celsius(low) ?? COLDEST_AIR, celsius(high) ?? HOTTEST_AIR],
    error: millionths(document.life_error),
    exponent: exponentOf(document),
    life: BigInt(durationOf(document.life)),
    rates,
  };
}

/** The share of the life that a millisecond at this temperature takes; no more than one life. */
export function rateOf(spoilage: Spoilage, milli: Milli): Fixed {
  let rate = spoilage.rates.get(milli);
  if (rate === undefined) {
    const x = spoilage.exponent(milli);
    rate = x === null ? 0n : x > FASTEST ? ONE : capped(expOf(x) / spoilage.life);
    if (spoilage.rates.size >= KEPT_RATES) spoilage.rates.clear();
    spoilage.rates.set(milli, rate);
  }
  return rate;
}

/**
 * The same at a temperature in 10⁻⁹ °C: along the straight line between two fiftieths of a degree, so that a core that
 * is never twice as warm needs few figures. Such a chord lies above the curve: by 10⁻⁶ for an Ea of 80 kJ/mol.
 */
export function rateAt(spoilage: Spoilage, nano: number): Fixed {
  const node = Math.floor(nano / CHORD);
  const rate = rateOf(spoilage, (node * CHORD_MILLI) as Milli);
  const rest = nano - node * CHORD;
  if (rest === 0) return rate;
  const next = rateOf(spoilage, ((node + 1) * CHORD_MILLI) as Milli);
  return rate + ((next - rate) * BigInt(rest)) / BigInt(CHORD);
}

const CHORD_MILLI = 20;
const CHORD = CHORD_MILLI * NANO_PER_MILLI;
/** More than there are fiftieths of a degree between the coldest and the hottest air. */
const KEPT_RATES = 32_768;

/** e⁹⁰ is faster than any life that can be stated is long, in ms. */
const FASTEST: Fixed = 90n * ONE;

function capped(rate: Fixed): Fixed {
  return rate > ONE ? ONE : rate;
}

/** Gas constant, 10⁻⁹ J/(mol·K): CODATA 2018, cut. */
const GAS = 8_314_462_618n;
const CELSIUS_ZERO = 273_150n;
const DAY_MS = 86_400_000n;

type Kinetic = Exclude<SpoilageDocument, { readonly model: "vvm" }>;

/** x of eˣ = rate / rate at the reference; null is no spoilage at all. */
function exponentOf(document: Kinetic): Spoilage["exponent"] {
  const reference = BigInt(celsius(document.reference_c) ?? 0);
  switch (document.model) {
    case "arrhenius":
      return arrhenius(millionths(document.activation_kj), reference + CELSIUS_ZERO);
    case "q10": {
      // Q10^(ΔT/10), standards of fresh produce: UC Davis.
      const perKelvin = lnOf(fixedRatio(millionths(document.q10), MILLION)) / 10n;
      return (milli) => (perKelvin * (BigInt(milli) - reference)) / 1_000n;
    }
    case "exponential": {
      // ln RRS = a·T, Dalgaard.
      const a = millionths(document.per_k);
      return (milli) => fixedRatio(a * (BigInt(milli) - reference), MILLION * 1_000n);
    }
    case "square-root":
      return squareRoot(BigInt(celsius(document.minimum_c) ?? 0), reference);
  }
}

/** (Ea/R)·(1/T_ref − 1/T); `activation` in mJ/mol, temperatures in mK. */
function arrhenius(activation: bigint, reference: bigint): Spoilage["exponent"] {
  if (reference <= 0n) throw new RangeError("reference_c: nothing ages at absolute zero");
  return (milli) => {
    const kelvin = BigInt(milli) + CELSIUS_ZERO;
    if (kelvin <= 0n) return null;
    return fixedRatio(
      activation * MILLION * 1_000n * (kelvin - reference),
      GAS * kelvin * reference,
    );
  };
}

/** ((T − T_min)/(T_ref − T_min))², Ratkowsky; below T_min nothing grows. */
function squareRoot(minimum: bigint, reference: bigint): Spoilage["exponent"] {
  const whole = reference - minimum;
  if (whole <= 0n) throw new RangeError("minimum_c: must be below reference_c");
  return (milli) => {
    const part = BigInt(milli) - minimum;
    if (part <= 0n) return null;
    return part >= whole ? 2n * lnOf(fixedRatio(part, whole)) : -2n * lnOf(fixedRatio(whole, part));
  };
}

/**
 * k = A·e^(−B/T) of the life per day: vaccine vial monitors of WHO PQS E006/IN05, constants after Goldwood and
 * Diesburg, Vaccine 2018.
 */
const VVM = {
  VVM2: [144_220_000_000_000_000n, 12_429n],
  VVM7: [2_153_200_000_000_000_000n, 13_652n],
  VVM14: [1_076_600_000_000_000_000n, 13_652n],
  VVM30: [511_310_000_000_000_000n, 13_657n],
} as const;

function vvmExponent(type: keyof typeof VVM): Spoilage["exponent"] {
  const [a, b] = VVM[type];
  // Per ms.
  const lnA = lnOf((a << BITS) / DAY_MS);
  return (milli) => {
    const kelvin = BigInt(milli) + CELSIUS_ZERO;
    return kelvin <= 0n ? null : lnA - fixedRatio(b * 1_000n, kelvin);
  };
}

const MILLION = 1_000_000n;

/** A decimal number of a document, rounded once, as every measured value is. */
function millionths(value: number): bigint {
  return BigInt(milliOf(value * 1_000) ?? 0);
}

function celsius(value: number | null): Milli | null {
  return value === null ? null : milliOf(value);
}
