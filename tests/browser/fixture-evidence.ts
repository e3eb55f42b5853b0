import {
  judgeInterval,
  noFacts,
  type IntervalReading,
  type VerdictDocument,
} from "@unbroken/detection";
import { parseProfile, type FactView, type ReadingView } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";
import type { Life } from "./fixture-life.ts";

const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString();
const KINDS = ["instant", "consecutive", "cumulative"];

/** The real judge's answer about the made-up readings of a room; null without a profile. */
export function verdictOf(life: Life, from: number, to: number): VerdictDocument | null {
  const { profile, outOfService, heard } = life.room;
  if (profile === null) return null;
  const rules = profile.limits
    .filter(({ mode }) => KINDS.includes(mode))
    .map(({ rule, comparison, limit, hold_ms }) => ({
      id: rule,
      cmp: comparison,
      limit,
      mode: "consecutive",
      hold: `PT${hold_ms / 60_000}M`,
    }));
  const document = { id: profile.id, cadence: `PT${profile.cadence_ms / 60_000}M`, rules };
  const parsed = parseProfile(document, profile.hash);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const end = Math.min(to, life.now);
  const since = life.now - (outOfService?.since ?? 0) * MINUTE;
  return judgeInterval({
    profile: parsed.profile,
    readings: heard ? readingsOf(life, from, end) : [],
    from: EpochMs(from),
    to: EpochMs(end),
    facts: {
      ...noFacts,
      outOfService: outOfService === null ? [] : [{ from: EpochMs(since), to: null }],
    },
  });
}

function readingsOf(life: Life, from: number, to: number): readonly IntervalReading[] {
  return life.sensorNames().flatMap((sensor, i) =>
    life.times(from - life.cadence, to).flatMap((at): readonly IntervalReading[] => {
      const value = life.valueAt(i, at);
      if (value === null) return [];
      const milli = Milli(Math.round(value * 1_000));
      return [{ sensor, at: EpochMs(at), sample: { kind: "value", milli } }];
    }),
  );
}

/** Readings of a door contact or a defrost, each minute while it lasts and one when it is over. */
export function signalReadings(
  life: Life,
  quantity: "door_open" | "defrost",
  from: number,
  to: number,
): readonly ReadingView[] {
  const spells = quantity === "door_open" ? life.room.doors : life.room.defrosts;
  return spells.flatMap(([start, end]) =>
    Array.from({ length: start - end + 1 }, (_, i): ReadingView => {
      const at = life.now - (start - i) * MINUTE;
      return {
        organisation: "demo",
        device: `${life.room.space}-logger`,
        sensor: `${life.room.space}-logger/${quantity}`,
        quantity,
        value: i === start - end ? 0 : 1,
        unit: "/",
        measured_at: iso(at),
        received_at: iso(at),
        time_source: "device",
        fault: null,
      };
    }).filter(({ measured_at }) => Date.parse(measured_at) >= from && Date.parse(measured_at) < to),
  );
}

export function spaceFacts(life: Life): readonly FactView[] {
  const { room, now } = life;
  const stated = (ago: number, until: number | null, fact: FactView["fact"]): FactView => ({
    organisation: "demo",
    id: `${room.space}-${fact.kind}-${ago}`,
    effective_from: iso(now - ago * MINUTE),
    ended_at: until === null ? null : iso(now - until * MINUTE),
    current: until === null,
    stated_at: iso(now - ago * MINUTE),
    stated_by: "admin",
    fact,
  });
  return [
    ...(room.outOfService === null
      ? []
      : [
          stated(room.outOfService.since, null, {
            kind: "out-of-service-stated",
            reason: room.outOfService.reason,
            until: null,
          }),
        ]),
    ...(room.doors.length === 0
      ? []
      : [stated(430, 380, { kind: "phase-stated", phase: "load", until: null })]),
    stated(50_000, null, {
      kind: "sensor-placed",
      device: `${room.space}-logger`,
      probe: null,
      space: room.space,
    }),
  ];
}

/** Accuracy and calibration: of the first probe known, of the third lapsed, of the others nothing. */
export function deviceFacts(life: Life): readonly FactView[] {
  const described = (probe: string, due: number): FactView => ({
    organisation: "demo",
    id: `${life.room.space}-${probe}`,
    effective_from: iso(life.now - 50_000 * MINUTE),
    ended_at: null,
    current: true,
    stated_at: iso(life.now - 50_000 * MINUTE),
    stated_by: "admin",
    fact: {
      kind: "sensor-described",
      probe,
      accuracy_k: 0.3,
      drift_k_per_year: null,
      calibrated_at: iso(life.now - 300 * 1_440 * MINUTE),
      calibration_due: iso(life.now + due * 1_440 * MINUTE),
      certificate: "CNAS L1234-2026-0871",
    },
  });
  return [described("p1", 65), described("p3", -12)];
}
