import {
  EpochMs,
  formatIsoTime,
  parseIsoDuration,
  parseIsoTime,
  type DurationMs,
} from "@unbroken/units";
import { z } from "zod";

/** Whole milliseconds since 1970, as records hold them. */
export const EpochMsSchema = z.int().transform((n) => EpochMs(n));

/** An RFC 3339 time with offset, as interfaces show it; parsed to milliseconds. */
export const IsoTime = z
  .string()
  .refine(
    (text) => parseIsoTime(text) !== null,
    "a time as RFC 3339 has it, with offset: 2026-05-05T09:21:56Z",
  )
  .meta({ format: "date-time" });

/** An ISO 8601 duration of weeks, days, hours, minutes and seconds, as interfaces show it. */
export const IsoDuration = z
  .string()
  .refine((text) => parseIsoDuration(text) !== null, {
    error: "a duration as ISO 8601 has it: PT10M, PT1H30M, P1D",
    // What is no duration has no length that a further check could ask for.
    abort: true,
  })
  .meta({ format: "duration" });

export function momentOf(text: string): EpochMs {
  const at = parseIsoTime(text);
  if (at === null) throw new RangeError(`not a time: ${text}`);
  return at;
}

export function durationOf(text: string): DurationMs {
  const duration = parseIsoDuration(text);
  if (duration === null) throw new RangeError(`not a duration: ${text}`);
  return duration;
}

export { formatIsoTime as isoOf };
