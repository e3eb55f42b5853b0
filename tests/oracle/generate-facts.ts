import type { Feature } from "./features.ts";
import {
  noFacts,
  type Description,
  type Facts,
  type PhaseName,
  type Row,
  type Stretch,
} from "./history.ts";
import type { Random } from "./random.ts";

export function factsFor(
  random: Random,
  features: ReadonlySet<Feature>,
  rows: readonly Row[],
  length: number,
): Facts {
  const sensors = [
    ...new Set(rows.filter((row) => row.quantity === "temperature").map((row) => row.sensor)),
  ];
  return {
    ...noFacts,
    thermals: features.has("physics") && random.chance(0.4) ? thermalsFor(random) : [],
    outOfService: features.has("service") && random.chance(0.2) ? stretchesFor(random, length) : [],
    phases: features.has("phases") && random.chance(0.5) ? phasesFor(random, length) : [],
    sensors:
      features.has("descriptions") && random.chance(0.4)
        ? Object.fromEntries(
            random.some(sensors, 0.7).map((sensor) => [sensor, descriptionsFor(random, length)]),
          )
        : {},
  };
}

function thermalsFor(random: Random): Facts["thermals"] {
  return [
    {
      from: -1_000,
      timeConstant: random.one([7, 31, 120]),
      ambient: random.one([20_000, 35_000, 9_500]),
      coldest: random.one([null, -5_000, 1_000]),
    },
  ];
}

/** One after the other, some until further notice. */
function stretchesFor(random: Random, length: number): readonly Stretch[] {
  const edges = Array.from({ length: random.whole(1, 4) }, () => random.whole(-3, length)).sort(
    (a, b) => a - b,
  );
  return edges.flatMap((from, i) => {
    const to = edges[i + 1] ?? (random.chance(0.5) ? null : from + random.whole(1, 20));
    return to === from || i % 2 === 1 ? [] : [{ from, to }];
  });
}

function phasesFor(random: Random, length: number): Facts["phases"] {
  const phases: readonly PhaseName[] = ["store", "transit", "load", "defrost"];
  return stretchesFor(random, length).map((stretch) => ({ ...stretch, phase: random.one(phases) }));
}

function descriptionsFor(random: Random, length: number): readonly Description[] {
  const from = random.chance(0.5) ? -1_000 : random.whole(0, length);
  return Array.from({ length: random.whole(1, 2) }, (_, i) => ({
    from: from + i * random.whole(1, 20),
    accuracy: random.one([null, 0, 500, 250]),
    due: random.chance(0.3) ? random.whole(0, length) : null,
  }));
}
