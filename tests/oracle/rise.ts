import { minutesOf, type RuleText } from "./history.ts";
import { saidAt, tracksOf, valueOf, type Known, type Track } from "./known.ts";
import { inService } from "./phases.ts";
import { isMoment, within, type Slot } from "./slots.ts";

// How far a sensor is from its own lowest (highest) value in the scope (docs/rules.md, mode `rise`).

/** By sensor and slot: its differences, in thousandths, and whether it also said nothing; absent before its first. */
export type Differences = ReadonlyMap<Track, ReadonlyMap<Slot, Difference>>;

export interface Difference {
  readonly values: readonly number[];
  readonly doubt: boolean;
}

export function differencesOf(known: Known, rule: RuleText, slots: readonly Slot[]): Differences {
  // What is measured while the space is out of service counts for nothing.
  const looked = slots.filter(
    (slot) => within(slot, known.from, known.to, known.lastMoment) && inService(known, slot),
  );
  const upward = rule.cmp === "gt" || rule.cmp === "ge";
  return new Map(
    tracksOf(known, "temperature").map((track) => {
      const held = looked.flatMap((slot) => {
        const said = provenIn(known, track, slot);
        return said === null ? [] : [{ slot, ...said }];
      });
      const differences = held.map(({ slot, values, doubt }): readonly [Slot, Difference] => {
        const scope = held
          .filter((each) => inScope(rule, each.slot, slot))
          .flatMap((each) => each.values);
        const from = upward ? Math.min(...scope) : Math.max(...scope);
        return [slot, { values: values.map((value) => value - from), doubt }];
      });
      return [track, new Map(differences)];
    }),
  );
}

function provenIn(known: Known, track: Track, slot: Slot): Difference | null {
  const said = saidAt(known, track, slot);
  if (said === null) return null;
  if (!said.atReading && (said.silent || said.missing)) return { values: [], doubt: true };
  const all = said.rows.map((row) => valueOf(known, track, row, slot));
  const values = all.filter((value) => value !== null);
  return { values, doubt: values.length < all.length };
}

/** Whether what held in `earlier` is in the scope that ends in `now`; without a scope all that is judged is. */
function inScope({ scope = "shipment" }: RuleText, earlier: Slot, now: Slot): boolean {
  if (earlier.from > now.from || (earlier.from === now.from && !isMoment(earlier) && isMoment(now)))
    return false;
  if (scope === "shipment") return true;
  const begin = now.from - minutesOf(scope);
  if (!isMoment(earlier)) return earlier.to > begin;
  return earlier.from > begin;
}
