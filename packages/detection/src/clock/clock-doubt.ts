import { CLOCK_TOLERANCE, type Reading } from "@unbroken/model";
import { subjectOf, type ClockFinding } from "./clock-finding.ts";
import { isDefaultTime } from "./default-time.ts";

type Timed = Pick<Reading, "measuredAt" | "receivedAt" | "timeSource">;

/**
 * Whether the time of a reading cannot be trusted: then it is evidence of a temperature and not of when.
 *
 * Of the reading itself follows that it was measured after it was received, or by a clock that was never set; no order
 * of arrival shows in that. What `findings` of its device add is a function of what arrived when: the same for the
 * same arrivals in whatever order they are read again, and another as more arrive.
 * @param findings those that are not certain doubt nothing.
 */
export function isClockDoubtful(reading: Timed, findings: readonly ClockFinding[]): boolean {
  const { measuredAt, receivedAt, timeSource } = reading;
  // Ours, or put right by it.
  if (timeSource !== "device") return false;
  if (measuredAt - receivedAt > CLOCK_TOLERANCE || isDefaultTime(measuredAt, receivedAt))
    return true;
  return findings.some((finding) => finding.certain && isDoubtedFor(finding, reading));
}

function isDoubtedFor(finding: ClockFinding, { measuredAt, receivedAt }: Timed): boolean {
  const { from, until, shownTwice } = finding;
  if (shownTwice !== null) return measuredAt >= shownTwice[0] && measuredAt <= shownTwice[1];
  if (subjectOf(finding) !== "offset") return false;
  return receivedAt >= from && (until === null || receivedAt < until);
}
