import { DAY, type EpochMs } from "@unbroken/units";

/** Where clocks begin that have never been set, with how long a device may have run since, in days. */
const EPOCHS: readonly (readonly [at: number, days: number])[] = [
  [0, 60], // POSIX
  [315_532_800_000, 60], // 1980-01-01, FAT
  [315_964_800_000, 60], // 1980-01-06, GPS
  [946_684_800_000, 60], // 2000-01-01, DS1307, DS3231, PCF8563 and most microcontrollers
];

/** A clock that is a year behind shows a time that could have been. */
const LONG_AGO = 366 * DAY;

/**
 * Whether a clock that shows this has never been set. Firmware that begins its clock on the first of January of the year
 * in which it was built is not recognised: an archive of old readings holds such days too, and a stepped or late clock
 * is found from its arrivals.
 */
export function isDefaultTime(shown: EpochMs, receivedAt: EpochMs): boolean {
  if (receivedAt - shown <= LONG_AGO) return false;
  return EPOCHS.some(([at, days]) => shown >= at && shown - at < days * DAY);
}
