import {
  isAcknowledged,
  type Alert,
  type AlertMember,
  type MessageKind,
  type Urgency,
} from "@unbroken/model";
import { MEMBERS_MAX, isPersisting } from "./absorb.ts";
import type { AlertPolicy } from "./alert-policy.ts";

/** Messages of an alert that are kept with it; all are counted. */
const MESSAGES_MAX = 30;

export interface Decision {
  readonly alert: Alert;
  /** What is to be said now; null: nothing. */
  readonly message: MessageKind | null;
}

/**
 * Whether there is something to say about an alert. Pure: the same alert, time and policy give the same answer, and
 * deciding again right after says nothing more.
 * @param now our clock
 * @param inService false: the space is stated out of service, and nothing is said of it
 */
export function decide(
  alert: Alert,
  now: number,
  policy: AlertPolicy,
  inService: boolean,
): Decision {
  if (alert.phase === "ended") return { alert, message: null };
  const current = summarised(alert, now, policy);
  const kind = inService ? messageOf(current, now, policy) : null;
  if (kind === null) return { alert: same(alert, current), message: null };
  const urgency = isAboutThePast(kind) ? "low" : current.urgency;
  return {
    alert: {
      ...current,
      messages: [...current.messages, { kind, urgency, at: now }].slice(-MESSAGES_MAX),
      sent: current.sent + 1,
      repeats: kind === "repeated" ? current.repeats + 1 : kind === "raised" ? 0 : current.repeats,
    },
    message: kind,
  };
}

export function isAboutThePast(kind: MessageKind): boolean {
  return kind === "over" || kind === "unproven" || kind === "retracted" || kind === "passed";
}

/** Phase, urgency, since and until as they follow from the members. */
function summarised(alert: Alert, now: number, policy: AlertPolicy): Alert {
  const counted = alert.members.filter(({ state }) => state !== "retracted");
  const persisting = counted.filter((member) => isPersisting(member));
  const urgency = persisting.reduce<Urgency>(
    (most, member) => (urgencyOf(alert, member, now, policy) === "high" ? "high" : most),
    alert.urgency,
  );
  const since = counted.length === 0 ? alert.since : sinceOf(alert, counted, policy);
  const seen = { ...alert, since, urgency };
  if (counted.length === 0) return ended(seen, "retracted", null, now);
  const until = counted.reduce((last, member) => Math.max(last, member.until ?? 0), 0);
  if (persisting.length === 0)
    return now >= until + policy.quietMs
      ? ended(seen, "over", until, now)
      : { ...seen, phase: "quiet", until };
  // Nobody will ever tell what became of it: what is not known any more is no longer news.
  if (persisting.every(({ state }) => state === "unseen") && now >= until + policy.lateAfterMs)
    return ended(seen, "unproven", until, now);
  return { ...seen, phase: "open", until: null };
}

/** Since when it has been so without a longer pause: late data may have added what was over long before. */
function sinceOf(alert: Alert, counted: readonly AlertMember[], { quietMs }: AlertPolicy): number {
  const latestFirst = counted.toSorted((a, b) => b.since - a.since);
  let since = latestFirst[0]?.since ?? alert.since;
  for (const member of latestFirst)
    if (member.until === null || member.until + quietMs >= since)
      since = Math.min(since, member.since);
  // Of what flapped for days only the newest members are kept.
  return alert.members.length < MEMBERS_MAX ? since : Math.min(since, alert.since);
}

function ended(alert: Alert, ending: Alert["ending"], until: number | null, now: number): Alert {
  return { ...alert, phase: "ended", ending, until, endedAt: now };
}

function urgencyOf(
  { trouble }: Alert,
  member: AlertMember,
  now: number,
  { silenceUrgentAfterMs }: AlertPolicy,
): Urgency {
  if (trouble !== "silent" || member.rule !== null) return member.urgency;
  return now - member.since >= silenceUrgentAfterMs ? "high" : "low";
}

function messageOf(alert: Alert, now: number, policy: AlertPolicy): MessageKind | null {
  const last = alert.messages.at(-1);
  if (alert.phase === "ended") {
    if (last !== undefined) return alert.ending;
    // Never told: tell of it only if it is true and recent.
    if (alert.ending === "retracted" || alert.until === null) return null;
    return alert.seenAt - alert.until > policy.lateAfterMs ? null : passedUnlessSilence(alert);
  }
  if (alert.phase === "quiet") return null;
  // Whoever acknowledged it on the board already knows.
  if (last === undefined)
    return isAcknowledged(alert) || isHeld(alert, now, policy) ? null : "opened";
  const told = alert.messages.some(({ urgency }) => urgency === "high") ? "high" : "low";
  if (alert.urgency === "high" && told === "low") return "raised";
  if (alert.urgency === "low" || isAcknowledged(alert)) return null;
  if (alert.repeats >= policy.repeatsMax || now - last.at < policy.repeatEveryMs) return null;
  return "repeated";
}

/** A silence or a fault that came and went before it was worth telling is not worth telling afterwards. */
function passedUnlessSilence({ trouble, ending }: Alert): MessageKind | null {
  if (trouble === "silent" || trouble === "probe-fault") return null;
  return ending === "unproven" ? "unproven" : "passed";
}

/** Whether it is too early to tell: a short silence, or a backlog that is still being handed over. */
function isHeld(
  alert: Alert,
  now: number,
  { silenceAfterMs, settleMs, staleMs, holdMaxMs }: AlertPolicy,
): boolean {
  const persisting = alert.members.filter((member) => isPersisting(member));
  if (alert.trouble === "silent" && persisting.every(({ rule }) => rule === null))
    return (
      persisting.every(({ since }) => now - since < silenceAfterMs) || now - alert.seenAt < settleMs
    );
  const newest = persisting.reduce((last, { evidenceAt }) => Math.max(last, evidenceAt), 0);
  if (alert.trouble === "probe-fault" || now - newest <= staleMs) return false;
  return now - alert.movedAt < settleMs && now - alert.seenAt < holdMaxMs;
}

/** The alert itself where nothing changed, so that nothing need be stored. */
function same(before: Alert, after: Alert): Alert {
  const fields = ["phase", "ending", "urgency", "since", "until"] as const;
  return fields.every((field) => before[field] === after[field]) ? before : after;
}
