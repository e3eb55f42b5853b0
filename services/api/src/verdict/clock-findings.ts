import type { ClockFinding } from "@unbroken/detection";
import type { OutputReader } from "@unbroken/event-log";

/** What the arrivals of a device's messages have shown of its clock, as the processor keeps it. */
export type ClockFindings = (
  organisation: string,
  device: string,
) => Promise<readonly ClockFinding[]>;

/** From the state of the processor, whichever partition the device is judged in. */
export function clockFindingsIn(
  outputs: Pick<OutputReader, "getState">,
  partitions: number,
): ClockFindings {
  return async (organisation, device) => {
    for (let partition = 0; partition < partitions; partition++) {
      const row = await outputs.getState(partition, `clock-findings/${organisation}/${device}`);
      if (row !== null)
        return (JSON.parse(Buffer.from(row).toString()) as { findings: ClockFinding[] }).findings;
    }
    return [];
  };
}

/** Those that had shown by `asOf`, as they stood then: nothing that was received later had ended or completed one. */
export function shownBy(findings: readonly ClockFinding[], asOf: number): readonly ClockFinding[] {
  return findings.flatMap((finding) => {
    const { from, until, shownTwice } = finding;
    if (from > asOf) return [];
    if (until === null || until <= asOf) return [finding];
    return shownTwice === null ? [{ ...finding, until: null }] : [];
  });
}
