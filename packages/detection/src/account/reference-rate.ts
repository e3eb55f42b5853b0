import type { Milli } from "@unbroken/units";
import { expOfMinus, fixedRatio, lnOf, ONE, type Fixed } from "../fixed-point.ts";
import { ratioHalfUp } from "../ratio-half-up.ts";

/**
 * How fast something ages against how fast it would at 0 °C: e^(ΔH/R · (1/T₀ − 1/T)). One reference for all, so that
 * sums over any stretches can be added up; a multiple of 2⁻¹⁹², so that they add up to the bit. Relative error below
 * 2⁻⁸⁰ from −150 °C up and below 2⁻⁵⁰ at the boiling point of nitrogen, for ΔH/R of 10 000 K; what is colder than
 * −214 °C does not age.
 */
export type ReferenceRate = bigint;

const RATE_BITS = 192n;
const FIXED_BITS = 96n;

/** T₀ = 0 °C, in mK. */
const REFERENCE = 273_150n;

const LN_2: Fixed = lnOf(2n * ONE);

/** @param activation ΔH/R in mK. */
export function referenceRate(milli: Milli, activation: bigint): ReferenceRate {
  const kelvin = BigInt(milli) + REFERENCE;
  if (kelvin <= 0n) return 0n;
  const warmer = kelvin - REFERENCE;
  if (warmer <= 0n) {
    const x = fixedRatio(activation * -warmer, kelvin * REFERENCE);
    const halvings = x / LN_2;
    return (expOfMinus(x - halvings * LN_2) << (RATE_BITS - FIXED_BITS)) >> halvings;
  }
  const x = fixedRatio(activation * warmer, kelvin * REFERENCE);
  const doublings = x / LN_2 + 1n;
  return expOfMinus(doublings * LN_2 - x) << (RATE_BITS - FIXED_BITS + doublings);
}

/** More temperatures than a cold chain's sensors tell apart, and few enough to be kept. */
const KEPT_MAX = 65_536;

/** More activation energies than profiles have. */
const TABLES_MAX = 64;

const kept = new Map<bigint, Map<Milli, ReferenceRate>>();

/** `referenceRate`, which is slow, with a memory. */
export function rateTable(activation: bigint): (milli: Milli) => ReferenceRate {
  const rates = kept.get(activation) ?? new Map<Milli, ReferenceRate>();
  if (kept.size >= TABLES_MAX) kept.clear();
  kept.set(activation, rates);
  return (milli) => {
    const known = rates.get(milli);
    if (known !== undefined) return known;
    if (rates.size >= KEPT_MAX) rates.clear();
    const rate = referenceRate(milli, activation);
    rates.set(milli, rate);
    return rate;
  };
}

/**
 * The temperature at which it would have aged as much in `ms`: 1/T = 1/T₀ − ln(mean rate) / (ΔH/R), in
 * 1/10 000 °C, rounded once, half up.
 */
export function temperatureOfAgeing(aged: ReferenceRate, ms: bigint, activation: bigint): number {
  const rate = aged / ms;
  if (rate === 0n) return Number(-REFERENCE * PER_MILLI);
  // rate = m · 2ᵏ with 1 ≤ m < 2; m needs no more than 96 of the bits.
  const top = BigInt(rate.toString(2).length) - 1n;
  const ln = (top - RATE_BITS) * LN_2 + lnOf(rate >> (top - FIXED_BITS));
  const kelvin = ratioHalfUp(
    REFERENCE * activation * ONE * PER_MILLI,
    activation * ONE - REFERENCE * ln,
  );
  return Number(kelvin - REFERENCE * PER_MILLI);
}

/** Means are given in tenths of a m°C. */
const PER_MILLI = 10n;
