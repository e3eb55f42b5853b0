import { z } from "zod";
import { OrganisationId, SiteId, SpaceId, VehicleId } from "./ids.ts";
import { IsoTime } from "./time.ts";

/** `high` is for what wakes somebody; `low` is told once and can wait for the morning. */
export const Urgency = z.enum(["low", "high"]);
export type Urgency = z.infer<typeof Urgency>;

/** What is the matter with a space. With organisation and space it is the cause: one alert, however many see it. */
export const Trouble = z.enum([
  "warm",
  "cold",
  "humid",
  "dry",
  "life-used",
  "door",
  "power",
  "silent",
  "probe-fault",
]);
export type Trouble = z.infer<typeof Trouble>;

/** `space.trouble.openedAt`; unique in its organisation, and never used again. */
export const AlertId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, "alert: an id as the list of alerts shows it");

export const RecipientId = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/,
    "recipient: 1 to 64 of A–Z a–z 0–9 _ . -, not beginning or ending with . or -",
  );

export const Language = z.enum(["zh", "en"]);
export type Language = z.infer<typeof Language>;

/** How a recipient is reached. Secrets are not part of it: they are derived where they are used. */
export const RecipientChannel = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    url: z.url({ protocol: /^https?$/, error: "url: an https address" }).max(2_000),
    /** Counts the signing secrets that were in use; a new one is another number. */
    secret: z.int().min(1).max(1_000_000).default(1),
  }),
  z.strictObject({
    kind: z.literal("email"),
    address: z.email({ error: "address: a mail address, name@example.com" }).max(254),
  }),
]);
export type RecipientChannel = z.infer<typeof RecipientChannel>;

/** One thing that an alert is about: an excursion, a silence or a fault. Times in epoch ms. */
export const AlertMember = z.strictObject({
  /** `excursion:…`, `gap:sensor`, `fault:sensor`; once in an alert. */
  id: z.string(),
  /** `unseen`: it ended in silence, so nobody knows whether it is over. */
  state: z.enum(["lasting", "unseen", "over", "retracted"]),
  urgency: Urgency,
  rule: z.string().nullable(),
  sensor: z.string().nullable(),
  since: z.int(),
  /** Null while it lasts. */
  until: z.int().nullable(),
  /** The latest time that anything is known of, by the device's clock. */
  evidenceAt: z.int(),
  /** The worst value and the limit, in thousandths of their unit; null where there is none. */
  peak: z.int().nullable(),
  peakAt: z.int().nullable(),
  limit: z.int().nullable(),
  side: z.enum(["high", "low"]).nullable(),
  /** As SenML names it: `Cel`, `%RH`, `%`. */
  unit: z.string().nullable(),
  revision: z.int(),
});
export type AlertMember = z.infer<typeof AlertMember>;

export const Acknowledgement = z.strictObject({
  by: z.string(),
  at: z.int(),
  note: z.string().nullable(),
  /** What was known when it was acknowledged; more urgent news need another acknowledgement. */
  urgency: Urgency,
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

export const MessageKind = z.enum([
  "opened",
  "raised",
  "repeated",
  "over",
  "unproven",
  "retracted",
  "passed",
]);
export type MessageKind = z.infer<typeof MessageKind>;

/** What became of one message to one recipient. */
export const AlertDelivery = z.strictObject({
  id: z.string(),
  recipient: z.string(),
  channel: z.enum(["webhook", "email"]),
  kind: MessageKind,
  state: z.enum(["waiting", "delivered", "failed", "superseded"]),
  attempts: z.int(),
  /** When that was so, by our clock. */
  at: z.int(),
  code: z.string().nullable(),
});
export type AlertDelivery = z.infer<typeof AlertDelivery>;

/** A delivery that was given up, for those who must know. */
export interface FailedDelivery {
  readonly organisation: string;
  readonly alert: string;
  readonly delivery: AlertDelivery;
}

/** An alert as the notifier keeps it. `openedAt`, `seenAt`, `endedAt` and messages by our clock, all else by the device's. */
export const Alert = z.strictObject({
  id: AlertId,
  organisation: OrganisationId,
  space: SpaceId,
  trouble: Trouble,
  urgency: Urgency,
  /** `quiet`: nothing lasts, but it is too early to call it over. */
  phase: z.enum(["open", "quiet", "ended"]),
  ending: z.enum(["over", "unproven", "retracted"]).nullable(),
  since: z.int(),
  until: z.int().nullable(),
  openedAt: z.int(),
  /** When the notifier first saw it, and when what is known of it last grew. */
  seenAt: z.int(),
  movedAt: z.int(),
  endedAt: z.int().nullable(),
  members: z.array(AlertMember),
  acknowledgements: z.array(Acknowledgement),
  /** The messages so far; `sent` counts them, the newest are kept. */
  messages: z.array(z.strictObject({ kind: MessageKind, urgency: Urgency, at: z.int() })),
  sent: z.int(),
  repeats: z.int(),
  deliveries: z.array(AlertDelivery),
});
export type Alert = z.infer<typeof Alert>;

// What the API and the feed show.

export const DeliveryView = z.strictObject({
  id: z.string(),
  recipient: z.string(),
  channel: z.enum(["webhook", "email"]),
  message: MessageKind,
  state: AlertDelivery.shape.state,
  attempts: z.int(),
  at: IsoTime,
  code: z.string().nullable(),
});

export const AlertView = z.strictObject({
  organisation: OrganisationId,
  id: AlertId,
  space: SpaceId,
  space_name: z.string(),
  trouble: Trouble,
  urgency: Urgency,
  phase: Alert.shape.phase,
  ending: Alert.shape.ending,
  since: IsoTime,
  until: IsoTime.nullable(),
  opened_at: IsoTime,
  ended_at: IsoTime.nullable(),
  /** The worst value and the limit that was left, in `unit`; null where the trouble has none. */
  peak: z.number().nullable(),
  peak_at: IsoTime.nullable(),
  limit: z.number().nullable(),
  unit: z.string().nullable(),
  rules: z.array(z.string()),
  sensors: z.array(z.string()),
  excursions: z.array(z.string()),
  /** Whether somebody has it in hand; more urgent news take that back. */
  acknowledged: z.boolean(),
  acknowledgements: z.array(
    z.strictObject({ by: z.string(), at: IsoTime, note: z.string().nullable() }),
  ),
  messages: z.int(),
  deliveries: z.array(DeliveryView),
});
export type AlertView = z.infer<typeof AlertView>;

export const AcknowledgeAlert = z.strictObject({
  note: z.string().trim().min(1).max(500).optional(),
});

const recipientFields = {
  language: Language.default("zh"),
  min_urgency: Urgency.default("low").meta({
    description: "high: only what wakes somebody; low: everything",
  }),
  sites: z.array(SiteId).min(1).max(1_000).optional(),
  vehicles: z.array(VehicleId).min(1).max(1_000).optional(),
  spaces: z.array(SpaceId).min(1).max(1_000).optional().meta({
    description: "with sites or vehicles: any of them; none of the three: everything",
  }),
  active: z.boolean().default(true),
};

export const DeclareRecipient = z.strictObject({
  channel: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("webhook"),
      url: z.url({ protocol: /^https?$/, error: "url: an https address" }).max(2_000),
      rotate_secret: z.boolean().default(false).meta({
        description: "true: makes a new signing secret; the old one is no longer used",
      }),
    }),
    z.strictObject({
      kind: z.literal("email"),
      address: z.email({ error: "address: a mail address, name@example.com" }).max(254),
    }),
  ]),
  ...recipientFields,
});

export const RecipientView = z.strictObject({
  organisation: OrganisationId,
  recipient: RecipientId,
  channel: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("webhook"), url: z.string() }),
    z.strictObject({ kind: z.literal("email"), address: z.string() }),
  ]),
  language: Language,
  min_urgency: Urgency,
  sites: z.array(SiteId).nullable(),
  vehicles: z.array(VehicleId).nullable(),
  spaces: z.array(SpaceId).nullable(),
  active: z.boolean(),
  /** The signing secret of a webhook, in the one answer that makes it; null ever after. */
  secret: z.string().nullable(),
});
export type RecipientView = z.infer<typeof RecipientView>;
