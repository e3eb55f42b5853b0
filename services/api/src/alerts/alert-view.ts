import { isAcknowledged, summaryOf, type Alert, type AlertView } from "@unbroken/model";
import { iso, isoOrNull, milliOrNull } from "../views.ts";

export function alertView(alert: Alert, spaceName: string): AlertView {
  const { worst, rules, sensors, excursions } = summaryOf(alert);
  return {
    organisation: alert.organisation,
    id: alert.id,
    space: alert.space,
    space_name: spaceName,
    trouble: alert.trouble,
    urgency: alert.urgency,
    phase: alert.phase,
    ending: alert.ending,
    since: iso(alert.since),
    until: isoOrNull(alert.until),
    opened_at: iso(alert.openedAt),
    ended_at: isoOrNull(alert.endedAt),
    peak: milliOrNull(worst?.peak ?? null),
    peak_at: isoOrNull(worst?.peakAt ?? null),
    limit: milliOrNull(worst?.limit ?? null),
    unit: worst?.unit ?? null,
    rules: [...rules],
    sensors: [...sensors],
    excursions: [...excursions],
    acknowledged: isAcknowledged(alert),
    acknowledgements: alert.acknowledgements.map(({ by, at, note }) => ({ by, at: iso(at), note })),
    messages: alert.sent,
    deliveries: alert.deliveries.map(
      ({ id, recipient, channel, kind, state, attempts, at, code }) => ({
        id,
        recipient,
        channel,
        message: kind,
        state,
        attempts,
        at: iso(at),
        code,
      }),
    ),
  };
}
