import type { Reading } from "@unbroken/model";

type Numbered = Pick<Reading, "organisation" | "sensor" | "quantity" | "timeSource" | "sequence">;

/**
 * Whether two readings are one, sent twice, by their number. By their time they may differ: where it is not the
 * device's own it is told by each arrival anew, later by what that arrival took longer. Of such readings the one with
 * the earliest time counts, so the order in which they are seen does not show. Readings by the device's clock have
 * their time to be known by.
 */
export function isSentAgain(a: Numbered, b: Numbered): boolean {
  if (a.timeSource === "device" || b.timeSource === "device") return false;
  if (a.sequence === undefined || b.sequence === undefined) return false;
  return (
    a.organisation === b.organisation &&
    a.sensor === b.sensor &&
    a.quantity === b.quantity &&
    a.sequence.boot === b.sequence.boot &&
    a.sequence.number === b.sequence.number
  );
}
