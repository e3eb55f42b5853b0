import { z } from "zod";
import { OrganisationId, SpaceId } from "./ids.ts";
import { ExcursionView, SpaceNow } from "./resources.ts";
import { IsoTime } from "./time.ts";

/** What a client of the feed may say. */
export const FeedRequest = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("subscribe"),
    organisation: OrganisationId.optional(),
    spaces: z.array(SpaceId).max(1_000).optional(),
    /** Where a dropped connection left off; a snapshot follows if that is too long ago. */
    resume: z
      .strictObject({ epoch: z.string().max(64), revision: z.int().nonnegative() })
      .optional(),
  }),
]);
export type FeedRequest = z.infer<typeof FeedRequest>;

/** What the feed says. `revision` grows by one with each message; `epoch` changes when the server starts anew. */
export const FeedMessage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("snapshot"),
    epoch: z.string(),
    revision: z.int(),
    at: IsoTime,
    spaces: z.array(SpaceNow),
    quarantined: z.int(),
  }),
  z.strictObject({
    type: z.literal("delta"),
    epoch: z.string(),
    revision: z.int(),
    at: IsoTime,
    /** Spaces that changed, whole. */
    spaces: z.array(SpaceNow),
    quarantined: z.int(),
  }),
  z.strictObject({
    // Sent at once, ahead of the deltas, which are gathered for up to 100 ms.
    type: z.literal("excursion"),
    epoch: z.string(),
    revision: z.int(),
    at: IsoTime,
    change: z.enum(["opened", "amended", "closed", "retracted"]),
    excursion: ExcursionView,
  }),
  z.strictObject({
    type: z.literal("heartbeat"),
    epoch: z.string(),
    revision: z.int(),
    at: IsoTime,
  }),
  z.strictObject({ type: z.literal("error"), code: z.string(), detail: z.string() }),
]);
export type FeedMessage = z.infer<typeof FeedMessage>;
