import { classesOf, quantityOf, sameHandling, sideOf, type Judged } from "./classes.ts";
import { minutesOf, milliOf, type History, type RuleText } from "./history.ts";
import { knownOf, tracksOf, valueOf, type Known } from "./known.ts";
import { crossingsOf, type Limit } from "./physics.ts";
import { windowClasses, windowMoments } from "./window.ts";
import { firstMinute, lengthOf, piecesOf, slotsOf, totalOf, within, type Slot } from "./slots.ts";

// A second judge, written from docs/rules.md alone and deliberately naive: it looks at every minute by itself and then
// counts. No state that walks along, no accounts, nothing shared with packages/detection.

export type Verdict = "intact" | "broken" | "unproven";

export interface Excursion {
  readonly rule: string;
  readonly side: "high" | "low";
  readonly since: number;
  readonly until: number | null;
  /** In thousandths. */
  readonly peak: number;
  readonly minutes: number;
}

export interface RuleAnswer {
  readonly id: string;
  readonly verdict: Verdict;
  readonly proven: number;
  readonly possible: number;
}

export interface Answer {
  readonly verdict: Verdict;
  readonly rules: readonly RuleAnswer[];
  readonly excursions: readonly Excursion[];
  readonly exposure: {
    readonly proven: number;
    readonly possible: number;
    readonly in_range: number;
    readonly unproven: number;
  };
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
}

export function naiveAnswer(history: History): Answer {
  const known = knownOf(history);
  const rules = history.profile.rules.flatMap(withWarning);
  const limits = rules.flatMap(limitsOf);
  const first = firstMinute(history.rows, history.facts, known.from);
  const slots = slotsOf(first, known.to, crossingsOf(known, limits));
  const looked = (slot: Slot): boolean => within(slot, known.from, known.to, known.lastMoment);
  const judged = rules.map((rule) => {
    const all =
      rule.mode === "window"
        ? windowClasses(known, rule, slotsOf(known.from, known.to, []))
        : classesOf(known, rule, slots).filter(({ slot }) => looked(slot));
    return { rule, all, ...findings(known, rule, all) };
  });
  const deciding = judged.filter(({ rule }) => (rule.severity ?? "break") === "break");
  // A window says nothing of a moment, so it counts only where no other rule does.
  const momentary = deciding.filter(({ rule }) => rule.mode !== "window");
  const union = unionOf(
    slots.filter(looked),
    momentary.length > 0
      ? momentary.map(({ all }) => all)
      : deciding.map(({ rule }) => windowMoments(known, rule, slots.filter(looked))),
  );
  return {
    verdict: worstOf(deciding.map(({ answer }) => answer.verdict)),
    rules: judged.map(({ answer }) => answer),
    excursions: judged.flatMap(({ excursions }) => excursions),
    exposure: exposureOf(union),
    gaps: gapsOf(union),
  };
}

/** Where a curve may cross, with and without what an allowance adds. */
function limitsOf(rule: RuleText): readonly Limit[] {
  const side = sideOf(rule);
  return [0, ...(rule.allowances ?? []).map(({ by }) => milliOf(by))].map((by) => {
    const limit = milliOf(rule.limit) + (side === "high" ? by : -by);
    return { side, isOut: (value) => (side === "high" ? value > limit : value < limit) };
  });
}

/** `warn: {limit?, hold?}` states a rule `ID.warn` of severity `warn` that fires earlier. */
function withWarning(rule: RuleText): readonly RuleText[] {
  const { warn, ...rest } = rule;
  if (warn === undefined) return [rule];
  return [
    {
      ...rest,
      id: `${rule.id}.warn`,
      severity: "warn",
      limit: warn.limit ?? rule.limit,
      ...(warn.hold === undefined ? {} : { hold: warn.hold }),
    },
    rest,
  ];
}

function worstOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("broken")) return "broken";
  return verdicts.length === 0 || verdicts.includes("unproven") ? "unproven" : "intact";
}

function holdOf(rule: RuleText): number {
  return minutesOf(rule.hold ?? rule.debounce ?? "PT0S");
}

function findings(
  known: Known,
  rule: RuleText,
  all: readonly Judged[],
): { readonly answer: RuleAnswer; readonly excursions: readonly Excursion[] } {
  const worst = all.map((each): Judged => (each.is === "unproven" ? { ...each, is: "out" } : each));
  const proven = figureOf(known, rule, all);
  const possible = figureOf(known, rule, worst);
  const hold = holdOf(rule);
  const broken = hold > 0 ? proven >= hold : all.some(({ is }) => is === "out");
  const intact = hold > 0 ? possible < hold : !worst.some(({ is }) => is === "out");
  const measured = isMeasured(known, rule) && provesSomething(rule, all);
  const verdict = broken ? "broken" : intact && measured ? "intact" : "unproven";
  return {
    answer: { id: rule.id, verdict, proven, possible },
    excursions: excursionsOf(known, rule, all),
  };
}

/** More than one moment of what the rule looks at. */
function isMeasured(known: Known, rule: RuleText): boolean {
  const moments = tracksOf(known, quantityOf(rule)).flatMap((track) =>
    track.rows.flatMap((row) => {
      const at = { from: row.minute, to: row.minute };
      return valueOf(known, track, row, at) === null ? [] : [row.minute];
    }),
  );
  return new Set(moments).size > 1;
}

/** Some time; a window that ends at a moment tells of all the time before it. */
function provesSomething(rule: RuleText, all: readonly Judged[]): boolean {
  return all.some(
    ({ slot, is }) => is !== "unproven" && (rule.mode === "window" || lengthOf(slot) > 0),
  );
}

/** The verdict's figure, by mode. */
function figureOf(known: Known, rule: RuleText, all: readonly Judged[]): number {
  switch (rule.mode) {
    case "window":
      return outOf(all);
    case "instant":
    case "rise":
      return holdOf(rule) === 0
        ? outOf(all)
        : longEnough(rule, all).reduce((sum, each) => sum + outOf(each.all), 0);
    case "cumulative":
      return outOf(all);
    case "consecutive":
      return Math.max(0, ...episodesOf(rule, all).map((episode) => outOf(episode.all)));
    case "exposure":
      return Math.max(0, ...handlingsOf(known, rule, all).map(outOf));
  }
}

function outOf(all: readonly Judged[]): number {
  return totalOf(all.filter(({ is }) => is === "out").map(({ slot }) => slot));
}

/** What is shorter than the debounce is a spike, what is shorter than the hold is tolerated. */
function longEnough(rule: RuleText, all: readonly Judged[]): readonly Episode[] {
  return episodesOf(rule, all).filter((episode) => outOf(episode.all) >= holdOf(rule));
}

interface Episode {
  readonly all: readonly Judged[];
  readonly since: number;
  readonly until: number | null;
}

/**
 * Between two things that end an episode: a moment without proof, one to which the rule does not apply, or a return by
 * more than the hysteresis that lasts for `clear` at the least. What is left begins with the first moment out.
 */
function episodesOf(rule: RuleText, all: readonly Judged[]): readonly Episode[] {
  const clear = minutesOf(rule.clear ?? "PT0S");
  const returns = piecesOf(all, (a, b) => a.is === b.is)
    .filter(([first]) => first?.is === "in")
    .filter((piece) => totalOf(piece.map(({ slot }) => slot)) >= clear)
    .flat();
  const ends = new Set([...returns, ...all.filter(({ is }) => is === "unproven" || is === "off")]);
  return piecesOf(all, (a, b) => ends.has(a) === ends.has(b)).flatMap((piece, i, pieces) => {
    const first = piece.findIndex(({ is }) => is === "out");
    const since = piece[first]?.slot.from;
    if (since === undefined || piece.some((each) => ends.has(each))) return [];
    return [{ all: piece.slice(first), since, until: pieces[i + 1]?.[0]?.slot.from ?? null }];
  });
}

function handlingsOf(
  known: Known,
  rule: RuleText,
  all: readonly Judged[],
): readonly (readonly Judged[])[] {
  return piecesOf(all, (a, b) => sameHandling(known, rule, a, b));
}

function excursionsOf(known: Known, rule: RuleText, all: readonly Judged[]): readonly Excursion[] {
  const hold = holdOf(rule);
  const shown = (episode: Episode): Excursion => ({
    rule: rule.id,
    side: sideOf(rule),
    since: episode.since,
    until: episode.until,
    peak: peakOf(rule, episode.all),
    minutes: outOf(episode.all),
  });
  switch (rule.mode) {
    case "instant":
    case "rise":
    case "window":
    case "consecutive":
      return longEnough(rule, all).map(shown);
    case "cumulative":
      return episodesOf(rule, all)
        .flatMap((episode) => afterHold(episode, all, hold))
        .map(shown);
    case "exposure":
      return handlingsOf(known, rule, all)
        .filter((handling) => outOf(handling) >= hold)
        .flatMap((handling) => {
          const end = all.find(
            ({ slot }) =>
              slot.from >= (handling.at(-1)?.slot.to ?? 0) &&
              !handling.some((each) => each.slot === slot),
          );
          return episodesOf(rule, handling)
            .filter(({ all: episode }) => {
              const last = episode.at(-1)?.slot.to ?? 0;
              return outOf(handling.filter(({ slot }) => slot.to <= last)) >= hold;
            })
            .map((each) => ({ ...each, until: each.until ?? end?.slot.from ?? null }));
        })
        .map(shown);
  }
}

/** What of an episode lies after the moment at which all time out so far adds up to `hold`. */
function afterHold(episode: Episode, all: readonly Judged[], hold: number): readonly Episode[] {
  const left = episode.all.filter(({ slot }) => {
    const before = all.filter((each) => each.slot.to <= slot.from);
    return outOf(before) >= hold;
  });
  const first = left.findIndex(({ is }) => is === "out");
  const since = left[first]?.slot.from;
  return since === undefined ? [] : [{ ...episode, since, all: left.slice(first) }];
}

function peakOf(rule: RuleText, all: readonly Judged[]): number {
  const values = all.filter(({ is }) => is === "out").flatMap(({ worst }) => worst);
  return sideOf(rule) === "high" ? Math.max(...values) : Math.min(...values);
}

/** Of the rules that decide, moment by moment: out before unproven before in. */
function unionOf(slots: readonly Slot[], rules: readonly (readonly Judged[])[]): readonly Judged[] {
  return slots.map((slot, i) => {
    const each = rules.map((all) => all[i]?.is ?? "off");
    const is =
      each.length === 0
        ? "unproven"
        : ((["out", "unproven", "near", "in"] as const).find((one) => each.includes(one)) ?? "off");
    return { slot, is: is === "near" ? "in" : is, worst: [] };
  });
}

function exposureOf(union: readonly Judged[]): Answer["exposure"] {
  const total = (is: Judged["is"]): number =>
    totalOf(union.filter((each) => each.is === is).map(({ slot }) => slot));
  const proven = total("out");
  const unproven = total("unproven");
  return { proven, possible: proven + unproven, in_range: total("in"), unproven };
}

function gapsOf(union: readonly Judged[]): Answer["gaps"] {
  return piecesOf(
    union.filter(({ slot }) => lengthOf(slot) > 0),
    (a, b) => a.is === b.is,
  )
    .filter(([first]) => first?.is === "unproven")
    .map((piece) => ({ from: piece[0]?.slot.from ?? 0, to: piece.at(-1)?.slot.to ?? 0 }));
}
