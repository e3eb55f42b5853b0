import type { SensorDescription } from "@unbroken/model";
import { DAY, Milli, type EpochMs } from "@unbroken/units";
import { earlier, NEVER } from "../moment.ts";

/** How far a value can be from the truth, and whether anybody stated so. */
export interface Band {
  /** Expanded uncertainty (k = 2), m°C: the truth is within it either side of a value. */
  readonly width: Milli;
  /** False where an accuracy of 0 is only for want of a better one, or a drift is stated without a calibration. */
  readonly known: boolean;
  /** The probe's calibration is due: what it says is no proof. */
  readonly overdue: boolean;
}

/**
 * The band of a sensor at `at`: the accuracy that is stated of the probe, or else the profile's, and its drift since
 * calibration, as the root of the sum of squares (JCGM 100:2008 §5.1.2), rounded up. Drift grows by whole days, a
 * year being 365 of them; before its calibration a probe is as good as at it.
 * @param descriptions sorted by `from`; each holds until the next, and before the first none does.
 */
export function bandAt(
  descriptions: readonly SensorDescription[],
  profileAccuracy: Milli,
  at: EpochMs,
): Band {
  const description = descriptionAt(descriptions, at);
  if (description === null) return bandOfProfile(profileAccuracy);
  const { accuracy, driftPerYear, calibratedAt, calibrationDue } = description;
  const base = accuracy ?? profileAccuracy;
  const isDriftKnown = driftPerYear === 0 || calibratedAt !== null;
  return {
    width: calibratedAt === null ? base : drifted(base, driftPerYear, daysFrom(calibratedAt, at)),
    known: (accuracy !== null || profileAccuracy > 0) && isDriftKnown,
    overdue: calibrationDue !== null && at >= calibrationDue,
  };
}

/** The first moment after `at` at which the band can be another; NEVER if there is none. */
export function nextBandChange(descriptions: readonly SensorDescription[], at: EpochMs): EpochMs {
  let next = NEVER;
  for (const { from } of descriptions) if (from > at) next = earlier(next, from);
  const description = descriptionAt(descriptions, at);
  if (description === null) return next;
  const { driftPerYear, calibratedAt, calibrationDue } = description;
  if (calibrationDue !== null && calibrationDue > at) next = earlier(next, calibrationDue);
  if (driftPerYear === 0 || calibratedAt === null) return next;
  const days = daysFrom(calibratedAt, at) + 1;
  return earlier(next, (calibratedAt + days * DAY) as EpochMs);
}

function descriptionAt(
  descriptions: readonly SensorDescription[],
  at: EpochMs,
): SensorDescription | null {
  for (let i = descriptions.length - 1; i >= 0; i -= 1) {
    const description = descriptions[i];
    if (description !== undefined && description.from <= at) return description;
  }
  return null;
}

function bandOfProfile(accuracy: Milli): Band {
  if (ofProfile.width !== accuracy)
    ofProfile = { width: accuracy, known: accuracy > 0, overdue: false };
  return ofProfile;
}

// Almost every reading asks for it, and most installations have one profile's accuracy.
let ofProfile: Band = { width: Milli(0), known: false, overdue: false };

function daysFrom(calibratedAt: EpochMs, at: EpochMs): number {
  return Math.max(0, Math.floor((at - calibratedAt) / DAY));
}

/** √(base² + (drift · days / 365)²), rounded up to a whole m°C. */
function drifted(base: Milli, driftPerYear: Milli, days: number): Milli {
  if (driftPerYear === 0 || days === 0) return base;
  const grown = BigInt(driftPerYear) * BigInt(days);
  const squares = (BigInt(base) * DAYS_PER_YEAR) ** 2n + grown ** 2n;
  const root = rootUp(squares);
  return Milli(Number((root + DAYS_PER_YEAR - 1n) / DAYS_PER_YEAR));
}

const DAYS_PER_YEAR = 365n;

/** The smallest whole number whose square is not below `square`: Newton's method on whole numbers, from above. */
function rootUp(square: bigint): bigint {
  if (square < 2n) return square;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) / 2n;
    if (next >= root) break;
    root = next;
  }
  return root * root === square ? root : root + 1n;
}
