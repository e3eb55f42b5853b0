import {
  ALWAYS,
  keyOf,
  type Fact,
  type FactView,
  type Registry,
  type StatedFact,
} from "@unbroken/model";
import { iso, isoOrNull, milliOrNull } from "./views.ts";

/**
 * What was stated of one entity, the latest first, each with when it ended: by the next that takes its place, or by its
 * own end. Of several from the same moment on the one stated last holds.
 */
export function factViews(
  facts: readonly Fact[],
  registry: Registry,
  now: number,
): readonly FactView[] {
  const shown = facts.flatMap((fact) => {
    const stated = statedFact(fact, registry);
    return stated === null ? [] : [{ fact, stated, place: placeOf(fact) }];
  });
  // Sorting is stable: of the same moment the later stated stands last.
  const ordered = shown.toSorted((a, b) => a.fact.effectiveFrom - b.fact.effectiveFrom);
  return ordered
    .map(({ fact, stated, place }, i): FactView => {
      const next = ordered.slice(i + 1).find((other) => other.place === place);
      const ends = [next?.fact.effectiveFrom ?? null, ownEnd(fact)].filter((end) => end !== null);
      const end = ends.length === 0 ? null : Math.min(...ends);
      return {
        organisation: fact.organisation,
        id: fact.id,
        effective_from: fact.effectiveFrom === ALWAYS ? null : iso(fact.effectiveFrom),
        ended_at: isoOrNull(end),
        current: fact.effectiveFrom <= now && (end === null || end > now),
        stated_at: iso(fact.statedAt),
        stated_by: fact.statedBy,
        fact: stated,
      };
    })
    .toReversed();
}

/** Facts of one place take each other's place. */
function placeOf({ statement }: Fact): string {
  switch (statement.kind) {
    case "out-of-service-stated":
    case "returned-to-service":
      return "service";
    case "sensor-described":
    case "sensor-placed":
      return `${statement.kind} ${statement.device} ${statement.probe ?? ""}`;
    default:
      return statement.kind;
  }
}

function ownEnd({ statement }: Fact): number | null {
  return statement.kind === "out-of-service-stated" || statement.kind === "phase-stated"
    ? (statement.until ?? null)
    : null;
}

function statedFact({ organisation, statement }: Fact, registry: Registry): StatedFact | null {
  const { kind } = statement;
  switch (kind) {
    case "thermal-stated":
      return {
        kind,
        time_constant_ms: statement.timeConstantMs,
        ambient_c: statement.ambientMilli / 1_000,
        coldest_c: milliOrNull(statement.coldestMilli ?? null),
      };
    case "sensor-described":
      return {
        kind,
        probe: statement.probe ?? null,
        accuracy_k: milliOrNull(statement.accuracyMilli ?? null),
        drift_k_per_year: milliOrNull(statement.driftMilliPerYear ?? null),
        calibrated_at: isoOrNull(statement.calibratedAt ?? null),
        calibration_due: isoOrNull(statement.calibrationDue ?? null),
        certificate: statement.certificate ?? null,
      };
    case "out-of-service-stated":
      return { kind, reason: statement.reason, until: isoOrNull(statement.until ?? null) };
    case "returned-to-service":
      return { kind };
    case "phase-stated":
      return { kind, phase: statement.phase, until: isoOrNull(statement.until ?? null) };
    case "profile-assigned": {
      const { hash } = statement;
      const profile = registry.profiles.get(keyOf(organisation, hash))?.profile ?? null;
      return { kind, profile, hash };
    }
    case "sensor-placed": {
      const { device, probe, space } = statement;
      return { kind, device, probe: probe ?? null, space };
    }
    default:
      return null;
  }
}
