import type { AlertView } from "@unbroken/model";
import type { Room, RoomAlert } from "./fixture-rooms.ts";

const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString();

/** The alerts of a room that are not over. */
export function alertsOf(room: Room, now: number): readonly AlertView[] {
  return room.alerts.map((alert) => alertView(room, alert, now));
}

function alertView(
  room: Room,
  { trouble, urgency, since, taken }: RoomAlert,
  now: number,
): AlertView {
  const from = now - since * MINUTE;
  return {
    organisation: "demo",
    id: `${room.space}.${trouble}.${from}`,
    space: room.space,
    space_name: room.name,
    trouble,
    urgency,
    phase: "open",
    ending: null,
    since: iso(from),
    until: null,
    opened_at: iso(from + MINUTE),
    ended_at: null,
    peak: null,
    peak_at: null,
    limit: null,
    unit: null,
    rules: [],
    sensors: [],
    excursions: [],
    acknowledged: taken !== undefined,
    acknowledgements:
      taken === undefined
        ? []
        : [
            {
              by: taken.by,
              at: iso(now - taken.ago * MINUTE),
              note: taken.note === "" ? null : taken.note,
            },
          ],
    messages: 1 + Math.floor(since / 30),
    deliveries: [],
  };
}

/** As the API answers whoever acknowledges. */
export function acknowledged(alert: AlertView, note: string | null): AlertView {
  const own = { by: "admin", at: iso(Date.now()), note };
  return {
    ...alert,
    acknowledged: true,
    acknowledgements: [...alert.acknowledgements, own],
  };
}
