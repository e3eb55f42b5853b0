import { causeKey, pastAlertKey, type Alert } from "@unbroken/model";
import { ORGANISATION } from "./outputs.ts";

/** An alert as the notifier keeps it: too warm in the space `cold`, told once as urgent. */
export function alertOf(openedAt: number, change: Partial<Alert> = {}): Alert {
  const space = change.space ?? "cold";
  const trouble = change.trouble ?? "warm";
  return {
    id: `${space}.${trouble}.${openedAt}`,
    organisation: ORGANISATION,
    space,
    trouble,
    urgency: "high",
    phase: "open",
    ending: null,
    since: openedAt - 600_000,
    until: null,
    openedAt,
    seenAt: openedAt,
    movedAt: openedAt,
    endedAt: null,
    members: [
      {
        id: `excursion:${space}|high|high|${openedAt - 600_000}`,
        state: "lasting",
        urgency: "high",
        rule: "high",
        sensor: "d1/main",
        since: openedAt - 600_000,
        until: null,
        evidenceAt: openedAt,
        peak: 12_500,
        peakAt: openedAt - 60_000,
        limit: 10_000,
        side: "high",
        unit: "Cel",
        revision: 1,
      },
    ],
    acknowledgements: [],
    messages: [{ kind: "opened", urgency: "high", at: openedAt }],
    sent: 1,
    repeats: 0,
    deliveries: [
      {
        id: "msg_1",
        recipient: "night-shift",
        channel: "webhook",
        kind: "opened",
        state: "failed",
        attempts: 12,
        at: openedAt,
        code: "UB_NOTIFY_UNREACHABLE",
      },
    ],
    ...change,
  };
}

export const latest = (alert: Alert): readonly [string, Alert] => [causeKey(alert), alert];
export const past = (alert: Alert): readonly [string, Alert] => [pastAlertKey(alert), alert];
