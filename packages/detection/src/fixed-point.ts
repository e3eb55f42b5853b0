/**
 * Exponential and logarithm in fixed point. `Math.exp` and `Math.log` may differ between engines (ECMA-262
 * §21.3.2), and a verdict may not; whole numbers do not. Values are multiples of 2⁻⁹⁶; the error of either
 * function is below 2⁻⁸⁶.
 */
export type Fixed = bigint;

export const BITS = 96n;
export const ONE: Fixed = 1n << BITS;

/** `numerator / denominator`, rounded down. */
export function fixedRatio(numerator: bigint, denominator: bigint): Fixed {
  return (numerator << BITS) / denominator;
}

/** e⁻ˣ for x ≥ 0. */
export function expOfMinus(x: Fixed): Fixed {
  const halvings = x / LN_2;
  if (halvings > BITS) return 0n;
  const rest = x - halvings * LN_2;
  // e⁻ʳ for 0 ≤ r < ln 2, by its power series: alternating, so the error is below the last term.
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n; n += 1n) {
    term = (term * -rest) / (n << BITS);
    sum += term;
  }
  return sum >> halvings;
}

/** eˣ for any x; of positive x it is the relative error that stays below 2⁻⁷⁸, for x up to 2¹³. */
export function expOf(x: Fixed): Fixed {
  if (x <= 0n) return expOfMinus(-x);
  const doublings = x / LN_2 + 1n;
  return expOfMinus(doublings * LN_2 - x) << doublings;
}

/** ln y for y ≥ 1. */
export function lnOf(y: Fixed): Fixed {
  const doublings = BigInt(y.toString(2).length) - BITS - 1n;
  // y = m · 2ᵏ with 1 ≤ m < 2.
  return doublings * LN_2 + lnNearOne(y >> doublings);
}

const LN_2: Fixed = lnNearOne(2n * ONE);

/** ln m = 2 artanh((m − 1) / (m + 1)) for 1 ≤ m ≤ 2. */
function lnNearOne(m: Fixed): Fixed {
  const z = fixedRatio(m - ONE, m + ONE);
  const zz = (z * z) >> BITS;
  let power = z;
  let sum = 0n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * zz) >> BITS;
  }
  return 2n * sum;
}
