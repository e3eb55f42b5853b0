import type { Profile } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import { nextAssignment, profileAt } from "./assignment.ts";
import { nextCondition } from "./conditions.ts";
import { classOf, unionOf } from "./evidence.ts";
import { adopt, isWindowRule, type Folding, type RuleFold } from "./folding.ts";
import { advanceGoods, rememberCores } from "./goods.ts";
import { isDuring, moveHandling } from "./handling.ts";
import { earlier, later } from "./moment.ts";
import { accrueRise } from "./rise.ts";
import { foldRule, judgedFirst, silenceRule } from "./rule-fold.ts";
import { heardTogether, stuckFrom, type HeardValues } from "./signal/stuck.ts";
import { finish } from "./step.ts";
import { counts, isSilent, moveTo, nextChange, type Track } from "./track.ts";
import { isProven, type View } from "./value-evidence.ts";
import { accrueWindow } from "./window-grid.ts";

/** Folds all moments before `stop`, as the tracks show them, and sums up to it. */
export function foldBefore(folding: Folding, stop: EpochMs): void {
  while (folding.at < stop) {
    const { at } = folding;
    accrue(folding, at);
    folding.at = foldMoment(folding, at, stop);
  }
  accrue(folding, stop);
}

/** Looks at `at`. @returns the next moment at which anything can be different. */
function foldMoment(folding: Folding, at: EpochMs, stop: EpochMs): EpochMs {
  let next = nextAssignment(folding.assignments, at);
  for (const track of folding.tracks) {
    moveTo(track, at);
    next = earlier(next, nextChange(track, at));
  }
  const profile = profileAt(folding.assignments, at);
  // A timeline begins with the first sensor that is heard.
  if (folding.class === null && !folding.sensing.some((track) => counts(track, at))) {
    if (profile !== null) for (const view of VIEWS) handle(folding, profile, at, view);
    return next;
  }
  switchProfile(folding, profile, at);
  hearStuck(folding, at);
  const isOff = folding.facts.outOfService.some((stretch) => isDuring(stretch, at));
  if (profile !== null) {
    if (folding.tracks.some((track) => track.at === at && isSilent(track, profile.gap))) {
      handle(folding, profile, at, "moment");
      if (!isOff) foldInstant(folding, profile, at);
    }
    handle(folding, profile, at, "stretch");
  }
  next = earlier(next, nextCondition(folding, at));
  if (isOff) {
    beSilent(folding, at);
    turn(folding, at, "off");
  } else if (profile === null) {
    // Without a rule that decides, nothing proves that the range was kept.
    turn(folding, at, "unproven");
  } else next = foldRules(folding, profile, at, next, stop);
  observe(folding, at, earlier(next, stop));
  return next;
}

const VIEWS = ["moment", "stretch"] as const;

function handle(folding: Folding, { rules, gap }: Profile, at: EpochMs, view: View): void {
  const { contacts, facts, handling } = folding;
  if (contacts.length === 0 && facts.phases.length === 0) return;
  moveHandling(handling, contacts, facts.phases, rules, gap, at, view);
}

/** A sample stands here that does not hold: this very moment is looked at by itself. */
function foldInstant(folding: Folding, profile: Profile, at: EpochMs): void {
  const asked = { folding, profile, at, horizon: (at + 1) as EpochMs };
  for (const rule of judgedFirst(folding)) foldRule(asked, rule, "moment");
  observe(folding, at, at);
}

function foldRules(
  folding: Folding,
  profile: Profile,
  at: EpochMs,
  horizon: EpochMs,
  stop: EpochMs,
): EpochMs {
  let next = horizon;
  const asked = { folding, profile, at, horizon: earlier(horizon, stop) };
  for (const rule of judgedFirst(folding)) next = earlier(next, foldRule(asked, rule, "stretch"));
  turn(folding, at, unionOfRules(folding, profile, at) ?? "unproven");
  return next;
}

/** Of the rules that decide. A window has no minutes of its own: of those alone it shows whether there was proof. */
function unionOfRules(folding: Folding, profile: Profile, at: EpochMs): Folding["class"] {
  let union: Folding["class"] = null;
  for (const { rule, evidence } of folding.rules)
    if (rule.severity === "break" && rule.mode !== "window")
      union = unionOf(union, classOf(rule, evidence));
  if (union !== null) return union;
  for (const { rule, evidence, tracks } of folding.rules)
    if (rule.severity === "break" && rule.mode === "window")
      union = unionOf(union, windowClass(evidence.class, tracks, at, profile));
  return union;
}

function windowClass(
  found: RuleFold["evidence"]["class"],
  tracks: RuleFold["tracks"],
  at: EpochMs,
  { gap }: Profile,
): "in" | "unproven" | "off" {
  if (found === "off") return "off";
  const counting = tracks.filter((track) => counts(track, at));
  return counting.length > 0 && counting.every((track) => isProven(track, at, gap))
    ? "in"
    : "unproven";
}

/** Nothing is judged, and what comes after begins anew; what adds up stays. */
function beSilent(folding: Folding, at: EpochMs): void {
  for (const rule of folding.rules) {
    silenceRule(folding, rule, at);
    for (const sensor of Object.keys(rule.cores ?? {}))
      Reflect.deleteProperty(rule.cores ?? {}, sensor);
  }
  folding.goods = new Map();
}

/** Episodes do not outlive the rules that they broke. */
function switchProfile(folding: Folding, to: Profile | null, at: EpochMs): void {
  const from = folding.profile;
  if (from?.hash === to?.hash) return;
  if (from !== null)
    for (const { rule, state } of folding.rules)
      for (const episode of finish(rule, state, at))
        folding.ended.push({ profile: from, rule, episode });
  adopt(folding, to, at, { rules: {} });
}

/** Tells values that are stuck: of all that was heard at this very moment. */
function hearStuck(folding: Folding, at: EpochMs): void {
  const { profile, temperatures } = folding;
  const rule = profile?.faults.stuck ?? null;
  if (profile === null || rule === null) return;
  hearSame(
    folding,
    profile,
    temperatures.filter((track) => counts(track, at)),
    at,
  );
  for (const track of temperatures) {
    const found = stuckFrom(folding.same, rule, track.sensor);
    // A run that silence ended is forgotten, and what was said in it stays none until the next reading.
    if (found !== null || track.at === at) track.stuckFrom = found;
  }
}

/** Remembers which of these tracks (cursors moved to `at`) say the same as before. */
export function hearSame(
  folding: Folding,
  { faults, gap }: Profile,
  tracks: readonly Track[],
  at: EpochMs,
): void {
  const heard = tracks
    .filter((track) => track.at === at)
    .map((track) => ({ sensor: track.sensor, values: plainValues(track, faults.sentinels) }));
  if (heard.length > 0 && faults.stuck !== null)
    folding.same = heardTogether(folding.same, faults.stuck, gap, at, heard);
}

/** All that a sensor said at one instant; nothing where some of it is no value. */
function plainValues(track: Track, sentinels: readonly number[]): HeardValues["values"] {
  const said = track.samples.slice(track.first, track.next);
  const values = said.flatMap(({ sample, clock }) =>
    sample.kind === "value" && clock === undefined && !sentinels.includes(sample.milli)
      ? [sample.milli]
      : [],
  );
  return values.length === said.length ? values : [];
}

/** Adds up what holds from where sums are complete until `to`. */
function accrue(folding: Folding, to: EpochMs): void {
  const from = folding.accruedTo;
  folding.accruedTo = later(from, to);
  const { profile } = folding;
  if (to <= from || profile === null || folding.class === null) return;
  const isResting = folding.facts.outOfService.some((stretch) => isDuring(stretch, from));
  for (const rule of folding.rules) {
    if (rule.rise !== null && !isResting)
      accrueRise(rule.rule, rule.rise, rule.tracks, from, to, profile.gap);
    if (rule.window !== null && rule.window.evidence.class !== "off" && isWindowRule(rule.rule))
      rule.window = accrueWindow(rule.rule, rule.window, rule.tracks, from, to, profile.gap);
  }
  if (profile.product === null || !folding.usesGoods || isResting) return;
  const before = folding.goods;
  folding.goods = advanceGoods(
    profile.product,
    folding.goods,
    folding.temperatures,
    from,
    to,
    profile.gap,
    folding.facts.thermals,
  );
  for (const { rule, cores } of folding.rules)
    if (cores !== null) rememberCores(rule, cores, before, folding.goods, from, to);
}

function observe({ observer, onStretch, rules }: Folding, from: EpochMs, to: EpochMs): void {
  if (observer !== null)
    rules.forEach((rule, i) => {
      observer(rule, i, from, to);
    });
  if (to > from) onStretch?.(from, to);
}

function turn(folding: Folding, at: EpochMs, to: NonNullable<Folding["class"]>): void {
  if (folding.class === to) return;
  folding.class = to;
  folding.turns.push({ from: at, class: to });
}
