import { milliOf, type DurationMs, type Milli } from "@unbroken/units";
import { z } from "zod";
import { clauseHelp, isKnownClause } from "./clause.ts";
import { Phase } from "./phase.ts";
import { ScheduleDocument, scheduleOf, type Schedule } from "./schedule.ts";
import { IsoDuration, durationOf } from "./time.ts";

export const Comparison = z.enum(["gt", "ge", "lt", "le"]).meta({
  description:
    "out of range when the value is gt (>), ge (≥), lt (<) or le (≤) the limit; the standards differ",
});
export type Comparison = z.infer<typeof Comparison>;

export const Severity = z.enum(["break", "excursion", "warn"]).meta({
  description:
    "only `break` decides a verdict; `excursion` is on record and reported; `warn` tells a person before it is late",
});
export type Severity = z.infer<typeof Severity>;

/** Which side of its range a value left. */
export const Side = z.enum(["high", "low"]);
export type Side = z.infer<typeof Side>;

/** What a rule looks at, with the unit of its limit. */
export const ruleQuantities = {
  air: { unit: "Cel", span: [-273.15, 200] },
  product: { unit: "Cel", span: [-273.15, 200] },
  mkt: { unit: "Cel", span: [-273.15, 200] },
  humidity: { unit: "%RH", span: [0, 100] },
  // Share of the life that is used up; 100 is the end of it.
  budget: { unit: "%", span: [0, 1_000] },
  // 1: a door is open; there is supply; the sensor is heard. 0: not.
  door: { unit: "/", span: [0, 1] },
  power: { unit: "/", span: [0, 1] },
  link: { unit: "/", span: [0, 1] },
} as const satisfies Record<string, { unit: string; span: readonly [number, number] }>;

export const RuleQuantity = z.enum([
  "air",
  "product",
  "mkt",
  "humidity",
  "budget",
  "door",
  "power",
  "link",
]);
export type RuleQuantity = z.infer<typeof RuleQuantity>;

/** What each mode can look at. */
export const quantitiesOfMode = {
  instant: ["air", "humidity", "door", "power", "product", "budget"],
  consecutive: ["air", "humidity", "door", "power", "link", "product"],
  cumulative: ["air", "humidity", "door", "power", "link", "product"],
  window: ["mkt", "air", "humidity", "product"],
  rise: ["air", "product"],
  exposure: ["air"],
} as const satisfies Record<string, readonly RuleQuantity[]>;

export const RuleMode = z.enum([
  "instant",
  "consecutive",
  "cumulative",
  "window",
  "rise",
  "exposure",
] as const satisfies readonly (keyof typeof quantitiesOfMode)[]);
export type RuleMode = z.infer<typeof RuleMode>;
export const ruleModes: readonly string[] = Object.keys(quantitiesOfMode);

const YEAR_MS = 366 * 86_400_000;

const duration = (name: string, least: number, words: string) =>
  IsoDuration.refine((t) => durationOf(t) >= least && durationOf(t) <= YEAR_MS, {
    message: `${name}: ${words}, at most P366D`,
  });

const Hold = duration("hold", 1, "more than 0");
const Scope = duration("scope", 60_000, "at least PT1M");

const AllowanceDocument = z
  .strictObject({
    phase: z.enum(["load", "defrost"]).meta({
      description:
        "while a door contact says open (load), or the refrigeration unit reports its defrost; nobody's word is enough",
    }),
    by: z.number().gt(0).max(50).meta({ description: "how far the limit moves outwards, in K" }),
    for: duration("for", 1, "more than 0"),
    every: duration("every", 1, "more than 0")
      .optional()
      .meta({ description: "one allowance begins in so long; any number unless stated" }),
  })
  .refine((a) => a.every === undefined || durationOf(a.every) >= durationOf(a.for), {
    message: "every: not shorter than `for`",
    path: ["every"],
  });

const WarnDocument = z
  .strictObject({
    limit: z.number().optional(),
    hold: Hold.optional(),
  })
  .refine((w) => w.limit !== undefined || w.hold !== undefined, "warn: a limit, a hold, or both");

const always = {
  id: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, "id: 1 to 64 of a–z 0–9 _ . -"),
  cmp: Comparison,
  limit: z
    .number()
    .meta({ description: "in the unit of the quantity (°C, %RH, % of life), to three places" }),
  unit: z
    .string()
    .optional()
    .meta({ description: "need not be said; if it is, it must be the quantity's: Cel, %RH, %, /" }),
  severity: Severity.default("break"),
  hysteresis: z.number().min(0).max(50).default(0).meta({
    description: "an episode ends only when the value is back in range by more than this",
  }),
  clear: IsoDuration.default("PT0S").meta({
    description: "and has stayed there for so long; the end is then where it came back",
  }),
  allowances: z.array(AllowanceDocument).max(4).optional(),
  schedule: ScheduleDocument.optional(),
  warn: WarnDocument.optional().meta({
    description: "tells a person before the break: a nearer limit, a shorter hold, or both",
  }),
  clause: z.string().min(1).max(200).refine(isKnownClause, clauseHelp).optional().meta({
    description: "the clause and edition that the rule comes from",
  }),
};

const common = {
  ...always,
  phases: z
    .array(Phase)
    .min(1)
    .max(5)
    .optional()
    .meta({ description: "the rule applies in these phases only; always unless stated" }),
};

/** One line of the rule language (docs/rules.md): six modes. */
export const RuleDocument = z.discriminatedUnion("mode", [
  z.strictObject({
    ...common,
    mode: z.literal("instant"),
    quantity: z.enum(quantitiesOfMode.instant).default("air"),
    debounce: IsoDuration.refine((t) => durationOf(t) <= 3_600_000, "debounce: at most PT1H")
      .default("PT0S")
      .meta({
        description: "out for less than this is a spike; a time, never a number of samples",
      }),
  }),
  z.strictObject({
    ...common,
    mode: z.literal("consecutive"),
    quantity: z.enum(quantitiesOfMode.consecutive).default("air"),
    hold: Hold,
  }),
  z.strictObject({
    ...common,
    mode: z.literal("cumulative"),
    quantity: z.enum(quantitiesOfMode.cumulative).default("air"),
    hold: Hold,
    // The whole of what is judged: a shipment, an interval, the time that a profile rules a space.
    scope: z.literal("shipment").default("shipment"),
  }),
  z.strictObject({
    ...always,
    mode: z.literal("window"),
    quantity: z.enum(quantitiesOfMode.window),
    scope: Scope,
    activation_kj: z
      .number()
      .min(1)
      .max(500)
      .optional()
      .meta({ description: "ΔH of the mean kinetic temperature, kJ/mol; 83.144 unless stated" }),
  }),
  z.strictObject({
    ...common,
    mode: z.literal("rise"),
    quantity: z.enum(quantitiesOfMode.rise).default("product"),
    limit: z.number().min(-200).max(200).meta({
      description:
        "in K above the lowest value in the scope (gt, ge), or below the highest (lt, le; negative)",
    }),
    scope: z.union([z.literal("shipment"), Scope]).default("shipment"),
    debounce: IsoDuration.refine(
      (t) => durationOf(t) <= 3_600_000,
      "debounce: at most PT1H",
    ).default("PT0S"),
  }),
  z.strictObject({
    ...common,
    mode: z.literal("exposure"),
    quantity: z.enum(quantitiesOfMode.exposure).default("air"),
    hold: Hold,
    phases: z.array(Phase).min(1).max(5).default(["load"]),
  }),
]);
export type RuleDocument = z.infer<typeof RuleDocument>;

/** While a phase is proven by a sensor, the limit stands further out, for a while. */
export interface Allowance {
  readonly phase: "load" | "defrost";
  /** How far the limit moves outwards, in thousandths of the unit; positive. */
  readonly by: Milli;
  readonly for: DurationMs;
  /** From the beginning of one allowance to that of the next at the least; 0 asks for none. */
  readonly every: DurationMs;
}

/** A rule ready to judge: exact limits, milliseconds, no defaults left open. Immutable; new text, new version. */
export interface Rule {
  readonly id: string;
  readonly quantity: RuleQuantity;
  readonly comparison: Comparison;
  /** In thousandths of the quantity's unit; for `rise` the difference. */
  readonly limit: Milli;
  readonly mode: RuleMode;
  /**
   * How long out of range is tolerated; the debounce for `instant` and `rise`, 0 for `window`. Out for exactly so long
   * is an excursion.
   */
  readonly hold: DurationMs;
  /** The length of a window or of what a rise is measured in; null is the whole of what is judged. */
  readonly scope: DurationMs | null;
  readonly severity: Severity;
  readonly side: Side;
  /** In thousandths of the unit. */
  readonly hysteresis: Milli;
  readonly clear: DurationMs;
  /** Null: always. */
  readonly phases: readonly Phase[] | null;
  readonly allowances: readonly Allowance[];
  readonly schedule: Schedule | null;
  /** ΔH of a mean kinetic temperature, J/mol. */
  readonly activation: number;
  readonly clause?: string;
}

/** USP ⟨1079.2⟩: 83.144 kJ/mol. */
export const ACTIVATION_DEFAULT = 83_144;

/** The rules that a line states: itself, and its warning before it. */
export function rulesOf(document: RuleDocument): readonly Rule[] {
  const rule = ruleOf(document);
  const { warn } = document;
  if (warn === undefined) return [rule];
  return [
    {
      ...rule,
      id: `${rule.id}.warn`,
      severity: "warn",
      limit: warn.limit === undefined ? rule.limit : milli(warn.limit),
      hold: warn.hold === undefined ? rule.hold : durationOf(warn.hold),
    },
    rule,
  ];
}

export function ruleOf(rule: RuleDocument): Rule {
  return {
    id: rule.id,
    quantity: rule.quantity,
    comparison: rule.cmp,
    limit: milli(rule.limit),
    mode: rule.mode,
    hold: holdOf(rule),
    scope: "scope" in rule && rule.scope !== "shipment" ? durationOf(rule.scope) : null,
    severity: rule.severity,
    side: rule.cmp === "gt" || rule.cmp === "ge" ? "high" : "low",
    hysteresis: milli(rule.hysteresis),
    clear: durationOf(rule.clear),
    phases: ("phases" in rule ? rule.phases : undefined) ?? null,
    allowances: (rule.allowances ?? []).map((allowance) => ({
      phase: allowance.phase,
      by: milli(allowance.by),
      for: durationOf(allowance.for),
      every: durationOf(allowance.every ?? "PT0S"),
    })),
    schedule: rule.schedule === undefined ? null : scheduleOf(rule.schedule),
    activation:
      rule.mode === "window" && rule.activation_kj !== undefined
        ? Math.round(rule.activation_kj * 1_000)
        : ACTIVATION_DEFAULT,
    ...(rule.clause === undefined ? {} : { clause: rule.clause }),
  };
}

function holdOf(rule: RuleDocument): DurationMs {
  switch (rule.mode) {
    case "instant":
    case "rise":
      return durationOf(rule.debounce);
    case "window":
      return 0 as DurationMs;
    case "consecutive":
    case "cumulative":
    case "exposure":
      return durationOf(rule.hold);
  }
}

function milli(value: number): Milli {
  const found = milliOf(value);
  if (found === null) throw new RangeError(`not a limit: ${value}`);
  return found;
}
