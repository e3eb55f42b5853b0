import { quantitiesOf, type Stay } from "@unbroken/detection";
import { staysOf, type Profile, type Registry } from "@unbroken/model";
import type { SeriesKey, TimeSeries } from "@unbroken/time-series";
import { EpochMs } from "@unbroken/units";
import type { Sought } from "./read-columns.ts";

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The sensors that stood in a space at some time of the span, each with the stretches in which it did. */
export async function sensorsOfSpace(
  series: TimeSeries,
  registry: Registry,
  { organisation, space }: { readonly organisation: string; readonly space: string },
  profile: Profile,
  span: Span,
): Promise<readonly Sought[]> {
  const read = { ...span, from: span.from - lookback(profile) };
  const quantities = quantitiesOf([{ profile }]);
  const sought: Sought[] = [];
  for (const device of devicesEverIn(registry, organisation, space)) {
    const keys = await series.series(organisation, device);
    for (const key of keys.filter(({ quantity }) => quantities.includes(quantity))) {
      // A contact counts from before: what it said then is being done now.
      const stays = staysOf(registry, organisation, key.sensor).flatMap((stay) =>
        stay.space === space ? overlap(stay, read) : [],
      );
      if (stays.some(({ to }) => to > span.from)) sought.push({ key, stays, read });
    }
  }
  return sought;
}

/** One sensor, wherever it stood. */
export function oneSensor(
  keys: readonly SeriesKey[],
  profile: Profile,
  span: Span,
): readonly Sought[] {
  const quantities = quantitiesOf([{ profile }]);
  const read = { ...span, from: span.from - lookback(profile) };
  return keys
    .filter(({ quantity }) => quantities.includes(quantity))
    .map((key) => ({ key, stays: [read], read }));
}

/** When each sensor counts, whatever it measures. */
export function staysIn(sought: readonly Sought[]): readonly Stay[] {
  const seen = new Set<string>();
  return sought.flatMap(({ key: { sensor }, stays }) => {
    if (seen.has(sensor)) return [];
    seen.add(sensor);
    return stays.map(({ from, to }) => ({ sensor, from: EpochMs(from), to: EpochMs(to) }));
  });
}

/** How long before the interval something may have been measured that holds or counts in it. */
function lookback({ gap, faults, rules }: Profile): number {
  const allowances = rules.flatMap((rule) => rule.allowances);
  return (
    gap +
    Math.max(
      gap,
      faults.stuck?.for ?? 0,
      faults.step?.within ?? 0,
      ...allowances.map(({ every, for: length }) => every + length),
    )
  );
}

export function overlap(
  a: { readonly from: number; readonly to: number | null },
  b: Span,
): readonly Span[] {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to ?? b.to, b.to);
  return from < to ? [{ from, to }] : [];
}

function devicesEverIn(registry: Registry, organisation: string, space: string): readonly string[] {
  const prefix = `${organisation}/`;
  return [...registry.placements]
    .filter(
      ([key, placements]) =>
        key.startsWith(prefix) && placements.some((placement) => placement.space === space),
    )
    .map(([key]) => key.slice(prefix.length))
    .sort();
}
