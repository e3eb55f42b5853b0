import type { DurationMs, Milli } from "@unbroken/units";
import type { Limit } from "../evidence.ts";
import { ACTIVATION_USP } from "../temperature-account.ts";
import { rateTable, type ReferenceRate } from "./reference-rate.ts";

/** By what a stretch is accounted: one rule's limit or, for the union of several rules, the limits of them all. */
export interface AccountTerms {
  readonly limits: readonly Limit[];
  /** Silence longer than this is unproven from the last reading on. */
  readonly gap: DurationMs;
  /** Half width of the band round each limit in which a value proves neither; 0 unless stated. */
  readonly accuracy?: Milli;
  /** ΔH/R in mK; that of USP ⟨1079.2⟩ unless stated. */
  readonly activation?: bigint;
}

/** The same, ready for whole m°C. */
export interface AccountLaw {
  readonly gap: number;
  /** From this value on it is out high, and how far out is measured from this one. Infinite without an upper limit. */
  readonly highFrom: number;
  readonly highLimit: number;
  /** Up to this value it is out low, and how far out is measured from this one. Infinite without a lower limit. */
  readonly lowTo: number;
  readonly lowLimit: number;
  /** From this value on it could be out high, and up to that one out low. */
  readonly highPossibleFrom: number;
  readonly lowPossibleTo: number;
  readonly activation: bigint;
  readonly rateOf: (milli: Milli) => ReferenceRate;
}

/** Of several limits on one side the strictest is the union's; exactly on the limit is out for `ge` and `le`. */
export function accountLaw({ limits, gap, accuracy, activation }: AccountTerms): AccountLaw {
  let highFrom = Number.POSITIVE_INFINITY;
  let highLimit = Number.POSITIVE_INFINITY;
  let lowTo = Number.NEGATIVE_INFINITY;
  let lowLimit = Number.NEGATIVE_INFINITY;
  for (const { comparison, limit } of limits) {
    if (comparison === "gt" || comparison === "ge") {
      highFrom = Math.min(highFrom, comparison === "ge" ? limit : limit + 1);
      highLimit = Math.min(highLimit, limit);
    } else {
      lowTo = Math.max(lowTo, comparison === "le" ? limit : limit - 1);
      lowLimit = Math.max(lowLimit, limit);
    }
  }
  const band = accuracy ?? 0;
  const energy = activation ?? ACTIVATION_USP;
  return {
    gap,
    highFrom: highFrom + band,
    highLimit,
    lowTo: lowTo - band,
    lowLimit,
    highPossibleFrom: highFrom - band,
    lowPossibleTo: lowTo + band,
    activation: energy,
    rateOf: rateTable(energy),
  };
}
