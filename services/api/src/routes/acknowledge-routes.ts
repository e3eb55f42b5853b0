import { isAcknowledged, keyOf, summaryOf, type Alert, type Registry } from "@unbroken/model";
import type { OutputReader } from "@unbroken/event-log";
import type { EpochMs } from "@unbroken/units";
import { z } from "zod";
import {
  PAGE_STYLE,
  acknowledgePage,
  invalidLinkPage,
  type PageContent,
} from "../alerts/acknowledge-page.ts";
import type { AlertCommands } from "../alerts/alert-commands.ts";
import { findAlert } from "../alerts/find-alerts.ts";
import type { AcknowledgeLink, NotifyRules } from "../api-deps.ts";
import type { FactBook } from "../fact-book.ts";
import { route, type Answer, type Route } from "../http/route.ts";
import { milliOrNull } from "../views.ts";

export interface AcknowledgeDeps {
  readonly book: FactBook;
  readonly alerts: OutputReader;
  readonly alertCommands: AlertCommands;
  readonly notify: NotifyRules;
  readonly now: () => EpochMs;
}

const HTML = "text/html; charset=utf-8";
/** A form's Origin is told to our own site only, and without it no change would be taken from the page. */
const HEADERS = { "Referrer-Policy": "same-origin" };

const linkPath = z.strictObject({ token: z.string().min(1).max(2_000) });

/**
 * The signed link of a message. What follows links by itself (previews, scanners of mail) only ever fetches the page; to
 * acknowledge takes the button on it.
 */
export function acknowledgeRoutes(deps: AcknowledgeDeps): readonly Route[] {
  const { book, alerts, alertCommands, notify, now } = deps;
  const open = async (
    token: string,
  ): Promise<{ readonly link: AcknowledgeLink; readonly alert: Alert } | null> => {
    const link = notify.readLink(token, now());
    if (link === null) return null;
    const alert = await findAlert(alerts, link.organisation, link.alert);
    return alert === null ? null : { link, alert };
  };
  return [
    route({
      id: "showAcknowledgement",
      method: "get",
      path: "/acknowledge/:token",
      tag: "alerts",
      summary: "The page behind the link in a message; changes nothing",
      access: "open",
      params: linkPath,
      answer: null,
      mediaType: HTML,
      refusals: ["UB_LINK_INVALID"],
      async handle({ params: { token } }) {
        const opened = await open(token);
        if (opened === null) return invalid();
        const { link, alert } = opened;
        const last = isAcknowledged(alert) ? (alert.acknowledgements.at(-1) ?? null) : null;
        return page(contentOf(book.registry, link, alert, last));
      },
    }),
    route({
      id: "acknowledgeByLink",
      method: "post",
      path: "/acknowledge/:token",
      tag: "alerts",
      summary: "The button of that page: acknowledges the alert as the recipient of the message",
      access: "open",
      params: linkPath,
      answer: null,
      mediaType: HTML,
      refusals: ["UB_LINK_INVALID"],
      async handle({ params: { token } }) {
        const opened = await open(token);
        if (opened === null) return invalid();
        const { link, alert } = opened;
        const by = `recipient:${link.recipient}`;
        // Pressed twice is pressed once: facts are kept for ever, and the link is in many hands.
        const before = alert.acknowledgements.findLast((each) => each.by === by);
        if (before !== undefined && isAcknowledged(alert))
          return page(contentOf(book.registry, link, alert, before));
        await alertCommands.acknowledge(link.organisation, alert, undefined, by);
        return page(contentOf(book.registry, link, alert, { by, at: now() }));
      },
    }),
    route({
      id: "getAcknowledgeStyle",
      method: "get",
      path: "/acknowledge.css",
      tag: "alerts",
      summary: "How that page looks",
      access: "open",
      answer: null,
      mediaType: "text/css; charset=utf-8",
      handle: () => ({ body: PAGE_STYLE }),
    }),
  ];
}

function page(content: PageContent): Answer<unknown> {
  return { body: acknowledgePage(content), headers: HEADERS };
}

function invalid(): Answer<unknown> {
  return { body: invalidLinkPage(), status: 410, headers: HEADERS };
}

function contentOf(
  registry: Registry,
  { organisation, recipient }: AcknowledgeLink,
  alert: Alert,
  acknowledged: { readonly by: string; readonly at: number } | null,
): PageContent {
  const space = registry.spaces.get(keyOf(organisation, alert.space));
  const site = registry.sites.get(keyOf(organisation, space?.site ?? ""));
  const vehicle = registry.vehicles.get(keyOf(organisation, space?.vehicle ?? ""));
  const parent = site?.name ?? vehicle?.name;
  const { worst } = summaryOf(alert);
  const name = space?.name ?? alert.space;
  return {
    language: registry.recipients.get(keyOf(organisation, recipient))?.language ?? "zh",
    zone: site?.zone ?? vehicle?.zone ?? "UTC",
    place: parent === undefined ? name : `${name} · ${parent}`,
    trouble: alert.trouble,
    since: alert.since,
    figure: worst === null ? null : figureOf(worst.peak, worst.unit),
    isOver: alert.phase === "ended",
    acknowledged: acknowledged === null ? null : { ...acknowledged, by: named(acknowledged.by) },
    boardPath: `/spaces/${encodeURIComponent(organisation)}/${encodeURIComponent(alert.space)}`,
  };
}

/** SenML's name of the degree Celsius is for machines. */
function figureOf(peak: number, unit: string | null): string {
  return `${milliOrNull(peak)} ${unit === "Cel" ? "°C" : (unit ?? "")}`.trim();
}

function named(by: string): string {
  return by.replace(/^recipient:/, "");
}
