import { milliOf, type QuantityName, type Row, type RuleText, minutesOf } from "./history.ts";
import { bandOf, saidAt, tracksOf, valueOf, type Known, type Said, type Track } from "./known.ts";
import { allowancesOf, applies, inForce, inService, phasesOfRule } from "./phases.ts";
import { canHaveBeenOut } from "./physics.ts";
import { differencesOf, type Difference } from "./rise.ts";
import { piecesOf, totalOf, type Slot, within } from "./slots.ts";

// What a slot is for a rule. `near`: in range, by no more than the hysteresis. `off`: the rule does not look.

export type Class = "out" | "unproven" | "near" | "in" | "off";

export interface Judged {
  readonly slot: Slot;
  readonly is: Class;
  /** The values of the sensors that are out, in thousandths. */
  readonly worst: readonly number[];
}

const measured: Readonly<Record<string, QuantityName>> = {
  air: "temperature",
  humidity: "relative_humidity",
  door: "door_open",
  power: "power_supply",
  link: "temperature",
  mkt: "temperature",
};

export function quantityOf(rule: RuleText): QuantityName {
  const quantity = measured[rule.quantity ?? "air"];
  if (quantity === undefined) throw new Error(`the naive judge knows no ${String(rule.quantity)}`);
  return quantity;
}

export function sideOf({ cmp }: RuleText): "high" | "low" {
  return cmp === "gt" || cmp === "ge" ? "high" : "low";
}

/** Whether a value that may be off by `band` either way is out for sure (`-`) or could be (`+`). */
export function isOut(
  cmp: RuleText["cmp"],
  limit: number,
  value: number,
  band: number,
  sure: boolean,
): boolean {
  const by = sure ? band : -band;
  switch (cmp) {
    case "gt":
      return value - by > limit;
    case "ge":
      return value - by >= limit;
    case "lt":
      return value + by < limit;
    case "le":
      return value + by <= limit;
  }
}

/** Every slot of a rule, before anything is added up. */
export function classesOf(known: Known, rule: RuleText, slots: readonly Slot[]): readonly Judged[] {
  const allowances = allowancesOf(known, rule, slots);
  const rises = rule.mode === "rise" ? differencesOf(known, rule, slots) : null;
  const used = (rule.allowances ?? []).length > 0 ? exposureUsedUp(known, slots) : new Set<Slot>();
  return slots.map((slot) => {
    const allowed = used.has(slot) ? 0 : (allowances.get(slot) ?? 0);
    const limit = milliOf(rule.limit) + (sideOf(rule) === "high" ? allowed : -allowed);
    if (!inService(known, slot)) return { slot, is: "off", worst: [] };
    if (!inForce(known, slot)) return { slot, is: "unproven", worst: [] };
    if (!applies(known, rule, slot)) return { slot, is: "off", worst: [] };
    return combined(
      slot,
      tracksOf(known, quantityOf(rule)).map((track) =>
        rises === null
          ? ofTrack(known, track, rule, limit, slot)
          : ofDifference(rule, rises.get(track)?.get(slot)),
      ),
    );
  });
}

/** What the air is allowed the product is not: where an exposure rule of the profile has added up to its hold. */
function exposureUsedUp(known: Known, slots: readonly Slot[]): ReadonlySet<Slot> {
  // Of a handling as of all else only what lies in the interval is added up.
  const judged = (rule: RuleText): readonly Judged[] =>
    classesOf(known, rule, slots).filter(({ slot }) =>
      within(slot, known.from, known.to, known.lastMoment),
    );
  return new Set(
    known.history.profile.rules
      .filter(({ mode }) => mode === "exposure")
      .flatMap((rule) =>
        piecesOf(judged(rule), (a, b) => sameHandling(known, rule, a, b)).flatMap((handling) =>
          handling.flatMap(({ slot, is }, i) => {
            const before = handling.slice(0, i).filter((each) => each.is === "out");
            const out = totalOf(before.map((each) => each.slot));
            return is === "out" && out >= minutesOf(rule.hold ?? "PT0S") ? [slot] : [];
          }),
        ),
      ),
  );
}

/** A handling is a stretch in which the rule applies; where nothing tells of any, each run is one. */
export function sameHandling(known: Known, rule: RuleText, a: Judged, b: Judged): boolean {
  if (phasesOfRule(known, rule) === null) return (a.is === "out") === (b.is === "out");
  return (a.is === "off") === (b.is === "off");
}

type Found = Pick<Judged, "is" | "worst">;

/** Out before unproven before in; a sensor counts from its first reading on. */
function combined(slot: Slot, found: readonly (Found | null)[]): Judged {
  const counted = found.filter((each) => each !== null);
  const worst = counted.flatMap((each) => each.worst);
  for (const is of ["out", "unproven", "near", "in"] as const)
    if (counted.some((each) => each.is === is)) return { slot, is, worst };
  return { slot, is: "unproven", worst: [] };
}

/** The error of a probe is the same in both values and leaves their difference without a band. */
function ofDifference(rule: RuleText, difference: Difference | undefined): Found | null {
  if (difference === undefined) return null;
  const { values, doubt } = difference;
  const limit = milliOf(rule.limit);
  const out = values.filter((value) => isOut(rule.cmp, limit, value, 0, true));
  if (out.length > 0) return { is: "out", worst: out };
  return { is: doubt ? "unproven" : "in", worst: [] };
}

function ofTrack(
  known: Known,
  track: Track,
  rule: RuleText,
  limit: number,
  slot: Slot,
): Found | null {
  const said = saidAt(known, track, slot);
  if (said === null) return null;
  if (rule.quantity === "link") return ofValue(rule, limit, said.silent ? 0 : 1_000, 0);
  const now = combined(
    slot,
    said.rows.map((row) => {
      const value = valueOf(known, track, row, slot);
      return value === null
        ? { is: "unproven", worst: [] }
        : ofValue(rule, limit, value, bandOf(known, track, slot.from));
    }),
  );
  if (said.atReading || !(said.silent || said.missing)) return now;
  return ofSilence(known, track, said, rule, limit, slot);
}

function ofValue(rule: RuleText, limit: number, value: number, band: number): Found {
  if (isOut(rule.cmp, limit, value, band, true)) return { is: "out", worst: [value] };
  if (isOut(rule.cmp, limit, value, band, false)) return { is: "unproven", worst: [] };
  const h = milliOf(rule.hysteresis ?? 0);
  return { is: h > 0 && Math.abs(limit - value) <= h ? "near" : "in", worst: [] };
}

function ofSilence(
  known: Known,
  track: Track,
  said: Said,
  rule: RuleText,
  limit: number,
  slot: Slot,
): Found {
  if (rule.quantity !== undefined && rule.quantity !== "air") return { is: "unproven", worst: [] };
  if (known.history.facts.thermals.length === 0) return { is: "unproven", worst: [] };
  // A fault is unproven until the next reading, whenever that comes; a doubt for as long as it is stated.
  // In a silence nothing begins to be in doubt that was not when it began.
  const at = said.rows[0]?.minute ?? 0;
  const begin = { from: at, to: at };
  const isDoubtful = (row: Row): boolean =>
    valueOf(known, track, row, begin) === null && valueOf(known, track, row, slot, begin) === null;
  if (said.rows.some(isDoubtful)) return { is: "unproven", worst: [] };
  const can = canHaveBeenOut(known, track, said, slot, sideOf(rule), (value) =>
    isOut(rule.cmp, limit, value, 0, true),
  );
  return { is: can ? "unproven" : "in", worst: [] };
}
