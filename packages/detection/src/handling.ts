import type { Allowance, Phase, Rule, StatedPhase } from "@unbroken/model";
import type { DurationMs, EpochMs } from "@unbroken/units";
import { earlier, NEVER } from "./moment.ts";
import { counts, isSilent, type Track } from "./track.ts";
import type { View } from "./value-evidence.ts";

/** The phases that a sensor can prove. */
export type ProvenPhase = Allowance["phase"];

/** What is being done with the goods or the room. Plain JSON but for what is derived; changed in place. */
export interface Handling {
  /** Since when a sensor proves the phase; null while none does. */
  readonly proven: Record<ProvenPhase, EpochMs | null>;
  /** Whether a contact was heard or a phase stated so far: without, every run out of range is a handling. */
  evidence: boolean;
  /** By rule and place of the allowance in it. */
  readonly allowances: Record<string, GivenAllowance>;
}

/** When an allowance began last; `granted` says whether it did with the present phase. */
export interface GivenAllowance {
  readonly begun: EpochMs;
  readonly granted: boolean;
}

export function noHandling(): Handling {
  return { proven: { load: null, defrost: null }, evidence: false, allowances: {} };
}

export function copyOfHandling({ proven, evidence, allowances }: Handling): Handling {
  return { proven: { ...proven }, evidence, allowances: { ...allowances } };
}

const CONTACTS = { load: "door_open", defrost: "defrost" } as const;

/** Looks at the contacts (cursors moved to `at`) and gives allowances to phases that begin. */
export function moveHandling(
  handling: Handling,
  contacts: readonly Track[],
  stated: readonly StatedPhase[],
  rules: readonly Rule[],
  gap: DurationMs,
  at: EpochMs,
  view: View,
): void {
  for (const phase of ["load", "defrost"] as const) {
    const isProven = contacts.some((track) => says(track, CONTACTS[phase], at, gap, view));
    const before = handling.proven[phase];
    handling.proven[phase] = isProven ? (before ?? at) : null;
    if (isProven && before === null) beginAllowances(handling, rules, phase, at);
  }
  handling.evidence ||=
    contacts.some((track) => track.quantity === "door_open" && counts(track, at)) ||
    stated.some(({ from }) => from <= at);
}

/** A contact in silence says nothing but at the very moment of its reading; of two values one that says so is enough. */
function says(track: Track, quantity: string, at: EpochMs, gap: DurationMs, view: View): boolean {
  if (track.quantity !== quantity || !counts(track, at)) return false;
  if (isSilent(track, gap) && !(view === "moment" && track.at === at)) return false;
  return track.highest !== null && track.highest > 0;
}

function beginAllowances(
  handling: Handling,
  rules: readonly Rule[],
  phase: ProvenPhase,
  at: EpochMs,
): void {
  for (const rule of rules)
    rule.allowances.forEach((allowance, i) => {
      if (allowance.phase !== phase) return;
      const key = allowanceKey(rule, i);
      const last = handling.allowances[key];
      handling.allowances[key] =
        last === undefined || at - last.begun >= allowance.every
          ? { begun: at, granted: true }
          : { begun: last.begun, granted: false };
    });
}

export function allowanceKey(rule: Rule, index: number): string {
  return `${rule.id}#${index}`;
}

/** How far the limit of a rule stands further out at `at`, in thousandths of the unit. */
export function allowedBy(handling: Handling, rule: Rule, at: EpochMs): number {
  let by = 0;
  rule.allowances.forEach((allowance, i) => {
    const end = allowanceEnd(handling, rule, allowance, i);
    if (end > at && allowance.by > by) by = allowance.by;
  });
  return by;
}

/** The first moment after `at` at which an allowance of these rules ends by itself. */
export function nextAllowanceEnd(handling: Handling, rules: readonly Rule[], at: EpochMs): EpochMs {
  let next = NEVER;
  for (const rule of rules)
    rule.allowances.forEach((allowance, i) => {
      const end = allowanceEnd(handling, rule, allowance, i);
      if (end > at) next = earlier(next, end);
    });
  return next;
}

/** When an allowance that holds ends; in the past if none does. */
function allowanceEnd(
  { proven, allowances }: Handling,
  rule: Rule,
  allowance: Allowance,
  index: number,
): EpochMs {
  const given = allowances[allowanceKey(rule, index)];
  if (given === undefined || !given.granted || proven[allowance.phase] === null)
    return Number.NEGATIVE_INFINITY as EpochMs;
  return (given.begun + allowance.for) as EpochMs;
}

/** Whether a phase holds at `at`: stated, or proven by a sensor. */
export function isPhase(
  handling: Handling,
  stated: readonly StatedPhase[],
  phase: Phase,
  at: EpochMs,
): boolean {
  if ((phase === "load" || phase === "defrost") && handling.proven[phase] !== null) return true;
  return stated.some((one) => one.phase === phase && isDuring(one, at));
}

export function isDuring(
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs | null },
  at: EpochMs,
): boolean {
  return from <= at && (to === null || at < to);
}

/** The first moment after `at` at which one of these stretches begins or ends. */
export function nextEdge(
  stretches: readonly { readonly from: EpochMs; readonly to: EpochMs | null }[],
  at: EpochMs,
): EpochMs {
  let next = NEVER;
  for (const { from, to } of stretches) {
    if (from > at) next = earlier(next, from);
    if (to !== null && to > at) next = earlier(next, to);
  }
  return next;
}
