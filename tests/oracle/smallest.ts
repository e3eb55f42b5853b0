import { disagreementsOf, isTooClose } from "./compare.ts";
import { leaving } from "./leaving.ts";
import type { History } from "./history.ts";

/** Leaves out one thing after the other as long as the two judges still differ. */
export function smallestOf(history: History, ask = disagreementsOf): History {
  for (const smaller of smallerThan(history)) {
    if (isValid(smaller) && !isTooClose(smaller) && ask(smaller).length > 0)
      return smallestOf(smaller, ask);
  }
  return history;
}

function isValid({ profile, rows, from }: History): boolean {
  return profile.rules.length > 0 && (rows.length > 0 || from !== undefined);
}

function* smallerThan(history: History): Generator<History> {
  const { profile, rows, facts } = history;
  for (const rules of without(profile.rules)) yield { ...history, profile: { ...profile, rules } };
  for (let half = Math.floor(rows.length / 2); half > 1; half = Math.floor(half / 2))
    for (let i = 0; i < rows.length; i += half)
      yield { ...history, rows: rows.filter((_, k) => k < i || k >= i + half) };
  for (const fewer of without(rows)) yield { ...history, rows: fewer };
  for (const key of ["accuracy", "effective_from", "effective_until", "faults"] as const)
    if (profile[key] !== undefined) yield { ...history, profile: leaving(profile, [key]) };
  for (const [i, rule] of profile.rules.entries())
    for (const key of [
      "hysteresis",
      "clear",
      "debounce",
      "severity",
      "warn",
      "phases",
      "allowances",
      "schedule",
    ] as const)
      if (rule[key] !== undefined && !(key === "phases" && rule.mode === "exposure"))
        yield {
          ...history,
          profile: {
            ...profile,
            rules: profile.rules.map((each, k) => (k === i ? leaving(each, [key]) : each)),
          },
        };
  for (const phases of without(facts.phases)) yield { ...history, facts: { ...facts, phases } };
  for (const outOfService of without(facts.outOfService))
    yield { ...history, facts: { ...facts, outOfService } };
  for (const thermals of without(facts.thermals))
    yield { ...history, facts: { ...facts, thermals } };
  for (const sensor of Object.keys(facts.sensors))
    yield { ...history, facts: { ...facts, sensors: leaving(facts.sensors, [sensor]) } };
}

function without<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.map((_, i) => list.filter((_, k) => k !== i));
}
