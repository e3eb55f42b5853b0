import { UnbrokenError } from "@unbroken/errors";
import { EpochMs, epochOfCivil, formatIsoTime, parseIsoTime } from "@unbroken/units";

/** Reads a time as rows and options have it. @throws UB_TIME_WITHOUT_OFFSET, UB_TIME_INVALID */
export type ReadTime = (text: string) => EpochMs;

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?$/;

/**
 * A reader of times. Those without offset are clock times of `zone`; without a zone they are refused, for they name
 * no moment. A clock time that comes twice, when clocks go back, is the first of the two; one that never comes, when
 * they go forward, is refused.
 * @throws UB_USAGE for a zone that the IANA table lacks.
 */
export function timeReader(zone: string | null): ReadTime {
  const offsetAt = zone === null ? null : offsetsOf(zone);
  return (text) => {
    const at = parseIsoTime(text);
    if (at !== null) return at;
    const civil = civilOf(text);
    if (civil === null)
      throw new UnbrokenError("UB_TIME_INVALID", `${JSON.stringify(text)} is no RFC 3339 time`);
    if (offsetAt === null)
      throw new UnbrokenError(
        "UB_TIME_WITHOUT_OFFSET",
        `${JSON.stringify(text)} has no offset; add one, or say --zone`,
      );
    const moment = momentOfClock(civil, offsetAt);
    if (moment === null)
      throw new UnbrokenError(
        "UB_TIME_INVALID",
        `in ${zone} no clock shows ${JSON.stringify(text)}`,
      );
    return moment;
  };
}

function civilOf(text: string): EpochMs | null {
  const m = LOCAL.exec(text);
  if (m === null) return null;
  const [, year, month, day, hour, minute, second = "0", fraction = ""] = m;
  return epochOfCivil(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, "0").slice(0, 3)),
  );
}

/** Milliseconds that clocks are ahead of UTC at a moment. */
type OffsetAt = (moment: number) => number;

const DAY = 86_400_000;

function momentOfClock(civil: EpochMs, offsetAt: OffsetAt): EpochMs | null {
  // The offset of the day before comes first, so of two moments the earlier is taken.
  for (const around of [civil - DAY, civil + DAY]) {
    const moment = civil - offsetAt(around);
    if (moment + offsetAt(moment) === civil) return EpochMs(moment);
  }
  return null;
}

/** Offsets change at whole quarters of an hour, so one question for each is enough. */
const QUARTER = 900_000;

function offsetsOf(zone: string): OffsetAt {
  const known = new Map<number, number>();
  const clock = clockOf(zone);
  return (moment) => {
    const quarter = Math.floor(moment / QUARTER) * QUARTER;
    const offset = known.get(quarter) ?? clockReading(clock, quarter) - quarter;
    known.set(quarter, offset);
    return offset;
  };
}

function clockOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    const message = `--zone ${JSON.stringify(zone)}: an IANA name, Asia/Shanghai`;
    throw new UnbrokenError("UB_USAGE", message, {}, { cause });
  }
}

/** What a clock in the zone shows, as if it were UTC. */
function clockReading(clock: Intl.DateTimeFormat, moment: number): number {
  const shown = new Map(
    clock.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
  const civil = epochOfCivil(
    part("year"),
    part("month"),
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
    0,
  );
  if (civil === null) throw new Error(`no clock reading at ${formatIsoTime(EpochMs(moment))}`);
  return civil;
}
