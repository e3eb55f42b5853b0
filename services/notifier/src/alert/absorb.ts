import { assertNever } from "@unbroken/errors";
import type { Alert, AlertMember, Urgency } from "@unbroken/model";
import { HOUR } from "@unbroken/units";
import type { AlertNews } from "./alert-news.ts";

/** What ended is forgotten beyond so many, the oldest first; an alert can flap for days. */
export const MEMBERS_MAX = 50;
const ACKNOWLEDGEMENTS_MAX = 20;
const LONG_MS = HOUR;

/**
 * Takes news into the alert of its cause. Pure. It says nothing: `decide` does, when all news of a moment are in.
 * @param alert the latest alert of the cause, ended or not; null where there never was one
 * @param now our clock when it was seen
 * @returns the same alert, changed or not, or a new one in its place
 */
export function absorb(alert: Alert | null, news: AlertNews, now: number): Alert | null {
  const { what } = news;
  switch (what.kind) {
    case "member":
      return withMember(alert, news, what.member, now);
    case "in-range":
      return alert === null ? null : provenOver(alert, what);
    case "acknowledged": {
      if (alert?.id !== what.alert) return alert;
      const acknowledgement = { ...what.acknowledgement, urgency: knownUrgency(alert) };
      const acknowledgements = [...alert.acknowledgements, acknowledgement];
      return { ...alert, acknowledgements: acknowledgements.slice(-ACKNOWLEDGEMENTS_MAX) };
    }
    default:
      return assertNever(what);
  }
}

/** As urgent as whoever acknowledged could know: what was told, or what the board shows where nothing was. */
function knownUrgency({ messages, urgency }: Alert): Urgency {
  if (messages.length === 0) return urgency;
  return messages.some((message) => message.urgency === "high") ? "high" : "low";
}

function withMember(
  alert: Alert | null,
  news: AlertNews,
  member: AlertMember,
  now: number,
): Alert | null {
  const known = alert?.members.find(({ id }) => id === member.id);
  // News that were taken in before come by again after a restart.
  if (alert !== null && known !== undefined && !isNews(known, member)) return alert;
  if (alert === null || alert.phase === "ended") {
    // A late word on what was told as over or retracted changes the record, and wakes nobody.
    if (alert !== null && known !== undefined && !isPersisting(member))
      return { ...alert, members: replaced(alert.members, member) };
    // Retracted before it was ever told, or a silence that only shows when it is over.
    if (member.state === "retracted" || (member.revision === 0 && !isPersisting(member)))
      return alert;
    return opened(alert, news, member, now);
  }
  // Late data about a time long before is on record as an excursion; it is not what this alert is about.
  if (known === undefined && !isPersisting(member) && isLongBefore(member, alert)) return alert;
  const moved = known?.state !== member.state || isBacklog(known, member, now - alert.movedAt);
  return {
    ...alert,
    members: bounded(replaced(alert.members, member)),
    movedAt: moved ? now : alert.movedAt,
  };
}

function isNews(known: AlertMember, member: AlertMember): boolean {
  if (member.revision > 0)
    // While it lasts it grows under the same revision.
    return (
      member.revision > known.revision ||
      (member.revision === known.revision &&
        known.state === "lasting" &&
        member.evidenceAt > known.evidenceAt)
    );
  return (
    member.since > known.since || (member.since === known.since && member.until !== known.until)
  );
}

/** Evidence that grows faster than time passes was measured before; what grows as time does is of now. */
function isBacklog(known: AlertMember, member: AlertMember, passedMs: number): boolean {
  return member.evidenceAt - known.evidenceAt > 2 * passedMs;
}

function isLongBefore({ until }: AlertMember, { since }: Alert): boolean {
  return until !== null && until < since - LONG_MS;
}

function opened(
  before: Alert | null,
  { organisation, space, trouble, judgedAt }: AlertNews,
  member: AlertMember,
  now: number,
): Alert | null {
  if (trouble === null) return before;
  // An id is never used twice, also where two alerts of one cause are judged in one moment.
  const openedAt = Math.max(judgedAt, (before?.openedAt ?? -1) + 1);
  return {
    id: `${space}.${trouble}.${openedAt}`,
    organisation,
    space,
    trouble,
    urgency: member.urgency,
    phase: "open",
    ending: null,
    since: member.since,
    until: null,
    openedAt,
    seenAt: now,
    movedAt: now,
    endedAt: null,
    members: [member],
    acknowledgements: [],
    messages: [],
    sent: 0,
    repeats: 0,
    deliveries: [],
  };
}

/** What ended in silence is over once the space is proven in range again. */
function provenOver(
  alert: Alert,
  { from, to }: { readonly from: number; readonly to: number | null },
): Alert {
  const isOver = ({ state, until }: AlertMember): boolean =>
    state === "unseen" && until !== null && (to === null || to > until);
  if (!alert.members.some(isOver)) return alert;
  return {
    ...alert,
    members: alert.members.map((member) =>
      isOver(member)
        ? { ...member, state: "over", until: Math.max(from, member.until ?? from) }
        : member,
    ),
  };
}

export function isPersisting({ state }: AlertMember): boolean {
  return state === "lasting" || state === "unseen";
}

function replaced(members: readonly AlertMember[], member: AlertMember): AlertMember[] {
  return members.some(({ id }) => id === member.id)
    ? members.map((each) => (each.id === member.id ? member : each))
    : [...members, member];
}

function bounded(members: AlertMember[]): AlertMember[] {
  if (members.length <= MEMBERS_MAX) return members;
  const oldest = members.findIndex((member) => !isPersisting(member));
  return oldest === -1 ? members : members.toSpliced(oldest, 1);
}

/** Whether a member begins so long after all of a live alert ended that it is another alert's. */
export function isAnotherAlert(alert: Alert, member: AlertMember, quietMs: number): boolean {
  if (alert.phase === "ended" || alert.members.some((each) => each.id === member.id)) return false;
  if (alert.members.some((each) => isPersisting(each))) return false;
  // What was taken back may have been moved: then this is where it went.
  if (alert.members.every(({ state }) => state === "retracted")) return false;
  const until = alert.members.reduce((last, each) => Math.max(last, each.until ?? 0), 0);
  return member.since > until + quietMs;
}
