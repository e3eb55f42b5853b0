import { EpochMs, type DurationMs } from "./time.ts";

// RFC 3339 §5.6 with a mandatory offset: a time without one is not a moment.
const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;

/**
 * Reads an RFC 3339 time with offset; basic offsets (`+0200`) are accepted as ISO 8601 has them.
 * @returns null if the text is no such time, has no offset, or names a day or hour that does not exist.
 */
export function parseIsoTime(text: string): EpochMs | null {
  const m = RFC3339.exec(text);
  if (m === null) return null;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second = "0",
    fraction = "",
    ,
    sign,
    oh = "0",
    om = "0",
  ] = m;
  const civil = epochOfCivil(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, "0").slice(0, 3)),
  );
  if (civil === null || Number(oh) > 23 || Number(om) > 59) return null;
  const offset = (Number(oh) * 60 + Number(om)) * 60_000;
  return EpochMs(civil - (sign === "-" ? -offset : offset));
}

/** The moment at which a clock at offset zero shows this date and time, or null if it never does. */
export function epochOfCivil(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): EpochMs | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const days = daysFromCivil(year, month, day);
  return EpochMs(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + ms);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
function daysFromCivil(year: number, month: number, day: number): number {
  // Years that begin in March put the leap day last, so month lengths follow one formula.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** RFC 3339 in UTC with milliseconds, `2026-05-05T09:21:56.000Z`. Years outside 0000–9999 are not expected. */
export function formatIsoTime(at: EpochMs): string {
  const ms = ((at % 86_400_000) + 86_400_000) % 86_400_000;
  const [year, month, day] = civilFromDays((at - ms) / 86_400_000);
  const pad = (n: number, width: number): string => String(n).padStart(width, "0");
  const hour = Math.floor(ms / 3_600_000);
  const minute = Math.floor(ms / 60_000) % 60;
  const second = Math.floor(ms / 1_000) % 60;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(ms % 1_000, 3)}Z`;
}

function civilFromDays(days: number): readonly [year: number, month: number, day: number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  ];
}

// ISO 8601-1:2019 §5.5.2, without years and months: their length depends on where they start.
const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/;

/** Reads `PT1H30M`, `P2D`, `PT0.5S`. @returns null if the text is no such duration. */
export function parseIsoDuration(text: string): DurationMs | null {
  const m = DURATION.exec(text);
  if (m === null || text === "P" || text.endsWith("T")) return null;
  const [, weeks = "0", days = "0", hours = "0", minutes = "0", seconds = "0", fraction = ""] = m;
  const total =
    (((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 +
    Number(seconds) * 1_000 +
    Number(fraction.padEnd(3, "0"));
  return Number.isSafeInteger(total) ? (total as DurationMs) : null;
}

/** The shortest of `PT…H…M…S`, with days from 24 hours on. */
export function formatIsoDuration(duration: DurationMs): string {
  if (duration === 0) return "PT0S";
  const days = Math.floor(duration / 86_400_000);
  const hours = Math.floor(duration / 3_600_000) % 24;
  const minutes = Math.floor(duration / 60_000) % 60;
  const seconds = (duration % 60_000) / 1_000;
  const time = `${hours > 0 ? `${hours}H` : ""}${minutes > 0 ? `${minutes}M` : ""}${seconds > 0 ? `${seconds}S` : ""}`;
  return `P${days > 0 ? `${days}D` : ""}${time === "" ? "" : `T${time}`}`;
}
