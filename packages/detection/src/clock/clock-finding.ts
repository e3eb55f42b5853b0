import type { EpochMs } from "@unbroken/units";

/**
 * `ahead`, `behind`: off by no whole zone; `zone`: local time sent as UTC; `never-set`: it counts from what it shows
 * when it gets power; `stepped`: set back, so that some times were shown twice; `drifting`: too fast or too slow.
 */
export type ClockFault = "ahead" | "behind" | "zone" | "never-set" | "stepped" | "drifting";

/** What the arrivals of a device's messages say of its clock. */
export interface ClockFinding {
  readonly kind: ClockFault;
  /**
   * How far the device's clock is ahead of ours, ms, negative behind. Of `stepped` by how much it was moved, of
   * `drifting` how much further ahead it is after a day.
   */
  readonly offsetMs: number;
  /** How far `offsetMs` may be from the truth, ms. */
  readonly errorMs: number;
  /** `receivedAt` of the first message that shows it; with what it is a finding of (`subjectOf`) its identity. */
  readonly from: EpochMs;
  /** `receivedAt` of the first message that shows it no more; null while it lasts. */
  readonly until: EpochMs | null;
  /** Whether no delay on the way explains it. Otherwise it is a proposal, and no reading is doubted for it. */
  readonly certain: boolean;
  /** Of `stepped`: the times that the clock showed twice, `[from, to]`. */
  readonly shownTwice: readonly [from: EpochMs, to: EpochMs] | null;
}

/** What a finding is about. A device has one finding of its offset at a time, and one of its rate. */
export function subjectOf({ kind }: ClockFinding): "offset" | "step" | "rate" {
  if (kind === "stepped") return "step";
  return kind === "drifting" ? "rate" : "offset";
}
