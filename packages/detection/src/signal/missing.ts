import type { Sequence } from "@unbroken/model";

/**
 * Whether a device's numbers say that a reading between `earlier` and `later` of the same sensor is missing. An equal
 * or lower number later is no gap: the device's clock was set, or it counts anew without saying so.
 */
export function isMissing(earlier: Sequence | undefined, later: Sequence | undefined): boolean {
  if (earlier === undefined || later === undefined || earlier.boot !== later.boot) return false;
  return later.number > earlier.number + 1;
}
