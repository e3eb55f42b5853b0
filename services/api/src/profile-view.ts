import {
  isoOf,
  ruleQuantities,
  type LimitView,
  type Profile,
  type ProfileView,
  type Rule,
  type RuleMode,
  type RuleQuantity,
} from "@unbroken/model";
import { fromMilli } from "@unbroken/units";

export interface Confirmation {
  /** Whether an operator of the organisation confirmed this version. */
  readonly confirmed: boolean;
}

export function profileView(profile: Profile, { confirmed }: Confirmation): ProfileView {
  const { effectiveFrom, effectiveUntil } = profile;
  return {
    id: profile.id,
    title: profile.title,
    title_zh: profile.titleZh,
    hash: profile.hash,
    source: profile.source,
    edition: profile.edition,
    effective_from: effectiveFrom === null ? null : isoOf(effectiveFrom),
    effective_until: effectiveUntil === null ? null : isoOf(effectiveUntil),
    confidence: profile.confidence,
    confirmed,
    cadence_ms: profile.cadence,
    gap_ms: profile.gap,
    limits: profile.rules.map(limitView),
  };
}

function limitView(rule: Rule): LimitView {
  const unit = limitUnitOf(rule.quantity, rule.mode);
  const limit = fromMilli(rule.limit);
  return {
    rule: rule.id,
    quantity: rule.quantity,
    mode: rule.mode,
    side: rule.side,
    comparison: rule.comparison,
    limit,
    unit,
    limit_c: unit === "Cel" ? limit : null,
    hold_ms: rule.hold,
    scope_ms: rule.scope,
    severity: rule.severity,
    hysteresis: fromMilli(rule.hysteresis),
    clear_ms: rule.clear,
    phases: rule.phases === null ? null : [...rule.phases],
    allowances: rule.allowances.map(({ phase, by, for: length, every }) => ({
      phase,
      by: fromMilli(by),
      for_ms: length,
      every_ms: every,
    })),
    scheduled: rule.schedule !== null,
    clause: rule.clause ?? null,
  };
}

/** A rise is a difference: its limit of 3 K is no temperature of 3 °C. */
export function limitUnitOf(quantity: RuleQuantity, mode: RuleMode | null): LimitView["unit"] {
  return mode === "rise" ? "K" : ruleQuantities[quantity].unit;
}
