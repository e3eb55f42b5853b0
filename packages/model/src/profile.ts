import { milliOf, type DurationMs, type Milli } from "@unbroken/units";
import { z } from "zod";
import { IsoDuration, durationOf } from "./time.ts";
import { ProfileId } from "./ids.ts";

export const Comparison = z.enum(["gt", "ge", "lt", "le"]).meta({
  description:
    "out of range when the value is gt (>), ge (≥), lt (<) or le (≤) the limit; the standards differ",
});
export type Comparison = z.infer<typeof Comparison>;

export const Severity = z.enum(["break", "warn"]).meta({
  description: "only `break` decides a verdict; `warn` tells a person",
});
export type Severity = z.infer<typeof Severity>;

const ruleFields = {
  id: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, "id: 1 to 64 of a–z 0–9 _ . -"),
  quantity: z.literal("air").default("air"),
  cmp: Comparison,
  limit: z.number().min(-273.15).max(1_000).meta({ description: "in °C, to three places" }),
  severity: Severity.default("break"),
  clause: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "the clause and edition that the rule comes from" }),
};

/** One line of the rule language (DESIGN §5): the modes that are judged so far. */
export const RuleDocument = z.discriminatedUnion("mode", [
  z.strictObject({ ...ruleFields, mode: z.literal("instant") }),
  z.strictObject({
    ...ruleFields,
    mode: z.literal("consecutive"),
    hold: IsoDuration.refine(
      (t) => durationOf(t) > 0 && durationOf(t) <= 366 * 86_400_000,
      "hold: more than 0, at most P366D",
    ),
  }),
]);
export type RuleDocument = z.infer<typeof RuleDocument>;

/** A profile as a person states it. Every default is stated here; the hash is of the document before defaults. */
export const ProfileDocument = z
  .strictObject({
    id: ProfileId,
    title: z.string().max(200).optional(),
    source: z
      .string()
      .max(400)
      .optional()
      .meta({ description: "the standard, label or contract it follows" }),
    edition: z.string().max(100).optional(),
    cadence: IsoDuration.refine((t) => durationOf(t) >= 1_000, "cadence: at least PT1S")
      .default("PT5M")
      .meta({ description: "how often a sensor reports" }),
    gap: IsoDuration.refine((t) => durationOf(t) >= 1_000, "gap: at least PT1S")
      .optional()
      .meta({
        description: "silence longer than this is unproven; 2.5 × the cadence unless stated",
      }),
    rules: z.array(RuleDocument).min(1).max(32),
  })
  .refine((p) => new Set(p.rules.map((r) => r.id)).size === p.rules.length, {
    message: "rules: each id once",
    path: ["rules"],
  });
export type ProfileDocument = z.infer<typeof ProfileDocument>;

/** Which side of its range a value left. */
export const Side = z.enum(["high", "low"]);
export type Side = z.infer<typeof Side>;

/** A rule ready to judge: exact limits, milliseconds, no defaults left open. Immutable; new text, new version. */
export interface Rule {
  readonly id: string;
  readonly comparison: Comparison;
  readonly limit: Milli;
  readonly mode: "instant" | "consecutive";
  /** How long out of range is tolerated; 0 for `instant`. Out for exactly `hold` is an excursion. */
  readonly hold: DurationMs;
  readonly severity: Severity;
  readonly side: Side;
  readonly clause?: string;
}

export interface Profile {
  readonly id: string;
  /** SHA-256 of the document as stated, in canonical JSON, hex. Names the version of its rules. */
  readonly hash: string;
  readonly title: string;
  readonly cadence: DurationMs;
  /** Silence longer than this is unproven from the last reading on. */
  readonly gap: DurationMs;
  readonly rules: readonly Rule[];
}

/** @param hash of the document as it was stated; the caller computes it, for hashing is not pure TypeScript's. */
export function profileOf(document: ProfileDocument, hash: string): Profile {
  const cadence = durationOf(document.cadence);
  return {
    id: document.id,
    hash,
    title: document.title ?? document.id,
    cadence,
    // DESIGN §5: 2.5 × the cadence, so that one lost message and some delay are no gap.
    gap:
      document.gap === undefined
        ? (Math.floor(cadence * 2.5) as DurationMs)
        : durationOf(document.gap),
    rules: document.rules.map(ruleOf),
  };
}

export function ruleOf(rule: RuleDocument): Rule {
  const limit = milliOf(rule.limit);
  if (limit === null) throw new RangeError(`not a limit: ${rule.limit}`);
  return {
    id: rule.id,
    comparison: rule.cmp,
    limit,
    mode: rule.mode,
    hold: (rule.mode === "instant" ? 0 : durationOf(rule.hold)) as DurationMs,
    severity: rule.severity,
    side: rule.cmp === "gt" || rule.cmp === "ge" ? "high" : "low",
    ...(rule.clause === undefined ? {} : { clause: rule.clause }),
  };
}
