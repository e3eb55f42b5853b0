import type { Profile, Rule } from "@unbroken/model";
import type { EpochMs, Milli } from "@unbroken/units";
import { applies, isEachRunAHandling, isInForce } from "./conditions.ts";
import { isHeld, type Tolerance } from "./episode.ts";
import { OFF, unproven, type Evidence, type Limit } from "./evidence.ts";
import { isWindowRule, type Folding, type RuleFold } from "./folding.ts";
import { coreRiseEvidence, goodsEvidence } from "./goods.ts";
import { allowedBy } from "./handling.ts";
import { earlier, NEVER } from "./moment.ts";
import { nextRiseTurn, riseEvidence } from "./rise.ts";
import { step } from "./step.ts";
import { counts } from "./track.ts";
import {
  isProven,
  linkEvidence,
  nextPhysicsTurn,
  valueEvidence,
  type View,
} from "./value-evidence.ts";
import { beginWindow, gridOf, lookAtWindow, nextGrid } from "./window-grid.ts";

/** The moment at which rules are looked at. */
export interface Asked {
  readonly folding: Folding;
  readonly profile: Profile;
  readonly at: EpochMs;
  /** Nothing that is heard or stated changes before it. */
  readonly horizon: EpochMs;
}

/** Those whose excursions end an allowance come before those that have one. */
export function judgedFirst({ rules }: Folding): readonly RuleFold[] {
  if (rules.every(({ rule }) => rule.allowances.length === 0)) return rules;
  return [
    ...rules.filter(({ rule }) => isOfGoods(rule)),
    ...rules.filter(({ rule }) => !isOfGoods(rule)),
  ];
}

function isOfGoods({ quantity, mode }: RuleFold["rule"]): boolean {
  return quantity === "product" || quantity === "budget" || mode === "exposure";
}

/** Looks at one rule and takes it a step on. @returns the first moment at which it can turn by itself. */
export function foldRule(asked: Asked, fold: RuleFold, view: View): EpochMs {
  const { folding, profile, at } = asked;
  let until = NEVER;
  if (!isInForce(profile, at)) take(asked, fold, unproven("profile-not-in-force"));
  else if (!applies(fold.rule, folding, at)) silenceRule(folding, fold, at);
  else {
    const found = evidenceOf(asked, fold, limitAt(asked, fold), view);
    take(asked, fold, found.evidence);
    until = earlier(found.until, heldAt(asked, fold));
  }
  return until;
}

/** The rule is silent: its episodes end, a handling and a window begin anew. */
export function silenceRule(folding: Folding, fold: RuleFold, at: EpochMs): void {
  if (fold.evidence.class === "off" && fold.state.episode === null) return;
  fold.evidence = OFF;
  // A window begins anew when the rule does not rest any more.
  if (fold.window !== null) fold.window = { ...beginWindow(at), evidence: OFF };
  const { profile } = folding;
  const [state, ended] = step(toleranceOf(folding, fold), fold.state, { at, evidence: OFF });
  fold.state = state;
  if (profile !== null)
    for (const episode of ended) folding.ended.push({ profile, rule: fold.rule, episode });
}

function take({ folding, profile, at }: Asked, fold: RuleFold, evidence: Evidence): void {
  fold.evidence = evidence;
  const [state, ended] = step(toleranceOf(folding, fold), fold.state, { at, evidence });
  fold.state = state;
  for (const episode of ended) folding.ended.push({ profile, rule: fold.rule, episode });
}

const NOTHING = 0 as Tolerance["clear"];

/** Of which episodes a rule makes excursions just now. */
export function toleranceOf(folding: Folding, { rule }: RuleFold): Tolerance {
  return isEachRunAHandling(rule, folding)
    ? { ...rule, mode: "consecutive", clear: NOTHING }
    : rule;
}

interface Shown {
  readonly evidence: Evidence;
  /** The first moment at which it can be other, though nothing is heard. */
  readonly until: EpochMs;
}

function evidenceOf(asked: Asked, fold: RuleFold, limit: Limit, view: View): Shown {
  const { folding, profile, at, horizon } = asked;
  const { rule, tracks } = fold;
  const { gap } = profile;
  const { thermals } = folding.facts;
  if (rule.mode === "window") return windowShown(asked, fold);
  if (fold.rise !== null) {
    return {
      evidence: riseEvidence(rule, fold.rise, tracks, at, gap, view),
      until: nextRiseTurn(rule, fold.rise, at),
    };
  }
  switch (rule.quantity) {
    case "product":
    case "budget": {
      const { product } = profile;
      if (product === null) return shown(unproven("estimate"));
      const { goods } = folding;
      const asking = { product, goods, tracks, at, horizon, gap, thermals };
      return fold.cores === null
        ? goodsEvidence(rule, asking)
        : coreRiseEvidence(rule, fold.cores, asking);
    }
    case "link":
      return shown(linkEvidence(limit, rule.hysteresis, tracks, at, gap));
    case "air":
    case "mkt":
    case "humidity":
    case "door":
    case "power":
      return {
        evidence: valueEvidence(
          limit,
          hysteresisOf(rule, folding),
          tracks,
          at,
          gap,
          view,
          thermals,
        ),
        until:
          thermals.length === 0 || rule.quantity !== "air"
            ? NEVER
            : nextPhysicsTurn(limit, tracks, at, gap, thermals),
      };
  }
}

function hysteresisOf(rule: Rule, folding: Folding): Milli {
  return isEachRunAHandling(rule, folding) ? (0 as Milli) : rule.hysteresis;
}

function shown(evidence: Evidence): Shown {
  return { evidence, until: NEVER };
}

/** On its grid, or, where windows are not looked at, whether there was proof. */
function windowShown({ profile, at }: Asked, fold: RuleFold): Shown {
  const { rule, tracks } = fold;
  if (fold.window === null || !isWindowRule(rule)) {
    const counting = tracks.filter((track) => counts(track, at));
    const isComplete = counting.every((track) => isProven(track, at, profile.gap));
    if (counting.length === 0) return shown(unproven("nothing-measured"));
    return shown(isComplete ? { class: "in" } : unproven("gap"));
  }
  if (fold.window.evidence.class === "off") fold.window = beginWindow(at);
  if (at % gridOf(rule) === 0) fold.window = lookAtWindow(rule, fold.window, at);
  return { evidence: fold.window.evidence, until: nextGrid(rule, at) };
}

/** Where the limit of a rule stands, with what a phase allows. */
function limitAt(asked: Asked, fold: RuleFold): Limit {
  const { rule } = fold;
  if (rule.allowances.length === 0) return rule;
  const by = areGoodsOut(asked) ? 0 : allowedBy(asked.folding.handling, rule, asked.at);
  if (by === 0) return rule;
  const moved = (fold.moved ??= new Map<number, Limit>());
  let limit = moved.get(by);
  if (limit === undefined) {
    const outwards = rule.side === "high" ? by : -by;
    limit = {
      comparison: rule.comparison,
      side: rule.side,
      limit: (rule.limit + outwards) as Milli,
    };
    moved.set(by, limit);
  }
  return limit;
}

/** What the air is allowed the product is not: its value is out, or its exposure goes on beyond the hold. */
function areGoodsOut({ folding, at }: Asked): boolean {
  return folding.rules.some((fold) => {
    const { rule, state, evidence } = fold;
    if (evidence.class !== "out" || !isOfGoods(rule) || isWarning(folding, rule)) return false;
    return rule.mode !== "exposure" || isHeld(toleranceOf(folding, fold), state, at);
  });
}

/** A warning comes before what it warns of, and ends nothing. */
function isWarning({ rules }: Folding, { id, severity }: Rule): boolean {
  return severity === "warn" && rules.some(({ rule }) => id === `${rule.id}.warn`);
}

/** When a rule that adds up and is out now reaches its hold. */
function heldAt({ folding, at }: Asked, fold: RuleFold): EpochMs {
  const { rule, state } = fold;
  if (rule.mode !== "exposure" && rule.mode !== "cumulative") return NEVER;
  const { episode, totalMs } = state;
  if (episode === null || episode.outSince === null) return NEVER;
  const before = toleranceOf(folding, fold).mode === "consecutive" ? 0 : totalMs;
  const held = (episode.outSince + rule.hold - episode.outMs - before) as EpochMs;
  return held > at ? held : NEVER;
}
