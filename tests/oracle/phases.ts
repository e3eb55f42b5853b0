import {
  minutesOf,
  milliOf,
  START,
  MINUTE,
  type AllowanceText,
  type PhaseName,
  type RuleText,
} from "./history.ts";
import { saidAt, tracksOf, valueOf, type Known } from "./known.ts";
import { holdsAt, piecesOf, type Slot } from "./slots.ts";

// When a rule applies, and where its limit stands (docs/rules.md, Phases and allowances, schedule, validity).

/** Whether a sensor (not a person) proves the phase: silence, a fault or a doubt prove nothing. */
export function provenPhase(known: Known, phase: PhaseName, slot: Slot): boolean {
  const quantity = proofOf(phase);
  if (quantity === null) return false;
  return tracksOf(known, quantity).some((track) => {
    const said = saidAt(known, track, slot);
    if (said === null || (!said.atReading && (said.silent || said.missing))) return false;
    return said.rows.some((row) => valueOf(known, track, row, slot) === 1_000);
  });
}

export function phaseHolds(known: Known, phase: PhaseName, slot: Slot): boolean {
  const stated = known.history.facts.phases.some(
    (each) => each.phase === phase && holdsAt(each, slot),
  );
  return stated || provenPhase(known, phase, slot);
}

/** Null: the rule applies in any phase. */
export function phasesOfRule(known: Known, rule: RuleText): readonly PhaseName[] | null {
  if (rule.mode !== "exposure") return rule.phases ?? null;
  return handlingUnknown(known) ? null : (rule.phases ?? ["load"]);
}

/** No contact was ever heard, and no phase was stated. */
function handlingUnknown(known: Known): boolean {
  return known.history.facts.phases.length === 0 && tracksOf(known, "door_open").length === 0;
}

function proofOf(phase: PhaseName): "door_open" | "defrost" | null {
  if (phase === "load") return "door_open";
  return phase === "defrost" ? "defrost" : null;
}

export function applies(known: Known, rule: RuleText, slot: Slot): boolean {
  const phases = phasesOfRule(known, rule);
  const phase = phases === null || phases.some((each) => phaseHolds(known, each, slot));
  return phase && (rule.schedule === undefined || inHours(rule.schedule, slot));
}

const DAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"];

function inHours(
  { offset, days = DAYS, from, to }: NonNullable<RuleText["schedule"]>,
  slot: Slot,
): boolean {
  const ahead = minutesOfClock(offset.slice(1)) * (offset.startsWith("-") ? -1 : 1);
  // START is the midnight of a Monday.
  const local = slot.from + ahead;
  const time = local - Math.floor(local / 1_440) * 1_440;
  const day = Math.floor(local / 1_440);
  const isDay = (n: number): boolean => days.includes(DAYS[((n % 7) + 7) % 7] ?? "");
  const [begin, end] = [minutesOfClock(from), minutesOfClock(to)];
  if (begin < end) return isDay(day) && time >= begin && time < end;
  return (isDay(day) && time >= begin) || (isDay(day - 1) && time < end);
}

function minutesOfClock(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

export function inForce(known: Known, slot: Slot): boolean {
  const { effective_from, effective_until } = known.history.profile;
  const minute = (text: string): number => (Date.parse(text) - START) / MINUTE;
  return (
    (effective_from === undefined || slot.from >= minute(effective_from)) &&
    (effective_until === undefined || slot.from < minute(effective_until))
  );
}

export function inService(known: Known, slot: Slot): boolean {
  return !known.history.facts.outOfService.some((each) => holdsAt(each, slot));
}

/** By how much the rule's limit stands further out in each slot, in thousandths; of several allowances the widest. */
export function allowancesOf(
  known: Known,
  rule: RuleText,
  slots: readonly Slot[],
): ReadonlyMap<Slot, number> {
  const each = (rule.allowances ?? []).map((allowance) => allowedBy(known, allowance, slots));
  return new Map(
    slots.map((slot) => [slot, Math.max(0, ...each.map((map) => map.get(slot) ?? 0))]),
  );
}

function allowedBy(
  known: Known,
  allowance: AllowanceText,
  slots: readonly Slot[],
): ReadonlyMap<Slot, number> {
  const pieces = piecesOf(
    slots.map((slot) => ({ slot, proven: provenPhase(known, allowance.phase, slot) })),
    (a, b) => a.proven === b.proven,
  ).filter(([first]) => first?.proven === true);
  const every = allowance.every === undefined ? 0 : minutesOf(allowance.every);
  const begins = pieces.map((piece) => piece[0]?.slot.from ?? 0);
  const granted = begins.reduce<readonly number[]>(
    (before, begin) =>
      before.some((other) => begin - other < every) ? before : [...before, begin],
    [],
  );
  const length = minutesOf(allowance.for);
  const allowed = pieces.flatMap((piece) => {
    const begin = piece[0]?.slot.from ?? 0;
    if (!granted.includes(begin)) return [];
    return piece.flatMap(({ slot }) => (slot.from < begin + length ? [slot] : []));
  });
  return new Map(allowed.map((slot) => [slot, milliOf(allowance.by)]));
}
