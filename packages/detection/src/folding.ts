import type { EvidenceClass, Profile, Rule } from "@unbroken/model";
import type { DurationMs, EpochMs } from "@unbroken/units";
import type { Assignment } from "./assignment.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { UNTOUCHED, type EndedEpisode, type RuleState } from "./episode.ts";
import { unproven, type Evidence, type Limit } from "./evidence.ts";
import type { CoreSpans, Goods } from "./goods.ts";
import { copyOfHandling, noHandling, type Handling } from "./handling.ts";
import { productOfStored, storedProduct } from "./product/stored-product.ts";
import type { RiseState } from "./rise.ts";
import { noSameValues, type SameValues } from "./signal/stuck.ts";
import type { SpaceFacts } from "./space-facts.ts";
import {
  believe,
  saidBefore,
  saidUnder,
  type TimedSample,
  type Track,
  type Trust,
} from "./track.ts";
import { beginWindow, type WindowRule, type WindowState } from "./window-grid.ts";

/** From `from` on, the timeline is of this class. */
export interface Turn {
  readonly from: EpochMs;
  readonly class: EvidenceClass;
}

/** An episode with the rule that judged it. */
export interface JudgedEpisode {
  readonly profile: Profile;
  readonly rule: Rule;
  readonly episode: EndedEpisode;
}

/** One rule on its way: changed in place. */
export interface RuleFold {
  readonly rule: Rule;
  readonly tracks: readonly Track[];
  state: RuleState;
  /** What holds in the present stretch. */
  evidence: Evidence;
  /** Where the limit stands while an allowance holds; the same object as long as it stands there. */
  moved: Map<number, Limit> | null;
  window: WindowState | null;
  readonly rise: RiseState | null;
  readonly cores: CoreSpans | null;
}

/** Told of each rule what `evidence` it has of the stretch `[from, to)`, or of the moment `from` if both are one. */
export type Observer = (rule: RuleFold, index: number, from: EpochMs, to: EpochMs) => void;

/** A fold on its way: a cursor through the time of a space. Changed in place, and never kept. */
export interface Folding {
  readonly tracks: readonly Track[];
  /** Of `tracks` those that show whether something is done, and those that rules look at. */
  readonly contacts: readonly Track[];
  readonly sensing: readonly Track[];
  readonly temperatures: readonly Track[];
  readonly assignments: readonly Assignment[];
  readonly facts: SpaceFacts;
  /** Windows are looked at on their grid; an interval has a law of its own for them. */
  readonly windows: "on the grid" | "not here";
  readonly observer: Observer | null;
  /** Called with each stretch once all rules have been looked at in it. */
  readonly onStretch: ((from: EpochMs, to: EpochMs) => void) | null;
  /** The next moment to fold, and up to when sums are complete. */
  at: EpochMs;
  accruedTo: EpochMs;
  profile: Profile | null;
  rules: readonly RuleFold[];
  class: EvidenceClass | null;
  handling: Handling;
  /** Whether anything asks for the goods. */
  usesGoods: boolean;
  /** Replaced, never changed. */
  goods: Goods;
  same: SameValues;
  readonly turns: Turn[];
  readonly ended: JudgedEpisode[];
}

export interface FoldingInput {
  readonly tracks: readonly Track[];
  readonly assignments: readonly Assignment[];
  readonly facts: SpaceFacts;
  readonly windows: Folding["windows"];
  readonly observer?: Observer;
  readonly onStretch?: (from: EpochMs, to: EpochMs) => void;
}

/** Goes on from a checkpoint. */
export function foldingFrom(checkpoint: Checkpoint, input: FoldingInput): Folding {
  const { tracks, assignments } = input;
  const profile =
    assignments.find(({ profile }) => profile.hash === checkpoint.profileHash)?.profile ?? null;
  const isContact = ({ quantity }: Track): boolean =>
    quantity === "door_open" || quantity === "defrost";
  const hasContacts = tracks.some(isContact);
  const sensing = hasContacts
    ? tracks.filter(
        (track) =>
          !isContact(track) || (track.quantity === "door_open" && looksAtDoors(assignments)),
      )
    : tracks;
  const folding: Folding = {
    tracks,
    contacts: hasContacts ? tracks.filter(isContact) : NONE,
    sensing,
    temperatures: ofQuantity(tracks, "temperature"),
    assignments,
    facts: input.facts,
    windows: input.windows,
    observer: input.observer ?? null,
    onStretch: input.onStretch ?? null,
    at: checkpoint.at,
    accruedTo: checkpoint.at,
    profile: null,
    rules: NO_RULES,
    class: checkpoint.class,
    handling:
      checkpoint.handling === undefined ? noHandling() : copyOfHandling(checkpoint.handling),
    usesGoods: false,
    goods: NO_GOODS,
    same: checkpoint.same ?? noSameValues,
    turns: [],
    ended: [],
  };
  if (checkpoint.before !== undefined)
    for (const track of folding.temperatures)
      track.before =
        checkpoint.before[track.sensor]?.find(
          ([one]) => one !== undefined && isBefore(one, track),
        ) ?? [];
  if (profile !== null) adopt(folding, profile, checkpoint.at, checkpoint);
  if (checkpoint.stuck !== undefined)
    for (const track of folding.temperatures)
      track.stuckFrom = checkpoint.stuck[track.sensor] ?? null;
  if (checkpoint.goods !== undefined)
    folding.goods = new Map(
      Object.entries(checkpoint.goods).map(([sensor, one]) => [sensor, productOfStored(one)]),
    );
  return folding;
}

function looksAtDoors(assignments: readonly Assignment[]): boolean {
  return assignments.some(({ profile }) =>
    profile.rules.some(({ quantity }) => quantity === "door"),
  );
}

const NONE: readonly Track[] = [];
const NO_RULES: readonly RuleFold[] = [];
const NO_GOODS: Goods = new Map();

function ofQuantity(tracks: readonly Track[], quantity: Track["quantity"]): readonly Track[] {
  return tracks.every((track) => track.quantity === quantity)
    ? tracks
    : tracks.filter((track) => track.quantity === quantity);
}

/** Judges by another profile from `at` on, with what its rules have seen before, if anything. */
export function adopt(
  folding: Folding,
  profile: Profile | null,
  at: EpochMs,
  seen: Pick<Checkpoint, "rules" | "windows" | "rises" | "cores">,
): void {
  folding.profile = profile;
  folding.rules =
    profile === null ? NO_RULES : profile.rules.map((rule) => ruleFold(folding, rule, at, seen));
  folding.goods = NO_GOODS;
  folding.usesGoods =
    folding.onStretch !== null ||
    (profile?.rules.some(({ quantity }) => quantity === "product" || quantity === "budget") ??
      false);
  const trust = trustOf(profile);
  for (const track of folding.tracks) {
    believe(track, trust, at);
    track.stuckFrom = null;
  }
}

/** How far a profile trusts its sensors; the same object each time, so that nothing is weighed again for nothing. */
function trustOf(profile: Profile | null): Trust {
  if (profile === null) return NO_TRUST;
  let trust = trusts.get(profile);
  if (trust === undefined) {
    const { accuracy, faults } = profile;
    const sifts = faults.sentinels.length > 0 || faults.step !== null;
    trusts.set(profile, (trust = { accuracy, faults: sifts ? faults : null }));
  }
  return trust;
}

const NO_TRUST: Trust = { accuracy: 0 as Rule["limit"], faults: null };
const trusts = new WeakMap<Profile, Trust>();

const TRACKED = {
  air: "temperature",
  mkt: "temperature",
  product: "temperature",
  budget: "temperature",
  link: "temperature",
  humidity: "relative_humidity",
  door: "door_open",
  power: "power_supply",
} as const satisfies Record<Rule["quantity"], Track["quantity"]>;

/** What sensors measure that a rule looks at. */
export function trackedQuantity({ quantity }: Pick<Rule, "quantity">): Track["quantity"] {
  return TRACKED[quantity];
}

function ruleFold(
  folding: Folding,
  rule: Rule,
  at: EpochMs,
  seen: Pick<Checkpoint, "rules" | "windows" | "rises" | "cores">,
): RuleFold {
  const onGrid = folding.windows === "on the grid" && isWindowRule(rule);
  return {
    rule,
    tracks: ofQuantity(folding.tracks, TRACKED[rule.quantity]),
    state: seen.rules[rule.id] ?? UNTOUCHED,
    evidence: unproven("nothing-measured"),
    moved: null,
    window: onGrid ? (seen.windows?.[rule.id] ?? beginWindow(at)) : null,
    rise: rule.mode === "rise" && rule.quantity === "air" ? { ...seen.rises?.[rule.id] } : null,
    cores:
      rule.mode === "rise" && rule.quantity === "product" ? { ...seen.cores?.[rule.id] } : null,
  };
}

export function isWindowRule(rule: Rule): rule is WindowRule {
  return rule.mode === "window" && rule.scope !== null;
}

/** What stands before `at`, once all moments before it are folded. */
export function checkpointOf(folding: Folding, at: EpochMs, reach: DurationMs): Checkpoint {
  const rules: Record<string, RuleState> = {};
  let windows: Record<string, WindowState> | undefined;
  let rises: Record<string, RiseState> | undefined;
  let cores: Record<string, CoreSpans> | undefined;
  for (const { rule, state, window, rise, cores: spans } of folding.rules) {
    if (state !== UNTOUCHED) rules[rule.id] = state;
    if (window !== null) (windows ??= {})[rule.id] = window;
    if (rise !== null) (rises ??= {})[rule.id] = { ...rise };
    if (spans !== null) (cores ??= {})[rule.id] = { ...spans };
  }
  const { handling, goods, same } = folding;
  const plain: Checkpoint = {
    at,
    reach,
    profileHash: folding.profile?.hash ?? null,
    rules,
    class: folding.class,
  };
  const isHandled = handling.evidence || Object.keys(handling.allowances).length > 0;
  const before = neighboursOf(folding);
  if (!isHandled && !windows && !rises && goods.size === 0 && same === noSameValues && !before)
    return plain;
  return {
    ...plain,
    ...(isHandled ? { handling: copyOfHandling(handling) } : {}),
    ...(windows === undefined ? {} : { windows }),
    ...(rises === undefined ? {} : { rises }),
    ...(cores === undefined ? {} : { cores }),
    ...(goods.size === 0
      ? {}
      : { goods: Object.fromEntries([...goods].map(([key, one]) => [key, storedProduct(one)])) }),
    ...(same === noSameValues ? {} : { same, stuck: stuckOf(folding) }),
    ...(before === null ? {} : { before }),
  };
}

function stuckOf({ temperatures }: Folding): Required<Checkpoint>["stuck"] {
  const stuck: Record<string, EpochMs> = {};
  for (const { sensor, stuckFrom } of temperatures)
    if (stuckFrom !== null) stuck[sensor] = stuckFrom;
  return stuck;
}

/** Only impossible steps look at the instant before the last. */
function neighboursOf({
  assignments,
  temperatures,
}: Folding): Required<Checkpoint>["before"] | null {
  if (assignments.every(({ profile }) => profile.faults.step === null)) return null;
  const before: Record<string, Track["before"][]> = {};
  for (const track of temperatures)
    before[track.sensor] = [saidUnder(track), saidBefore(track)].filter(({ length }) => length > 0);
  return before;
}

function isBefore({ at }: TimedSample, { samples }: Track): boolean {
  const [first] = samples;
  return first !== undefined && at < first.at;
}
