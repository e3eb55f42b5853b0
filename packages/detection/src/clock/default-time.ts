import { DAY, type EpochMs } from "@unbroken/units";

/** Where clocks begin that have never been set, with how long a device may have run since, in days. */
const EPOCHS: readonly (readonly [at: number, days: number])[] = [
  [0, 60], // POSIX
  [315_532_800_000, 60], // 1980-01-01, FAT
  [315_964_800_000, 60], // 1980-01-06, GPS
  [946_684_800_000, 60], // 2000-01-01, DS1307, DS3231, PCF8563 and most microcontrollers
];

/** No other year's first days are believed to be a firmware's default unless it is this long ago. */
const LONG_AGO = 366 * DAY;

/**
 * Whether a clock that shows this has never been set. Firmware of our time begins its clock on the first of January of
 * the year that it was built in; so a time on that day which arrives more than a year later is doubted as well.
 */
export function isDefaultTime(shown: EpochMs, receivedAt: EpochMs): boolean {
  if (receivedAt - shown <= LONG_AGO) return false;
  if (EPOCHS.some(([at, days]) => shown >= at && shown - at < days * DAY)) return true;
  return isFirstOfYear(Math.floor(shown / DAY));
}

/** Of a day counted from 1970-01-01, in the Gregorian calendar. */
function isFirstOfYear(day: number): boolean {
  // By the mean length of a year: the right year, or the one before it.
  const year = 1970 + Math.floor(day / 365.2425);
  return day === firstOfYear(year) || day === firstOfYear(year + 1);
}

/** Days from 1970-01-01 to the first of January of a year. */
function firstOfYear(year: number): number {
  const y = year - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 719_162;
}
