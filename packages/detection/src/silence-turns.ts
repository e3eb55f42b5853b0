import type { EpochMs } from "@unbroken/units";

/** The stretch of a silence in which a limit can have been left, `[from, to)`; empty where it cannot have been. */
export interface SilenceTurns {
  readonly until: EpochMs;
  readonly from: EpochMs;
  readonly to: EpochMs;
}
