import { z } from "zod";
import { Quantity } from "./quantity.ts";
import { FaultKind } from "./reading.ts";
import { RuleQuantity, Severity, Side } from "./rule.ts";

/** What the evidence shows of a stretch of time. */
export const EvidenceClass = z.enum(["in", "high", "low", "unproven", "off"]).meta({
  description: "in range, out of it on one side, without proof, or out of service",
});
export type EvidenceClass = z.infer<typeof EvidenceClass>;

/** One stretch of a timeline: `[from, to)`, `to` null while it lasts. Times in epoch ms. */
export const EvidenceStretch = z.strictObject({
  from: z.int(),
  to: z.int().nullable(),
  class: EvidenceClass,
});
export type EvidenceStretch = z.infer<typeof EvidenceStretch>;

/** Out of range for longer than the allowance. (subject, rule, side, since) is its identity. */
export const Excursion = z.strictObject({
  /** `space|rule|side|since`, unique in the organisation. */
  id: z.string(),
  space: z.string(),
  rule: z.string(),
  quantity: RuleQuantity,
  side: Side,
  severity: Severity,
  /** When the range was left; epoch ms. */
  since: z.int(),
  /** When it ended: the first moment in range again, or from which nothing is proven. Null while it lasts. */
  until: z.int().nullable(),
  /** How it ended; null while it lasts. */
  ended: z.enum(["in-range", "unproven"]).nullable(),
  /** Proven out of range, `since` to the latest evidence, in ms. */
  provenMs: z.int().nonnegative(),
  /** The worst value, in thousandths of the quantity's unit, and when and by which sensor. */
  peak: z.int(),
  peakAt: z.int(),
  peakSensor: z.string(),
  /** The limit that was left, in thousandths of the unit, and the allowance in ms. */
  limit: z.int(),
  holdMs: z.int(),
  /** Hash of the profile, which is the version of the rule, and the engine that judged. */
  profileHash: z.string(),
  engine: z.string(),
  /** 1 when opened; each changed judgement adds one. */
  revision: z.int().positive(),
  /** Set when late data took the excursion back; it stays on record. */
  retracted: z.boolean(),
});
export type Excursion = z.infer<typeof Excursion>;

/**
 * What is wrong with a device's clock. `ahead`, `behind`: off by no whole zone; `zone`: local time sent as UTC;
 * `never-set`: it counts from what it shows when it gets power; `stepped`: set back, so that some times were shown
 * twice; `drifting`: too fast or too slow.
 */
export const ClockFault = z.enum(["ahead", "behind", "zone", "never-set", "stepped", "drifting"]);
export type ClockFault = z.infer<typeof ClockFault>;

const clockDoubt = {
  device: z.string(),
  fault: ClockFault,
  offsetMs: z.int().meta({
    description:
      "how far its clock is ahead of ours, negative behind; of `stepped` by how much it was moved, of `drifting` ms a day",
  }),
  errorMs: z.int().meta({ description: "how far `offsetMs` may be from the truth" }),
  certain: z.boolean().meta({
    description: "whether no delay on the way explains it; else no reading is doubted for it",
  }),
  /** By our clock: when the first message that shows it was received. */
  from: z.int(),
};

/** What a judgement about a probe is about: its temperature where none is named. */
const quantity = Quantity.optional();

/** What the processor says. Past participles: each has happened and is never edited. */
export const Judgement = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("excursion-opened"),
    excursion: Excursion,
    /** Those that it was part of, or they of it, before late data moved, split or joined them; there may be none. */
    replaces: z.array(z.string()).optional(),
  }),
  z.strictObject({
    // A judgement that late data or a new fact changed.
    kind: z.literal("excursion-amended"),
    excursion: Excursion,
    changed: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal("excursion-closed"), excursion: Excursion }),
  z.strictObject({
    kind: z.literal("excursion-retracted"),
    excursion: Excursion,
    /** The excursions that stand in its place, if late data moved, split or joined it. */
    replacedBy: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal("gap-opened"),
    space: z.string(),
    sensor: z.string(),
    from: z.int(),
  }),
  z.strictObject({
    kind: z.literal("gap-closed"),
    space: z.string(),
    sensor: z.string(),
    from: z.int(),
    to: z.int(),
  }),
  z.strictObject({
    kind: z.literal("fault-opened"),
    sensor: z.string(),
    quantity,
    fault: FaultKind,
    from: z.int(),
  }),
  z.strictObject({
    kind: z.literal("fault-closed"),
    sensor: z.string(),
    quantity,
    fault: FaultKind,
    from: z.int(),
    to: z.int(),
  }),
  // Said anew, with the same `from`, where more is known of it.
  z.strictObject({ kind: z.literal("clock-doubt-opened"), ...clockDoubt }),
  z.strictObject({ kind: z.literal("clock-doubt-closed"), ...clockDoubt, to: z.int() }),
  z.strictObject({
    kind: z.literal("reading-conflict"),
    sensor: z.string(),
    quantity,
    measuredAt: z.int(),
    kept: z
      .array(z.int())
      .meta({ description: "all values that were sent for this instant, in m of the unit" }),
  }),
  z.strictObject({
    // The space's timeline from `from` on is now these stretches, whatever was said before.
    kind: z.literal("timeline-changed"),
    space: z.string(),
    from: z.int(),
    stretches: z.array(EvidenceStretch),
  }),
]);
export type Judgement = z.infer<typeof Judgement>;

/** A judgement as the log keeps it. */
export interface JudgementRecord {
  readonly organisation: string;
  /** The time of the input that led to it, by our clock: the receivedAt of the message, fact or tick. Epoch ms. */
  readonly judgedAt: number;
  readonly judgement: Judgement;
}

/** What could not be decoded or was refused, kept raw with a stable code. */
export interface QuarantineRecord {
  readonly organisation: string;
  readonly publisher: string;
  readonly mqttTopic: string;
  readonly receivedAt: number;
  readonly code: string;
  readonly detail: string;
  /** Where in the message: a JSON pointer (RFC 6901), empty for the whole. */
  readonly pointer: string;
  /** The offset of the message in the log and, cut to 4 KiB, its bytes in base64. */
  readonly offset: number;
  readonly payloadBase64: string;
  readonly payloadBytes: number;
}
