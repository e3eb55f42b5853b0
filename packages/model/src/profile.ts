import { milliOf, type DurationMs, type EpochMs, type Milli } from "@unbroken/units";
import { z } from "zod";
import { ProfileId } from "./ids.ts";
import { ProductDocument, productOf, type Product } from "./product.ts";
import { checkProfile } from "./profile-check.ts";
import { RuleDocument, rulesOf, type Rule } from "./rule.ts";
import { IsoDuration, IsoTime, durationOf, momentOf } from "./time.ts";

const Kelvins = z.number().gt(0).max(100);

/** By which a probe's values are recognised as no values. */
const FaultsDocument = z.strictObject({
  sentinels: z
    .array(z.number().min(-273.15).max(1_000))
    .max(16)
    .optional()
    .meta({ description: "values that a device sends for an absent or broken probe: −127, 85" }),
  step: z.strictObject({ by: Kelvins, within: IsoDuration }).optional().meta({
    description:
      "a value further than `by` K from both the one before and the one after it, each no longer than `within` away, is none",
  }),
  stuck: z.strictObject({ for: IsoDuration, while: Kelvins }).optional().meta({
    description:
      "the same value for so long, while another sensor of the space moved by so many K, is none from then on",
  }),
});

const profileFields = {
  id: ProfileId,
  title: z.string().max(200).optional(),
  title_zh: z.string().max(200).optional().meta({ description: "the title in Chinese" }),
  source: z
    .string()
    .max(400)
    .optional()
    .meta({ description: "the standard, label or contract it follows" }),
  edition: z.string().max(100).optional(),
  effective_from: IsoTime.optional().meta({ description: "before it the profile proves nothing" }),
  effective_until: IsoTime.optional().meta({ description: "from then on it proves nothing" }),
  confidence: z.enum(["text", "template"]).optional().meta({
    description:
      "`text`: the numbers are those of the source; `template`: a proposal that the operator must confirm, no claim to a regulation",
  }),
  cadence: IsoDuration.refine((t) => durationOf(t) >= 1_000, "cadence: at least PT1S")
    .default("PT5M")
    .meta({ description: "how often a sensor reports" }),
  gap: IsoDuration.refine((t) => durationOf(t) >= 1_000, "gap: at least PT1S")
    .optional()
    .meta({
      description: "silence longer than this is unproven; 2.5 × the cadence unless stated",
    }),
  accuracy: z.number().min(0).max(20).optional().meta({
    description:
      "expanded uncertainty (k = 2) in K of sensors of which no fact states one; 0 unless stated",
  }),
  faults: FaultsDocument.optional(),
  product: ProductDocument.optional(),
  rules: z.array(RuleDocument).min(1).max(32),
};

/** A profile as a person states it. Every default is stated here; the hash is of the document before defaults. */
export const ProfileDocument = z.strictObject(profileFields).superRefine((profile, context) => {
  for (const { path, message } of checkProfile(profile))
    context.addIssue({ code: "custom", path: [...path], message });
});
export type ProfileDocument = z.infer<typeof ProfileDocument>;

/** How a probe's values are recognised as no values. */
export interface FaultRules {
  readonly sentinels: readonly Milli[];
  readonly step: { readonly by: Milli; readonly within: DurationMs } | null;
  readonly stuck: { readonly for: DurationMs; readonly while: Milli } | null;
}

export interface Profile {
  readonly id: string;
  /** SHA-256 of the document as stated, in canonical JSON, hex. Names the version of its rules. */
  readonly hash: string;
  readonly title: string;
  readonly titleZh: string | null;
  readonly source: string | null;
  readonly edition: string | null;
  readonly confidence: "text" | "template" | null;
  /** When it rules at all: `[from, until)`, null without bound. */
  readonly effectiveFrom: EpochMs | null;
  readonly effectiveUntil: EpochMs | null;
  readonly cadence: DurationMs;
  /** Silence longer than this is unproven from the last reading on. */
  readonly gap: DurationMs;
  /** Half width of the band round a limit, for sensors of which nothing else is stated; 0: not known. */
  readonly accuracy: Milli;
  readonly faults: FaultRules;
  readonly product: Product | null;
  readonly rules: readonly Rule[];
}

/** @param hash of the document as it was stated; the caller computes it, for hashing is not pure TypeScript's. */
export function profileOf(document: ProfileDocument, hash: string): Profile {
  const cadence = durationOf(document.cadence);
  return {
    id: document.id,
    hash,
    title: document.title ?? document.id,
    titleZh: document.title_zh ?? null,
    source: document.source ?? null,
    edition: document.edition ?? null,
    confidence: document.confidence ?? null,
    effectiveFrom: document.effective_from === undefined ? null : momentOf(document.effective_from),
    effectiveUntil:
      document.effective_until === undefined ? null : momentOf(document.effective_until),
    cadence,
    // DESIGN §5: 2.5 × the cadence, so that one lost message and some delay are no gap.
    gap:
      document.gap === undefined
        ? (Math.floor(cadence * 2.5) as DurationMs)
        : durationOf(document.gap),
    accuracy: milli(document.accuracy ?? 0),
    faults: faultsOf(document.faults),
    product: document.product === undefined ? null : productOf(document.product),
    rules: document.rules.flatMap(rulesOf),
  };
}

function faultsOf(document: z.infer<typeof FaultsDocument> | undefined): FaultRules {
  const { sentinels = [], step, stuck } = document ?? {};
  return {
    sentinels: sentinels.map(milli),
    step: step === undefined ? null : { by: milli(step.by), within: durationOf(step.within) },
    stuck: stuck === undefined ? null : { for: durationOf(stuck.for), while: milli(stuck.while) },
  };
}

function milli(value: number): Milli {
  const found = milliOf(value);
  if (found === null) throw new RangeError(`not a value: ${value}`);
  return found;
}
