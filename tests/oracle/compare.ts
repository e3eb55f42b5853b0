import type { VerdictDocument } from "@unbroken/detection";
import { engineAnswer } from "./ask-engine.ts";
import { MINUTE, START, type History } from "./history.ts";
import { naiveAnswer, type Answer, type Excursion } from "./naive-judge.ts";

/** Where the two judges differ: what each says, by place. Empty: they agree. */
export interface Disagreement {
  readonly where: string;
  readonly naive: string;
  readonly engine: string;
}

/** In minutes: a curve crosses a limit at a millisecond that each judge rounds its own way. */
const CROSSING_TOLERANCE = 0.01;
/** In thousandths: a mean is shown to four places, and compared to three. */
const MEAN_TOLERANCE = 1;

export function disagreementsOf(history: History): readonly Disagreement[] {
  const naive = naiveAnswer(history);
  let document: VerdictDocument;
  try {
    document = engineAnswer(history);
  } catch (error) {
    return [{ where: "thrown", naive: "", engine: String(error) }];
  }
  const expected = flatOf(naive);
  const found = flatOf(answerOf(document));
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((where) => {
    const [a, b] = [expected.get(where), found.get(where)];
    const tolerance = !isRough(history)
      ? 0
      : where.endsWith("peak")
        ? MEAN_TOLERANCE
        : CROSSING_TOLERANCE;
    const same =
      a === b || (typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= tolerance);
    return same ? [] : [{ where, naive: String(a), engine: String(b) }];
  });
}

/** Whether something can happen inside a minute. */
function isRough({ facts, profile }: History): boolean {
  return facts.thermals.length > 0 || profile.rules.some(({ mode }) => mode === "window");
}

/**
 * A figure so near to its hold that the millisecond of a crossing decides: nothing is learnt from it. Nor where a probe
 * is described anew after its first row and physics bounds its silences: the naive judge takes the band of a silence's
 * ends as it was there, the engine as it is now.
 */
export function isTooClose(history: History): boolean {
  if (!isRough(history)) return false;
  if (history.facts.thermals.length > 0 && isDescribedAnew(history)) return true;
  return naiveAnswer(history).rules.some(({ possible }) => {
    const apart = Math.abs(possible - Math.round(possible));
    return apart > 0 && apart < 2 * CROSSING_TOLERANCE;
  });
}

function isDescribedAnew({ rows, facts }: History): boolean {
  return Object.entries(facts.sensors).some(([sensor, descriptions]) =>
    descriptions.some(({ from }) => rows.some((row) => row.sensor === sensor && row.minute < from)),
  );
}

function answerOf(document: VerdictDocument): Answer {
  const minute = (text: string): number => (Date.parse(text) - START) / MINUTE;
  return {
    verdict: document.verdict,
    rules: document.rules.map(({ id, verdict, proven, possible }) => ({
      id,
      verdict,
      proven,
      possible,
    })),
    excursions: document.excursions.map((each): Excursion => ({
      rule: each.rule,
      side: each.side,
      since: minute(each.since),
      until: each.until === null ? null : minute(each.until),
      peak: peakOf(each),
      minutes: each.minutes,
    })),
    exposure: document.exposure,
    gaps: document.gaps.map(({ from, to }) => ({ from: minute(from), to: minute(to) })),
  };
}

function peakOf(excursion: object): number {
  const { peak, peak_c } = excursion as { readonly peak?: unknown; readonly peak_c?: unknown };
  return Math.round(Number(peak_c ?? peak) * 1_000);
}

type Flat = ReadonlyMap<string, string | number | null>;

function flatOf(answer: Answer): Flat {
  const flat = new Map<string, string | number | null>([["verdict", answer.verdict]]);
  for (const [key, value] of Object.entries(answer.exposure)) flat.set(`exposure ${key}`, value);
  for (const { id, verdict, proven, possible } of answer.rules) {
    flat.set(`rule ${id} verdict`, verdict);
    flat.set(`rule ${id} proven`, proven);
    flat.set(`rule ${id} possible`, possible);
  }
  const ordered = [...answer.excursions].sort((a, b) =>
    a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.since - b.since,
  );
  for (const [i, { rule, side, since, until, peak, minutes }] of ordered.entries()) {
    flat.set(`excursion ${i} rule`, `${rule} ${side}`);
    flat.set(`excursion ${i} since`, since);
    flat.set(`excursion ${i} until`, until);
    flat.set(`excursion ${i} peak`, peak);
    flat.set(`excursion ${i} minutes`, minutes);
  }
  for (const [i, { from, to }] of answer.gaps.entries()) {
    flat.set(`gap ${i} from`, from);
    flat.set(`gap ${i} to`, to);
  }
  return flat;
}
