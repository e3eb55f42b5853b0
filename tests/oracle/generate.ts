import { factsFor } from "./generate-facts.ts";
import { profileFor } from "./generate-profile.ts";
import type { Feature } from "./features.ts";
import {
  milliOf,
  minutesOf,
  type History,
  type ProfileText,
  type QuantityName,
  type Row,
} from "./history.ts";
import { leaving } from "./leaving.ts";
import { Random } from "./random.ts";

// Histories that stand on the edges on purpose: exactly on the limit, out for exactly the hold, silent for exactly the
// gap, twice the same row, two values for one instant, a fault, nothing but faults, one reading, none.

export function historyOf(seed: number, features: ReadonlySet<Feature>): History {
  const random = new Random(seed);
  const wanted = profileFor(random, features);
  const length = random.whole(4, random.chance(0.1) ? 150 : 45);
  const windows = wanted.rules.some(({ mode }) => mode === "window");
  // How several sensors, a band, or time that does not count are averaged is not of the naive judge.
  const profile = windows
    ? leaving(wanted, ["effective_from", "effective_until", "accuracy"])
    : wanted;
  const rows = thinned(random, rowsFor(random, features, profile, length)).filter(
    ({ sensor, quantity }) => !windows || quantity !== "temperature" || sensor === "a/t",
  );
  const facts = factsFor(random, features, rows, length);
  return {
    profile,
    rows,
    facts: windows ? { ...facts, outOfService: [], sensors: {} } : facts,
    ...intervalFor(random, rows, length),
  };
}

/** Most often from the first row to the last; else from before, inside or after. */
function intervalFor(
  random: Random,
  rows: readonly Row[],
  length: number,
): Pick<History, "from" | "to"> {
  if (rows.length > 0 && random.chance(0.5)) return {};
  const from = random.whole(-3, Math.floor(length / 2));
  return { from, to: from + random.whole(rows.length === 0 ? 0 : 1, length) };
}

function thinned(random: Random, rows: readonly Row[]): readonly Row[] {
  const which = random.next();
  if (which < 0.01) return [];
  if (which < 0.02) return rows.slice(0, 1);
  if (which < 0.03) return rows.map((row) => ({ ...row, value: null }));
  return rows;
}

function rowsFor(
  random: Random,
  features: ReadonlySet<Feature>,
  profile: ProfileText,
  length: number,
): readonly Row[] {
  const wanted = new Set<QuantityName>(["temperature"]);
  if (features.has("humidity") && random.chance(0.6)) wanted.add("relative_humidity");
  if (features.has("door") && random.chance(0.6)) wanted.add("door_open");
  if (features.has("power") && random.chance(0.5)) wanted.add("power_supply");
  if (features.has("phases") && random.chance(0.4)) wanted.add("defrost");
  const airs = Array.from({ length: random.whole(1, 3) }, (_, i) => `${"abc"[i] ?? "x"}/t`);
  return [...wanted].flatMap((quantity) => {
    const sensors = quantity === "temperature" ? airs : [`${quantity.slice(0, 1)}/1`];
    if (quantity === "door_open" && random.chance(0.3)) sensors.push("d/2");
    return sensors.flatMap((sensor) =>
      rowsOf(random, features, profile, {
        sensor,
        quantity,
        length,
        values: valuesFor(profile, quantity),
      }),
    );
  });
}

interface Series {
  readonly sensor: string;
  readonly quantity: QuantityName;
  readonly length: number;
  readonly values: readonly number[];
}

function rowsOf(
  random: Random,
  features: ReadonlySet<Feature>,
  profile: ProfileText,
  { sensor, quantity, length, values }: Series,
): readonly Row[] {
  const cadence = Math.max(1, minutesOf(profile.cadence));
  const begin = random.chance(0.7) ? 0 : random.whole(0, Math.floor(length / 2));
  const minutes: number[] = [];
  for (let at = begin; at <= length; at += random.chance(0.9) ? cadence : random.whole(1, 9))
    minutes.push(at);
  let value = random.one(values);
  let number = 0;
  const numbered = features.has("missing") && random.chance(0.4);
  return random.some(minutes, 0.93).flatMap((minute) => {
    if (random.chance(0.3)) value = random.one(values);
    number += random.chance(0.9) ? 1 : random.whole(0, 4);
    const boot = minute > length / 2 && sensor.startsWith("b") ? 2 : 1;
    const row: Row = {
      sensor,
      quantity,
      minute,
      value: random.chance(0.05) ? null : value,
      ...(numbered ? { sequence: { boot, number } } : {}),
      ...(features.has("doubts") && random.chance(0.03) ? { doubtfulClock: true } : {}),
    };
    if (random.chance(0.03)) return [row, row];
    const states =
      quantity === "door_open" || quantity === "defrost" || quantity === "power_supply";
    if (random.chance(0.03) && !numbered && !states)
      return [row, { ...row, value: random.one(values) }];
    return [row];
  });
}

/** On, just inside and just outside of each edge that the rules have for this quantity. */
function valuesFor(profile: ProfileText, quantity: QuantityName): readonly number[] {
  if (quantity === "door_open" || quantity === "power_supply" || quantity === "defrost")
    return [0, 1_000];
  const wanted = quantity === "temperature" ? "air" : "humidity";
  const band = quantity === "temperature" ? milliOf(profile.accuracy ?? 0) : 0;
  const values = profile.rules
    .filter((rule) => (rule.quantity ?? "air") === wanted)
    .flatMap((rule) => {
      const limit = milliOf(rule.limit);
      const h = milliOf(rule.hysteresis ?? 0);
      const inward = rule.cmp === "gt" || rule.cmp === "ge" ? -1 : 1;
      const edges = [limit, limit + inward * h, limit - inward * 3_000, limit + band, limit - band];
      return edges.flatMap((edge) => [edge - 1, edge, edge + 1, edge - 1_500, edge + 1_500]);
    });
  const sentinels = (profile.faults?.sentinels ?? []).map(milliOf);
  const all = quantity === "temperature" ? [...values, ...sentinels, 5_000] : [...values, 60_000];
  return all.filter((value) => quantity === "temperature" || (value >= 0 && value <= 100_000));
}
