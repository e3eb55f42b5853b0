import { IsoTime, OrganisationId, SpaceId } from "@unbroken/model";
import { z } from "zod";

const Verdict = z.enum(["intact", "broken", "unproven"]);
const Minutes = z.number().nonnegative();
const Stretch = { from: IsoTime, to: IsoTime };

/**
 * The document of `unbroken judge`, and what it was asked of. Durations in minutes, temperatures in °C, times as RFC 3339
 * in UTC.
 */
export const VerdictView = z.strictObject({
  organisation: OrganisationId,
  /** Of a space, or of one sensor: the other is null. */
  space: SpaceId.nullable(),
  sensor: z.string().nullable(),
  ...Stretch,
  /** The id of the profile; its version is `profile_hash`. */
  profile: z.string(),
  /** Whether an operator of the organisation confirmed that version. */
  confirmed: z.boolean(),
  /** Which versions ruled the space in this time; judged was by one, the one of `profile_hash`. */
  profiles: z.array(z.strictObject({ hash: z.string(), ...Stretch })),
  verdict: Verdict,
  rules: z.array(
    z.strictObject({ id: z.string(), verdict: Verdict, proven: Minutes, possible: Minutes }),
  ),
  excursions: z.array(
    z.strictObject({
      rule: z.string(),
      side: z.enum(["high", "low"]),
      since: IsoTime,
      until: IsoTime.nullable(),
      peak_c: z.number().nullable(),
      peak: z.number().optional(),
      unit: z.string().optional(),
      minutes: Minutes,
    }),
  ),
  exposure: z.strictObject({
    proven: Minutes,
    possible: Minutes,
    in_range: Minutes,
    unproven: Minutes,
  }),
  coverage: z.number().min(0).max(1),
  mkt_c: z.number().nullable(),
  min_c: z.number().nullable(),
  max_c: z.number().nullable(),
  mean_c: z.number().nullable(),
  gaps: z.array(z.strictObject({ ...Stretch, minutes: Minutes })),
  /** Where the profile says what the goods are. */
  product: z
    .strictObject({
      core_min_c: z.number().nullable(),
      core_max_c: z.number().nullable(),
      life_used_pct: z.tuple([z.number(), z.number().nullable()]).nullable(),
      remaining: z
        .strictObject({
          at_c: z.number(),
          minutes: z.tuple([z.number(), z.number(), z.number()]).nullable(),
        })
        .nullable(),
    })
    .optional(),
  /** Why a rule is not intact. */
  reasons: z.array(
    z.strictObject({
      rule: z.string(),
      code: z.string(),
      minutes: Minutes.optional(),
      from: IsoTime.optional(),
      to: IsoTime.optional(),
    }),
  ),
  /** What the judgement rests on: `accuracy-unknown`, `template-profile`. */
  notes: z.array(z.string()),
  engine: z.string(),
  profile_hash: z.string(),
});
export type VerdictView = z.infer<typeof VerdictView>;
