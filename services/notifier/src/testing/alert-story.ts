import { Settings } from "@unbroken/config";
import type { Alert, AlertMember, Excursion, Judgement } from "@unbroken/model";
import { absorb, isAnotherAlert } from "../alert/absorb.ts";
import { newsOf, type AlertNews } from "../alert/alert-news.ts";
import { alertPolicyOf } from "../alert/alert-policy.ts";
import { decide } from "../alert/decide.ts";

/** 2026-05-05T00:00:00Z, minute 0 of every story. */
export const STORY_START = 1_777_939_200_000;
export const minute = (n: number): number => STORY_START + n * 60_000;

export interface Step {
  readonly at: number;
  readonly news: readonly AlertNews[];
}

/** At a minute by our clock, a judgement about space `cold` of `acme` is learnt. */
export function judged(at: number, ...judgements: readonly Judgement[]): Step {
  return {
    at,
    news: judgements.flatMap((judgement) => newsOf("acme", minute(at), judgement, () => "cold")),
  };
}

export function acknowledged(at: number, alert: string, by = "li"): Step {
  const acknowledgement = { by, at: minute(at), note: null };
  const what = { kind: "acknowledged", alert, acknowledgement } as const;
  const news = { organisation: "acme", space: "cold", trouble: null, judgedAt: minute(at), what };
  return { at, news: [news] };
}

/** An excursion of minutes, `high` beyond 8 °C unless changed. */
export function excursion(since: number, change: Partial<Excursion> = {}): Excursion {
  const { rule = "high", side = "high" } = change;
  return {
    id: `cold|${rule}|${side}|${minute(since)}`,
    space: "cold",
    rule,
    quantity: "air",
    side,
    severity: "break",
    since: minute(since),
    until: null,
    ended: null,
    provenMs: 600_000,
    peak: 9_500,
    peakAt: minute(since + 5),
    peakSensor: "d1/main",
    limit: 8_000,
    holdMs: 600_000,
    profileHash: "ab".repeat(32),
    engine: "detection/2",
    revision: 1,
    retracted: false,
    ...change,
  };
}

export const opened = (since: number, change: Partial<Excursion> = {}): Judgement => ({
  kind: "excursion-opened",
  excursion: excursion(since, change),
});

export const closed = (
  since: number,
  until: number,
  change: Partial<Excursion> = {},
): Judgement => ({
  kind: "excursion-closed",
  excursion: excursion(since, {
    until: minute(until),
    ended: "in-range",
    provenMs: (until - since) * 60_000,
    revision: 2,
    ...change,
  }),
});

export const retracted = (since: number, replacedBy: string[] = []): Judgement => ({
  kind: "excursion-retracted",
  excursion: excursion(since, { revision: 2, retracted: true }),
  replacedBy,
});

export const inRange = (from: number): Judgement => ({
  kind: "timeline-changed",
  space: "cold",
  from: minute(from),
  stretches: [{ from: minute(from), to: null, class: "in" }],
});

export interface Told {
  readonly story: readonly string[];
  readonly alerts: readonly Alert[];
}

/**
 * Plays a story minute by minute, with the default settings, and tells what was said: `minute kind urgency` by cause.
 * @param growing whether what lasts is measured anew each minute, as in life
 */
export function tell(
  steps: readonly Step[],
  untilMinute: number,
  options: { readonly growing?: boolean; readonly outOfService?: readonly [number, number] } = {},
): Told {
  const policy = alertPolicyOf(Settings.parse({}).notify);
  const latest = new Map<string, Alert>();
  const past: Alert[] = [];
  const story: string[] = [];
  const put = (alert: Alert): void => {
    const before = latest.get(alert.trouble);
    if (before !== undefined && before.id !== alert.id) past.push(before);
    latest.set(alert.trouble, alert);
  };
  const settle = (alert: Alert, at: number): void => {
    const [from, to] = options.outOfService ?? [Infinity, Infinity];
    const decision = decide(alert, minute(at), policy, at < from || at >= to);
    put(decision.alert);
    if (decision.message === null) return;
    const urgency = decision.alert.messages.at(-1)?.urgency ?? "none";
    const others = alert.trouble === "warm" ? "" : ` ${alert.trouble}`;
    story.push(`${at} ${decision.message} ${urgency}${others}`);
  };
  const take = (news: AlertNews, at: number): void => {
    for (const trouble of news.trouble === null ? [...latest.keys()] : [news.trouble]) {
      const before = latest.get(trouble) ?? null;
      if (before !== null && news.what.kind === "member")
        if (isAnotherAlert(before, news.what.member, policy.quietMs)) settle(before, at);
      const after = absorb(latest.get(trouble) ?? null, news, minute(at));
      if (after !== null) put(after);
    }
  };
  for (let at = 0; at <= untilMinute; at++) {
    for (const step of steps) if (step.at === at) for (const news of step.news) take(news, at);
    if (options.growing !== false) for (const alert of latest.values()) put(grown(alert, at));
    for (const alert of [...latest.values()]) settle(alert, at);
  }
  return { story, alerts: [...past, ...latest.values()] };
}

function grown(alert: Alert, at: number): Alert {
  if (alert.phase === "ended") return alert;
  const members = alert.members.map((member): AlertMember =>
    member.state === "lasting" && member.rule !== null
      ? { ...member, evidenceAt: Math.max(member.evidenceAt, minute(at)) }
      : member,
  );
  return { ...alert, members };
}
