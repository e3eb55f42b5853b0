import type { OutputReader } from "@unbroken/event-log";
import {
  Alert,
  Trouble,
  causeKey,
  partsOfAlertId,
  pastAlertKey,
  pastAlertsFrom,
  pastAlertsOf,
} from "@unbroken/model";
import { z } from "zod";
import { readCursor, writeCursor } from "../queries/cursor.ts";
import { merged } from "../queries/merged.ts";
import { compareText, firstDifference } from "../queries/order.ts";
import type { Page } from "../queries/paged-list.ts";
import { scanAll } from "../queries/scan-state.ts";
import type { AlertShelf } from "./alert-shelf.ts";

export interface AlertQuery {
  readonly organisations: readonly string[];
  readonly space?: string | undefined;
  /** True: those that are not over; false: those that are. */
  readonly open?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const Position = z.tuple([z.int(), z.string(), z.string()]);
type AlertPosition = z.output<typeof Position>;
const ROWS_AT_ONCE = 100;

/** Alerts of several organisations as one list, the newest first. */
export async function findAlerts(
  shelf: AlertShelf,
  reader: OutputReader,
  query: AlertQuery,
): Promise<Page<Alert>> {
  const position = readCursor(Position, query.cursor);
  await shelf.read();
  const latest = shelf
    .latest()
    .filter(({ organisation }) => query.organisations.includes(organisation))
    .sort(compareAlerts);
  // Alerts that are not over are the latest of their cause, so the past need not be searched for them.
  const past =
    query.open === true
      ? []
      : query.organisations.map((each) => pastOf(reader, each, position?.[0] ?? null));
  const items: Alert[] = [];
  for await (const alert of merged([one(latest), ...past], compareAlerts)) {
    if (position !== null && comparePositions(positionOf(alert), position) <= 0) continue;
    if (query.space !== undefined && alert.space !== query.space) continue;
    if (query.open !== undefined && query.open === (alert.phase === "ended")) continue;
    const last = items.at(-1);
    if (items.length === query.limit && last !== undefined)
      return { items, next: writeCursor(positionOf(last)) };
    items.push(alert);
  }
  return { items, next: null };
}

/** One alert, the latest of its cause or one of the past, as it is stored this very moment; null if there is none. */
export async function findAlert(
  reader: OutputReader,
  organisation: string,
  id: string,
): Promise<Alert | null> {
  const parts = partsOfAlertId(id);
  const trouble = Trouble.safeParse(parts?.trouble);
  if (parts === null || !trouble.success) return null;
  const { space, openedAt } = parts;
  const keys = [
    causeKey({ organisation, space, trouble: trouble.data }),
    pastAlertKey({ organisation, id, openedAt }),
  ];
  for (const key of keys) {
    const row = await reader.getState(0, key);
    if (row === null) continue;
    const alert = Alert.parse(JSON.parse(Buffer.from(row).toString()));
    if (alert.id === id) return alert;
  }
  return null;
}

async function* pastOf(
  reader: OutputReader,
  organisation: string,
  openedAt: number | null,
): AsyncGenerator<Alert> {
  const after = openedAt === null ? null : pastAlertsFrom(organisation, openedAt);
  for await (const { value } of scanAll(reader, 0, pastAlertsOf(organisation), after, ROWS_AT_ONCE))
    yield value as Alert;
}

// eslint-disable-next-line @typescript-eslint/require-await -- `merged` takes what is read as it comes; this is here already
async function* one(alerts: readonly Alert[]): AsyncGenerator<Alert> {
  yield* alerts;
}

function positionOf({ openedAt, organisation, id }: Alert): AlertPosition {
  return [openedAt, organisation, id];
}

function compareAlerts(a: Alert, b: Alert): number {
  return comparePositions(positionOf(a), positionOf(b));
}

function comparePositions(a: AlertPosition, b: AlertPosition): number {
  return firstDifference(b[0] - a[0], compareText(a[1], b[1]), compareText(a[2], b[2]));
}
