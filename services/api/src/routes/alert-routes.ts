import {
  AcknowledgeAlert,
  AlertId,
  AlertView,
  OrganisationId,
  SpaceId,
  pageOf,
  type Alert,
} from "@unbroken/model";
import type { OutputReader } from "@unbroken/event-log";
import type { EpochMs } from "@unbroken/units";
import { z } from "zod";
import type { AlertCommands } from "../alerts/alert-commands.ts";
import type { AlertShelf } from "../alerts/alert-shelf.ts";
import { alertView } from "../alerts/alert-view.ts";
import { findAlert, findAlerts } from "../alerts/find-alerts.ts";
import type { FactBook } from "../fact-book.ts";
import { route, type Route } from "../http/route.ts";
import { nameOfSpace } from "./excursion-routes.ts";
import { factHeader, found, nameOf } from "./place-routes.ts";
import { flag, isSet, organisationField, paging } from "./query-fields.ts";

export interface AlertDeps {
  readonly book: FactBook;
  readonly shelf: AlertShelf;
  /** The notifier's store. */
  readonly alerts: OutputReader;
  readonly alertCommands: AlertCommands;
  readonly now: () => EpochMs;
}

const AlertsQuery = z.strictObject({
  ...organisationField,
  space: SpaceId.optional(),
  open: flag.optional().meta({ description: "true: those that are not over; false: the others" }),
  ...paging,
});

const alertPath = z.strictObject({ organisation: OrganisationId, alert: AlertId });

export function alertRoutes(deps: AlertDeps): readonly Route[] {
  const { book, shelf, alerts, alertCommands, now } = deps;
  const view = (alert: Alert): AlertView =>
    alertView(alert, nameOfSpace(book, alert.organisation, alert.space));
  return [
    route({
      id: "listAlerts",
      method: "get",
      path: "/api/v1/alerts",
      tag: "alerts",
      summary: "Alerts, the newest first, with what was sent to whom and what became of it",
      query: AlertsQuery,
      answer: pageOf(AlertView),
      async handle({ query }) {
        const organisations =
          query.organisation === undefined ? organisationsOf(book) : [query.organisation];
        const open = isSet(query.open);
        const { items, next } = await findAlerts(shelf, alerts, { ...query, organisations, open });
        return { body: { items: items.map(view), next } };
      },
    }),
    route({
      id: "getAlert",
      method: "get",
      path: "/api/v1/organisations/:organisation/alerts/:alert",
      tag: "alerts",
      summary: "One alert",
      params: alertPath,
      answer: AlertView,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { organisation, alert: id } }) {
        return { body: view(found(await findAlert(alerts, organisation, id), id)) };
      },
    }),
    route({
      id: "acknowledgeAlert",
      method: "post",
      path: "/api/v1/organisations/:organisation/alerts/:alert/acknowledgements",
      tag: "alerts",
      summary:
        "State that somebody has it in hand: it is not told again, unless it gets more urgent",
      params: alertPath,
      body: AcknowledgeAlert,
      status: 201,
      answer: AlertView,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { organisation, alert: id }, body, principal }) {
        const alert = found(await findAlert(alerts, organisation, id), id);
        const by = nameOf(principal);
        const facts = await alertCommands.acknowledge(organisation, alert, body.note, by);
        return {
          body: view(acknowledgedBy(alert, by, now(), body.note ?? null)),
          headers: factHeader(facts),
        };
      },
    }),
  ];
}

/** As the notifier will have it in a moment: whoever asked is shown what they stated. */
function acknowledgedBy(alert: Alert, by: string, at: number, note: string | null): Alert {
  const acknowledgement = { by, at, note, urgency: alert.urgency };
  const acknowledgements = [...alert.acknowledgements, acknowledgement];
  return { ...alert, acknowledgements };
}

function organisationsOf({ registry }: FactBook): readonly string[] {
  return [...new Set([...registry.spaces.values()].map(({ organisation }) => organisation))].sort();
}
