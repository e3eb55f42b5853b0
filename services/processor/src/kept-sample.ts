import { isClockDoubtful, type ClockFinding, type TimedSample } from "@unbroken/detection";
import type { Reading } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";

/** What is kept of a reading to judge by. `clock` is what follows from itself; findings of its device may doubt it too. */
export interface KeptSample extends TimedSample {
  /** Where the device's clock told the time: when it was first received, by ours. */
  readonly receivedAt?: EpochMs;
}

type Timing = Pick<Reading, "measuredAt" | "receivedAt" | "timeSource">;

export function keptSampleOf(reading: Timing & Pick<Reading, "sample" | "sequence">): KeptSample {
  const { measuredAt: at, sample, sequence, timeSource, receivedAt } = reading;
  const kept: KeptSample = sequence === undefined ? { at, sample } : { at, sample, sequence };
  return timeSource === "device" ? timed(kept, receivedAt) : kept;
}

/** The same, received at `receivedAt`. */
export function timed(kept: KeptSample, receivedAt: EpochMs): KeptSample {
  const { at, sample, sequence } = kept;
  const isDoubtful = isClockDoubtful({ measuredAt: at, receivedAt, timeSource: "device" }, []);
  return {
    at,
    sample,
    ...(sequence === undefined ? {} : { sequence }),
    ...(isDoubtful ? { clock: "doubtful" } : {}),
    receivedAt,
  };
}

/** As it is judged by: what its device's clock was found to be is told of each. */
export function doubted(
  samples: readonly KeptSample[],
  findings: readonly ClockFinding[],
): readonly TimedSample[] {
  if (findings.length === 0) return samples;
  return samples.map((kept) => {
    const { at: measuredAt, receivedAt, clock } = kept;
    if (receivedAt === undefined || clock !== undefined) return kept;
    const isDoubtful = isClockDoubtful({ measuredAt, receivedAt, timeSource: "device" }, findings);
    return isDoubtful ? { ...kept, clock: "doubtful" } : kept;
  });
}
