import { judgeInterval, type IntervalReading } from "@unbroken/detection";
import { parseProfile } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";

/** What runs in Node and, bundled, in the browser: the pure core and nothing else. */
export interface JudgeRequest {
  readonly profile: unknown;
  readonly hash: string;
  /** Time, m°C or null for a fault, sensor. */
  readonly rows: readonly (readonly [at: number, milli: number | null, sensor: string])[];
}

/** The verdict document's bytes. @throws Error where the profile does not follow the rule language */
export function judgeRows({ profile, hash, rows }: JudgeRequest): string {
  const parsed = parseProfile(profile, hash);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const readings = rows.map(([at, milli, sensor]): IntervalReading => ({
    sensor,
    at: EpochMs(at),
    sample:
      milli === null ? { kind: "fault", fault: "absent" } : { kind: "value", milli: Milli(milli) },
  }));
  return JSON.stringify(judgeInterval({ profile: parsed.profile, readings }));
}
