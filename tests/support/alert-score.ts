import type { Label } from "@unbroken/fleet";
import { HOUR, MINUTE } from "@unbroken/units";

/** Something that a person is told, as of when they can know it. */
export interface ToldAlert {
  readonly space: string;
  /** The rule's id, or `fault`. */
  readonly cause: string;
  /** `warn` may wait for the morning; anything else wakes somebody. */
  readonly isWarning: boolean;
  /** Our clock, epoch ms. */
  readonly at: number;
}

/** What was told in one run, beside what truly happened. */
export interface ToldRun {
  readonly labels: readonly Label[];
  readonly alerts: readonly ToldAlert[];
  readonly hours: number;
  /** Who is told of which space: one operator for each site, one for all vehicles. */
  readonly operatorOf: (space: string) => string;
  readonly operators: number;
}

export interface IncidentScore {
  readonly kind: string;
  /** From its beginning to the first alert, in ms; null if it was missed. */
  readonly toldAfter: number | null;
  /** From the first alert to when the core left its range, in ms; null if it was missed or the core never left. */
  readonly ahead: number | null;
}

export interface AlertScore {
  readonly incidents: readonly IncidentScore[];
  /** Alerts that wake: of an incident, and of none. */
  readonly justified: number;
  readonly needless: number;
  /** Needless ones by what happened in the space at the time. */
  readonly needlessBy: ReadonlyMap<string, number>;
  /** Warnings: in an incident, and without one. */
  readonly warnings: readonly [justified: number, needless: number];
  /** Alerts and warnings to one operator in an hour. */
  readonly perOperatorHour: number;
  /** The most that one operator was told in ten minutes. */
  readonly busiest: number;
}

/** An alert belongs to an incident from its beginning until so long after its end, for a room takes time to come back. */
export const AFTER_INCIDENT = HOUR;
/** A needless alert is put down to an ordinary event from its beginning until so long after its end. */
export const AFTER_ORDINARY = 30 * MINUTE;
const BUSY = 10 * MINUTE;

export function scoreOf(run: ToldRun): AlertScore {
  const incidents = run.labels.filter(({ wake }) => wake);
  const isJustified = (alert: ToldAlert): boolean =>
    incidents.some((incident) => isOf(alert, incident));
  const waking = run.alerts.filter(({ isWarning }) => !isWarning);
  const needless = waking.filter((alert) => !isJustified(alert));
  const warnings = run.alerts.filter(({ isWarning }) => isWarning);
  const justifiedWarnings = warnings.filter(isJustified).length;
  return {
    incidents: incidents.map((incident) => incidentScore(incident, waking)),
    justified: waking.length - needless.length,
    needless: needless.length,
    needlessBy: counted(needless.map((alert) => causeOf(alert, run.labels))),
    warnings: [justifiedWarnings, warnings.length - justifiedWarnings],
    perOperatorHour: run.alerts.length / (run.operators * run.hours),
    busiest: busiestOf(run),
  };
}

/** As if all had been one run: counts add up, rates are means. */
export function joined(scores: readonly AlertScore[]): AlertScore {
  const sum = (of: (score: AlertScore) => number): number =>
    scores.reduce((total, score) => total + of(score), 0);
  const needlessBy = new Map<string, number>();
  for (const score of scores)
    for (const [cause, count] of score.needlessBy)
      needlessBy.set(cause, (needlessBy.get(cause) ?? 0) + count);
  return {
    incidents: scores.flatMap(({ incidents }) => incidents),
    justified: sum(({ justified }) => justified),
    needless: sum(({ needless }) => needless),
    needlessBy,
    warnings: [sum(({ warnings }) => warnings[0]), sum(({ warnings }) => warnings[1])],
    perOperatorHour: sum(({ perOperatorHour }) => perOperatorHour) / scores.length,
    busiest: Math.max(...scores.map(({ busiest }) => busiest)),
  };
}

function incidentScore(incident: Label, waking: readonly ToldAlert[]): IncidentScore {
  const times = waking.filter((alert) => isOf(alert, incident)).map(({ at }) => at);
  if (times.length === 0) return { kind: incident.kind, toldAfter: null, ahead: null };
  const first = Math.min(...times);
  const { product_out_at: outAt } = incident;
  return {
    kind: incident.kind,
    toldAfter: first - Date.parse(incident.from),
    ahead: outAt === null ? null : Date.parse(outAt) - first,
  };
}

/** Also as long as the core that the incident warmed has not come back: whoever mends a unit looks after the goods. */
function isOf(alert: ToldAlert, incident: Label): boolean {
  if (belongs(alert, incident, AFTER_INCIDENT)) return true;
  const { space, product_out_at: outAt, product_back_at: backAt } = incident;
  if (space !== alert.space || outAt === null) return false;
  return alert.at >= Date.parse(outAt) && (backAt === null || alert.at < Date.parse(backAt));
}

function belongs({ space, at }: ToldAlert, label: Label, after: number): boolean {
  return (
    space === label.space && at >= Date.parse(label.from) && at <= Date.parse(label.to) + after
  );
}

/** All that happened and is ordinary, in the words of the labels. */
function causeOf(alert: ToldAlert, labels: readonly Label[]): string {
  const events = labels.filter((label) => !label.wake && belongs(alert, label, AFTER_ORDINARY));
  const kinds = new Set(events.map(({ kind }) => kind));
  // People come and go all day: they are named where nothing else was.
  if (kinds.size > 1) kinds.delete("people");
  return kinds.size === 0 ? "nothing" : [...kinds].sort().join(" + ");
}

function busiestOf({ alerts, operatorOf }: ToldRun): number {
  const times = new Map<string, number[]>();
  for (const { space, at } of alerts) {
    const operator = operatorOf(space);
    times.set(operator, [...(times.get(operator) ?? []), at]);
  }
  const most = [...times.values()].flatMap((own) =>
    own.map((from) => own.filter((at) => at >= from && at < from + BUSY).length),
  );
  return Math.max(0, ...most);
}

function counted(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
