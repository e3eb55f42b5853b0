import type { Schedule } from "@unbroken/model";
import { DAY, type EpochMs } from "@unbroken/units";
import { NEVER } from "./moment.ts";

/** Whether a schedule's hours cover `moment`. */
export function isScheduled(schedule: Schedule, moment: EpochMs): boolean {
  const today = localDay(schedule, moment);
  return [today - 1, today].some((day) => {
    const hours = hoursOf(schedule, day);
    return hours !== null && hours[0] <= moment && moment < hours[1];
  });
}

/** The first moment after `moment` at which the hours begin or end. */
export function nextScheduleEdge(schedule: Schedule, moment: EpochMs): EpochMs {
  const today = localDay(schedule, moment);
  // Every weekday comes within a week; hours of yesterday may end today.
  for (let day = today - 1; day <= today + 7; day += 1) {
    const edge = hoursOf(schedule, day)?.find((one) => one > moment);
    if (edge !== undefined) return edge;
  }
  return NEVER;
}

function localDay({ offset }: Schedule, moment: EpochMs): number {
  return Math.floor((moment + offset) / DAY);
}

/** The hours that belong to a local day, `[from, to)`; null if none do. */
function hoursOf(
  { offset, days, from, to }: Schedule,
  day: number,
): readonly [EpochMs, EpochMs] | null {
  // 1970-01-01 was a Thursday, and Monday is 0.
  const weekday = (((day + 3) % 7) + 7) % 7;
  if (!days.includes(weekday)) return null;
  const midnight = day * DAY - offset;
  const end = to > from ? to : to + DAY;
  return [(midnight + from) as EpochMs, (midnight + end) as EpochMs];
}
