import { DurationMs } from "@unbroken/units";
import { z } from "zod";

const days = ["mo", "tu", "we", "th", "fr", "sa", "su"] as const;

const TimeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time of day: 06:30; 24:00 is its end");

/**
 * When a rule applies. The offset is fixed: rules of a zone about summer time change by law, and a verdict on the past
 * may not change with them.
 */
export const ScheduleDocument = z
  .strictObject({
    offset: z
      .string()
      .regex(/^[+-](?:0\d|1[0-4]):[0-5]\d$/, "offset: hours ahead of UTC, +08:00")
      .meta({ description: "+08:00 is China's time" }),
    days: z.array(z.enum(days)).min(1).max(7).optional(),
    from: TimeOfDay,
    to: TimeOfDay,
  })
  .refine((s) => s.from !== s.to, { message: "to: another time than from", path: ["to"] });
export type ScheduleDocument = z.infer<typeof ScheduleDocument>;

/** Weekly hours, ready to judge. With `to` before `from` they reach into the next day, which belongs to the day of `from`. */
export interface Schedule {
  /** Local time is UTC plus this, in ms. */
  readonly offset: DurationMs;
  /** Monday is 0. */
  readonly days: readonly number[];
  /** Since local midnight, in ms. */
  readonly from: DurationMs;
  readonly to: DurationMs;
}

export function scheduleOf(document: ScheduleDocument): Schedule {
  const sign = document.offset.startsWith("-") ? -1 : 1;
  return {
    offset: DurationMs(sign * msOf(document.offset.slice(1))),
    days: (document.days ?? days).map((day) => days.indexOf(day)).sort((a, b) => a - b),
    from: DurationMs(msOf(document.from)),
    to: DurationMs(msOf(document.to)),
  };
}

function msOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
}
