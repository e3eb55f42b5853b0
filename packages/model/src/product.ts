import type { DurationMs, Milli } from "@unbroken/units";
import { milliOf } from "@unbroken/units";
import { z } from "zod";
import { IsoDuration, durationOf } from "./time.ts";

const Celsius = z.number().min(-273.15).max(200);

const spoilageFields = {
  reference_c: Celsius.meta({ description: "the temperature at which the life is `life`" }),
  life: IsoDuration.refine(
    (t) => durationOf(t) > 0 && durationOf(t) <= 3_660 * 86_400_000,
    "life: more than 0, at most P3660D",
  ),
  valid_c: z
    .tuple([Celsius, Celsius])
    .refine(([low, high]) => low < high, "valid_c: [lowest, highest] in °C")
    .optional()
    .meta({ description: "the model holds between these temperatures; outside it says nothing" }),
  life_error: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .meta({ description: "relative error of the life, two standard deviations: 0.2 is ± 20 %" }),
};

/** How fast a product spoils at a temperature: one of the published models (standards of the field: see docs/rules.md). */
export const SpoilageDocument = z.discriminatedUnion("model", [
  z.strictObject({
    model: z.literal("arrhenius"),
    activation_kj: z.number().min(1).max(500).meta({ description: "activation energy, kJ/mol" }),
    ...spoilageFields,
  }),
  z.strictObject({
    model: z.literal("q10"),
    q10: z.number().min(1).max(20).meta({ description: "how much faster at 10 K more" }),
    ...spoilageFields,
  }),
  z.strictObject({
    model: z.literal("square-root"),
    minimum_c: Celsius.meta({ description: "T_min of Ratkowsky's model; −10 for fresh fish" }),
    ...spoilageFields,
  }),
  z.strictObject({
    model: z.literal("exponential"),
    per_k: z.number().min(0.001).max(1).meta({ description: "a of ln RRS = a·T, per K" }),
    ...spoilageFields,
  }),
  z.strictObject({
    model: z.literal("vvm"),
    type: z.enum(["VVM2", "VVM7", "VVM14", "VVM30"]).meta({
      description:
        "vaccine vial monitor, WHO PQS E006/IN05; constants after Goldwood and Diesburg 2018",
    }),
  }),
]);
export type SpoilageDocument = z.infer<typeof SpoilageDocument>;

/** What is known of the goods themselves. */
export const ProductDocument = z.strictObject({
  lag: IsoDuration.refine((t) => durationOf(t) > 0 && durationOf(t) <= 7 * 86_400_000, {
    message: "lag: more than 0, at most P7D",
  })
    .optional()
    .meta({
      description: "time constant of the core behind the air: 63 % of a step is followed after it",
    }),
  initial_c: Celsius.optional().meta({
    description: "core temperature at the beginning; the first air value unless stated",
  }),
  freezes_c: Celsius.optional().meta({ description: "at or below this it is damaged by freezing" }),
  spoilage: SpoilageDocument.optional(),
});
export type ProductDocument = z.infer<typeof ProductDocument>;

/** What is known of the goods, ready to judge. */
export interface Product {
  readonly lag: DurationMs | null;
  readonly initial: Milli | null;
  readonly freezes: Milli | null;
  readonly spoilage: SpoilageDocument | null;
}

export function productOf(document: ProductDocument): Product {
  return {
    lag: document.lag === undefined ? null : durationOf(document.lag),
    initial: celsius(document.initial_c),
    freezes: celsius(document.freezes_c),
    spoilage: document.spoilage ?? null,
  };
}

function celsius(value: number | undefined): Milli | null {
  return value === undefined ? null : milliOf(value);
}
