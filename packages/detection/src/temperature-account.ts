import type { Milli } from "@unbroken/units";
import { expOfMinus, fixedRatio, lnOf, ONE, type Fixed } from "./fixed-point.ts";
import { ratioHalfUp } from "./ratio-half-up.ts";

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

/** ΔH/R of a rule's mean kinetic temperature, in mK, with the R of USP. */
export function activationOf({ activation }: { readonly activation: number }): bigint {
  return (BigInt(activation) * 10_000_000n) / 83_144n;
}

/** The mean weighted by time, in 1/10 000 °C, rounded once, half up; null for an empty account. */
export function meanTemperature(account: TemperatureAccount): number | null {
  let sum = 0n;
  let total = 0n;
  for (const [milli, ms] of account) {
    sum += BigInt(milli) * BigInt(ms);
    total += BigInt(ms);
  }
  return total === 0n ? null : Number(ratioHalfUp(sum * PER_MILLI, total));
}

/**
 * Mean kinetic temperature weighted by time, in 1/10 000 °C, rounded once; null for an empty account.
 *
 * T = (ΔH/R) / −ln( Σ wᵢ e^(−ΔH/(R·Tᵢ)) / Σ wᵢ ), USP ⟨1079.2⟩. All terms are taken relative to the warmest, so
 * that none overflows and the sum is never lost.
 */
export function meanKineticTemperature(
  account: TemperatureAccount,
  activation = ACTIVATION_USP,
): number | null {
  const warmest = [...account.keys()].reduce<Milli | null>(
    (a, b) => (a === null || b > a ? b : a),
    null,
  );
  if (warmest === null) return null;
  let sum: Fixed = 0n;
  let total = 0n;
  for (const [milli, ms] of account) {
    sum += BigInt(ms) * relativeRate(milli, warmest, activation);
    total += BigInt(ms);
  }
  return temperatureOfRate(sum, total, warmest, activation);
}

/** e^(ΔH/R · (1/T_warmest − 1/T)): how fast it ages at a temperature against the warmest of all, 0 to 1. */
function relativeRate(milli: Milli, warmest: Milli, activation = ACTIVATION_USP): Fixed {
  const kelvin = BigInt(milli) + CELSIUS_ZERO;
  const reference = BigInt(warmest) + CELSIUS_ZERO;
  if (kelvin === reference) return ONE;
  if (kelvin <= 0n) return 0n;
  return expOfMinus(fixedRatio(activation * (reference - kelvin), kelvin * reference));
}

/** The temperature, in 1/10 000 °C, at which it would have aged by the same `sum` of relative rates in `total` ms. */
function temperatureOfRate(
  sum: Fixed,
  total: bigint,
  warmest: Milli,
  activation = ACTIVATION_USP,
): number {
  const reference = BigInt(warmest) + CELSIUS_ZERO;
  if (sum === 0n || reference <= 0n) return Number(-CELSIUS_ZERO * PER_MILLI);
  // 1/T = 1/T_warmest + ln(Σw / Σw·rate) / (ΔH/R)
  const cooling = lnOf(fixedRatio(total * ONE, sum));
  const kelvin = ratioHalfUp(
    reference * activation * ONE * PER_MILLI,
    activation * ONE + cooling * reference,
  );
  return Number(kelvin - CELSIUS_ZERO * PER_MILLI);
}
