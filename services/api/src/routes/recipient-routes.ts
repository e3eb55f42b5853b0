import {
  DeclareRecipient,
  OrganisationId,
  RecipientId,
  RecipientView,
  keyOf,
  pageOf,
  type RecipientEntry,
} from "@unbroken/model";
import { z } from "zod";
import type { NotifyRules } from "../api-deps.ts";
import type { AlertCommands } from "../alerts/alert-commands.ts";
import type { FactBook } from "../fact-book.ts";
import { route, type Route } from "../http/route.ts";
import { pageByKey } from "../queries/paged-list.ts";
import { factHeader, found, nameOf, of } from "./place-routes.ts";
import { organisationField, paging } from "./query-fields.ts";

export interface RecipientDeps {
  readonly book: FactBook;
  readonly alertCommands: AlertCommands;
  readonly notify: NotifyRules;
}

/** Who is told of alerts. */
export function recipientRoutes({ book, alertCommands, notify }: RecipientDeps): readonly Route[] {
  const { registry } = book;
  return [
    route({
      id: "listRecipients",
      method: "get",
      path: "/api/v1/recipients",
      tag: "alerts",
      summary: "Who is told of alerts, by organisation and id",
      query: z.strictObject({ ...organisationField, ...paging }),
      answer: pageOf(RecipientView),
      handle: ({ query }) => {
        const { items, next } = pageByKey(of(registry.recipients, query.organisation), query);
        return { body: { items: items.map((entry) => recipientView(entry, null)), next } };
      },
    }),
    route({
      id: "declareRecipient",
      method: "put",
      path: "/api/v1/organisations/:organisation/recipients/:recipient",
      tag: "alerts",
      summary:
        "State who is told of alerts, how, and of what; the secret that signs a webhook is shown in this answer only",
      params: z.strictObject({ organisation: OrganisationId, recipient: RecipientId }),
      body: DeclareRecipient,
      answer: RecipientView,
      refusals: ["UB_NOTIFY_ADDRESS_REFUSED", "UB_NOTIFY_NO_MAIL"],
      async handle({ params: { organisation, recipient }, body, principal }) {
        const { facts, isNewSecret } = await alertCommands.declareRecipient(
          organisation,
          recipient,
          body,
          nameOf(principal),
        );
        const entry = found(registry.recipients.get(keyOf(organisation, recipient)), recipient);
        const secret =
          isNewSecret && entry.channel.kind === "webhook"
            ? notify.webhookSecret(organisation, recipient, entry.channel.secret)
            : null;
        return { body: recipientView(entry, secret), headers: factHeader(facts) };
      },
    }),
  ];
}

function recipientView(
  { channel, minUrgency, sites, vehicles, spaces, ...entry }: RecipientEntry,
  secret: string | null,
): RecipientView {
  return {
    ...entry,
    channel: channel.kind === "webhook" ? { kind: "webhook", url: channel.url } : channel,
    min_urgency: minUrgency,
    sites: copied(sites),
    vehicles: copied(vehicles),
    spaces: copied(spaces),
    secret,
  };
}

function copied(names: readonly string[] | null): string[] | null {
  return names === null ? null : [...names];
}
