import type { Alert } from "./alert.ts";

// Under which keys the notifier keeps its state: what those who show alerts read beside it.

/** The latest alert of each cause, ended or not: `cause/organisation/space/trouble`. */
export function causeKey({
  organisation,
  space,
  trouble,
}: Pick<Alert, "organisation" | "space" | "trouble">): string {
  return `cause/${organisation}/${space}/${trouble}`;
}

export const CAUSES = "cause/";

/** Alerts of a cause before its latest; the newest sorts first. */
export function pastAlertKey({
  organisation,
  id,
  openedAt,
}: Pick<Alert, "organisation" | "id" | "openedAt">): string {
  return `${pastAlertsOf(organisation)}${newestFirst(openedAt)}/${id}`;
}

export function pastAlertsOf(organisation: string): string {
  return `past/${organisation}/`;
}

/** Sorts before every past alert of an organisation that was opened at a moment, and after all newer ones. */
export function pastAlertsFrom(organisation: string, openedAt: number): string {
  return `${pastAlertsOf(organisation)}${newestFirst(openedAt)}`;
}

/** Deliveries that were given up; the newest sorts first. */
export function failedDeliveryKey(at: number, id: string): string {
  return `${FAILED_DELIVERIES}${newestFirst(at)}/${id}`;
}

export const FAILED_DELIVERIES = "failed/";

/** What an alert's id holds: `space.trouble.openedAt`; null for what is none. */
export function partsOfAlertId(
  id: string,
): { readonly space: string; readonly trouble: string; readonly openedAt: number } | null {
  const found = /^(.+)\.([a-z-]+)\.(\d{1,16})$/.exec(id);
  if (found === null) return null;
  const [, space = "", trouble = "", openedAt = ""] = found;
  return { space, trouble, openedAt: Number(openedAt) };
}

function newestFirst(at: number): string {
  return String(Number.MAX_SAFE_INTEGER - at).padStart(16, "0");
}
