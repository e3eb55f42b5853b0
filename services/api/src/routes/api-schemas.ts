import {
  AcknowledgeAlert,
  AlertView,
  DeclareRecipient,
  DeclareSite,
  DeclareSpace,
  DeclareVehicle,
  DeviceCredentials,
  DeviceView,
  EnvelopeBucket,
  EvidenceClass,
  ExcursionEntry,
  ExcursionView,
  FactView,
  IsoTime,
  LimitView,
  OrganisationId,
  PlaceSensor,
  Problem,
  ProfileView,
  QuarantineView,
  ReadingView,
  RecipientView,
  RegisterDevice,
  RevisionView,
  SensorNow,
  SiteView,
  SpaceId,
  SpaceNow,
  VehicleView,
} from "@unbroken/model";
import { z } from "zod";
import { VerdictView } from "./verdict-view.ts";

// Shapes that only the API has; all others are the model's.

export const Login = z.strictObject({ token: z.string().min(1).max(500) });

export const SessionView = z.strictObject({
  name: z.string(),
  by: z.enum(["token", "session"]),
  expires_at: IsoTime.nullable(),
});

export const FeedTicketView = z.strictObject({ ticket: z.string(), expires_at: IsoTime });

/** A built-in or stated profile's id, or a whole profile document. */
export const AssignProfile = z.strictObject({
  profile: z.union([z.string(), z.record(z.string(), z.json())]),
});

export const ProfileEntry = z.strictObject({
  id: z.string(),
  hash: z.string(),
  /** Null for those that come with Unbroken. */
  organisation: OrganisationId.nullable(),
  title: z.string(),
  title_zh: z.string().nullable(),
  source: z.string().nullable(),
  edition: z.string().nullable(),
  confidence: ProfileView.shape.confidence,
  /** Whether the organisation that is asked for confirmed this version. */
  confirmed: z.boolean(),
  effective_from: IsoTime.nullable(),
  effective_until: IsoTime.nullable(),
  limits: z.array(LimitView),
  /** As it was stated. */
  document: z.json(),
});
export type ProfileEntry = z.infer<typeof ProfileEntry>;

export const ConfirmProfile = z.strictObject({
  note: z.string().max(1_000).optional().meta({ description: "why the numbers are right here" }),
});

export const FactsView = z.strictObject({ facts: z.array(FactView) });

export const TimelineView = z.strictObject({
  organisation: OrganisationId,
  space: SpaceId,
  from: IsoTime,
  to: IsoTime,
  /** Before this the timeline is not kept at hand; null where there is none yet. */
  known_from: IsoTime.nullable(),
  stretches: z.array(
    z.strictObject({ from: IsoTime, to: IsoTime.nullable(), class: EvidenceClass }),
  ),
});

export const EnvelopeView = z.strictObject({ buckets: z.array(EnvelopeBucket) });
export const RevisionsView = z.strictObject({ revisions: z.array(RevisionView) });

export const AliveView = z.strictObject({ status: z.literal("ok"), version: z.string() });

export const HealthView = z.strictObject({
  ready: z.boolean(),
  version: z.string(),
  parts: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** The names of schemas in the OpenAPI document. */
export const schemaNames: Readonly<Record<string, z.ZodType>> = {
  AcknowledgeAlert,
  AlertView,
  AliveView,
  AssignProfile,
  ConfirmProfile,
  DeclareRecipient,
  DeclareSite,
  DeclareSpace,
  DeclareVehicle,
  DeviceCredentials,
  DeviceView,
  EnvelopeView,
  ExcursionEntry,
  ExcursionView,
  FactView,
  FactsView,
  FeedTicketView,
  HealthView,
  LimitView,
  Login,
  PlaceSensor,
  Problem,
  ProfileEntry,
  ProfileView,
  QuarantineView,
  ReadingView,
  RecipientView,
  RegisterDevice,
  RevisionView,
  SensorNow,
  SessionView,
  SiteView,
  SpaceNow,
  TimelineView,
  VehicleView,
  VerdictView,
};
