import type { EpochMs, Milli } from "@unbroken/units";
import { HIGH, IN, LOW, UNPROVEN, type ClassCode } from "./account-builder.ts";
import type { AccountLaw } from "./account-law.ts";
import { classAt } from "./fold-columns.ts";
import { FAULT, instantsOf, type Instants, type SensorColumns } from "./sensor-columns.ts";
import { furtherOut, type Extreme } from "./stretch-account.ts";
import type { Shown, TimelineTurn } from "./timeline-turn.ts";

/**
 * The timeline that several sensors of one subject make together, point by point: out before unproven before in.
 * A sensor counts from its first reading on; while none does, it is unproven.
 *
 * @param asOf what is measured from then on is not known yet, and a silence lasts until then.
 */
export function combinedTurns(
  sensors: readonly SensorColumns[],
  law: AccountLaw,
  asOf: EpochMs,
): readonly TimelineTurn[] {
  const cursors = sensors.map((columns): Cursor => ({ instants: instantsOf(columns), index: -1 }));
  const turns: TimelineTurn[] = [];
  for (;;) {
    let from = Number.POSITIVE_INFINITY;
    for (const cursor of cursors) from = Math.min(from, nextOf(cursor));
    if (from >= asOf) return turns;
    for (const cursor of cursors) if (nextOf(cursor) === from) cursor.index += 1;
    turns.push(turnAt(from, cursors, law, asOf));
  }
}

/** Stands on an instant of one sensor; −1 before the first. */
interface Cursor {
  readonly instants: Instants;
  index: number;
}

function nextOf({ instants, index }: Cursor): number {
  return instants.at[index + 1] ?? Number.POSITIVE_INFINITY;
}

function turnAt(
  from: number,
  cursors: readonly Cursor[],
  law: AccountLaw,
  asOf: number,
): TimelineTurn {
  const held = new Combined();
  const moment = new Combined();
  const values: Milli[] = [];
  let readings = 0;
  let momentAlone = false;
  for (const cursor of cursors) {
    const { instants, index } = cursor;
    if (index < 0) continue;
    const at = instants.at[index] ?? Number.NEGATIVE_INFINITY;
    const measured = (instants.highest[index] ?? FAULT) !== FAULT;
    const holds = Math.min(nextOf(cursor), asOf) - at <= law.gap;
    if (measured && at === from) readings += 1;
    if (measured && at === from && !holds) momentAlone = true;
    const now = classAt(law, instants, index);
    moment.add(cursor, measured && (holds || at === from) ? now : null);
    held.add(cursor, measured && holds ? now : null);
    if (measured && holds && instants.doubted?.[index] !== 1)
      values.push((instants.highest[index] ?? FAULT) as Milli);
  }
  return {
    from: from as EpochMs,
    ...held.shown(),
    ...(momentAlone ? { moment: moment.shown() } : {}),
    values,
    readings,
  };
}

/** What several sensors show together. */
class Combined {
  #class: ClassCode | null = null;
  #highest: Extreme | null = null;
  #lowest: Extreme | null = null;

  /** @param shows null if nothing is proven. */
  add({ instants, index }: Cursor, shows: ClassCode | null): void {
    const code = shows ?? UNPROVEN;
    if (this.#class === null || code > this.#class) this.#class = code;
    if (shows === null) return;
    const { sensor } = instants;
    const at = instants.at[index] as EpochMs;
    const extreme = (value: number | undefined): Extreme => ({ value: value as Milli, at, sensor });
    this.#highest = furtherOut(this.#highest, extreme(instants.highest[index]), 1);
    this.#lowest = furtherOut(this.#lowest, extreme(instants.lowest[index]), -1);
  }

  shown(): Shown {
    return {
      class: NAMES[this.#class ?? UNPROVEN],
      highest: this.#highest,
      lowest: this.#lowest,
    };
  }
}

const NAMES = {
  [IN]: "in",
  [UNPROVEN]: "unproven",
  [LOW]: "low",
  [HIGH]: "high",
  4: "off",
} as const;
