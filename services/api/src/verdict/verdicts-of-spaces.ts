import type { VerdictDocument } from "@unbroken/detection";
import type { Registry } from "@unbroken/model";
import type { TimeSeries } from "@unbroken/time-series";
import type { EpochMs } from "@unbroken/units";
import { documentOfHash, readyProfile } from "../profile-library.ts";
import { iso } from "../views.ts";
import type { ClockFindings } from "./clock-findings.ts";
import { factsOfSpace } from "./facts-of-time.ts";
import { judgeQuestion } from "./judge-question.ts";
import { ruledBy } from "./judging-profile.ts";
import { readColumns, type Sought } from "./read-columns.ts";
import { sensorsOfSpace, staysIn } from "./sought-sensors.ts";

/** The canonical verdict on a space for as long as one profile ruled it. */
export interface SpaceVerdict {
  readonly organisation: string;
  readonly space: string;
  readonly profile: string;
  readonly from: string;
  readonly to: string;
  readonly judged: VerdictDocument;
}

/** Readings, and what is known of the clocks that told their times. */
export interface StoredEvidence {
  readonly series: TimeSeries;
  readonly clocks: ClockFindings;
}

/** One verdict for each space and profile, from the first reading on and as of `to`; ordered by organisation, space, time. */
export async function verdictsOfSpaces(
  registry: Registry,
  stored: StoredEvidence,
  to: EpochMs,
): Promise<readonly SpaceVerdict[]> {
  const spaces = [...registry.spaces.values()].sort((a, b) =>
    `${a.organisation}/${a.space}` < `${b.organisation}/${b.space}` ? -1 : 1,
  );
  const verdicts: SpaceVerdict[] = [];
  for (const { organisation, space } of spaces) {
    for (const ruled of ruledBy(registry, organisation, space, { from: 0, to })) {
      const verdict = await verdictOf(registry, stored, { organisation, space }, ruled);
      if (verdict !== null) verdicts.push(verdict);
    }
  }
  return verdicts;
}

async function verdictOf(
  registry: Registry,
  { series, clocks }: StoredEvidence,
  { organisation, space }: { readonly organisation: string; readonly space: string },
  ruled: { readonly hash: string; readonly from: number; readonly to: number },
): Promise<SpaceVerdict | null> {
  const named = documentOfHash(registry, organisation, ruled.hash);
  const profile = named === null ? null : readyProfile(named.hash, named.document);
  if (named === null || profile === null) return null;
  const sought = await sensorsOfSpace(series, registry, { organisation, space }, profile, ruled);
  const readings = await readColumns(series, sought, Number.POSITIVE_INFINITY, clocks);
  const first = readings.reduce((least, { at }) => Math.min(least, at[0] ?? least), ruled.to);
  const from = Math.max(ruled.from, first);
  const facts = factsOfSpace(registry, organisation, space, sensorsIn(sought));
  const judged = judgeQuestion({
    profile: { hash: named.hash, document: named.document },
    from,
    to: ruled.to,
    facts,
    stays: staysIn(sought),
    readings,
  });
  return { organisation, space, profile: named.id, from: iso(from), to: iso(ruled.to), judged };
}

function sensorsIn(sought: readonly Sought[]): readonly string[] {
  return [...new Set(sought.map(({ key }) => key.sensor))];
}
