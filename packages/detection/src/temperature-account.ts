import type { Milli } from "@unbroken/units";
import { expOfMinus, fixedRatio, lnOf, ONE, type Fixed } from "./fixed-point.ts";

/**
 * How long which temperature was proven: ms by m°C. Two accounts are joined by adding them up, exactly and in any
 * order; means are computed from the whole, never from means.
 */
export type TemperatureAccount = ReadonlyMap<Milli, number>;

/** Adds `ms` at a temperature. */
export function addTemperature(account: Map<Milli, number>, milli: Milli, ms: number): void {
  if (ms > 0) account.set(milli, (account.get(milli) ?? 0) + ms);
}

/** Means are given in tenths of a m°C. */
const PER_MILLI = 10n;

/** 0 °C in mK. */
const CELSIUS_ZERO = 273_150n;

/** ΔH/R in mK for ΔH = 83.144 kJ/mol and R = 8.3144 × 10⁻³ kJ/(K·mol), as USP ⟨1160⟩ and ⟨1079.2⟩ have them. */
export const ACTIVATION_USP = 10_000_000n;

/** The mean weighted by time, in 1/10 000 °C, rounded once, half up; null for an empty account. */
export function meanTemperature(account: TemperatureAccount): number | null {
  let sum = 0n;
  let total = 0n;
  for (const [milli, ms] of account) {
    sum += BigInt(milli) * BigInt(ms);
    total += BigInt(ms);
  }
  return total === 0n ? null : Number(dividedHalfUp(sum * PER_MILLI, total));
}

/**
 * Mean kinetic temperature weighted by time, in 1/10 000 °C; null for an empty account.
 *
 * T = (ΔH/R) / −ln( Σ wᵢ e^(−ΔH/(R·Tᵢ)) / Σ wᵢ ), USP ⟨1079.2⟩. All terms are taken relative to the warmest, so
 * that none overflows and the sum is never lost.
 */
export function meanKineticTemperature(
  account: TemperatureAccount,
  activation = ACTIVATION_USP,
): number | null {
  let warmest: bigint | null = null;
  for (const milli of account.keys()) {
    const kelvin = BigInt(milli) + CELSIUS_ZERO;
    if (warmest === null || kelvin > warmest) warmest = kelvin;
  }
  if (warmest === null) return null;
  if (warmest <= 0n) return Number(-CELSIUS_ZERO * PER_MILLI);
  let sum: Fixed = 0n;
  let total = 0n;
  for (const [milli, ms] of account) {
    sum += BigInt(ms) * relativeRate(BigInt(milli) + CELSIUS_ZERO, warmest, activation);
    total += BigInt(ms);
  }
  // 1/T = 1/T_warmest + ln(Σw / Σw·rate) / (ΔH/R)
  const cooling = lnOf(fixedRatio(total * ONE, sum));
  const kelvin = dividedHalfUp(
    warmest * activation * ONE * PER_MILLI,
    activation * ONE + cooling * warmest,
  );
  return Number(kelvin - CELSIUS_ZERO * PER_MILLI);
}

/** e^(ΔH/R · (1/T_warmest − 1/T)): how fast it ages at T against the warmest; temperatures in mK. */
function relativeRate(kelvin: bigint, warmest: bigint, activation: bigint): Fixed {
  if (kelvin <= 0n) return 0n;
  return expOfMinus(fixedRatio(activation * (warmest - kelvin), kelvin * warmest));
}

function dividedHalfUp(numerator: bigint, denominator: bigint): bigint {
  const doubled = 2n * numerator + denominator;
  const quotient = doubled / (2n * denominator);
  // BigInt division truncates towards zero.
  return doubled < 0n && quotient * 2n * denominator !== doubled ? quotient - 1n : quotient;
}
