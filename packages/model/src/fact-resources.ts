import { z } from "zod";
import { OrganisationId, ProbeName, ProfileId, SpaceId, DeviceId } from "./ids.ts";
import { Phase } from "./phase.ts";
import { IsoDuration, IsoTime, durationOf, momentOf } from "./time.ts";

// What a client states about a space or a probe, and how it is shown. Temperatures in °C, differences in K, times in
// RFC 3339, durations as ISO 8601 has them.

const effective_from = IsoTime.optional().meta({
  description: "from when on it holds, also in the past; from now on unless stated",
});

const Celsius = z.number().min(-273.15).max(200);
const Kelvins = z.number().min(0).max(20);

/** How a space warms by itself, which bounds what can have happened while nobody measured (docs/rules.md, Evidence 7). */
export const StateThermal = z
  .strictObject({
    time_constant: IsoDuration.refine(
      (text) => durationOf(text) >= 1_000 && durationOf(text) <= 366 * 86_400_000,
      "time_constant: PT1S to P366D",
    ).meta({ description: "in which 63 % of the way to the ambient are gone" }),
    ambient_c: Celsius.meta({ description: "the warmest that surrounds it" }),
    coldest_c: Celsius.optional().meta({
      description: "the coldest that the refrigeration can blow; without it cooling has no bound",
    }),
    effective_from,
  })
  .refine(({ ambient_c, coldest_c }) => coldest_c === undefined || coldest_c < ambient_c, {
    message: "coldest_c: below ambient_c",
    path: ["coldest_c"],
  });

/** What is known of a probe: without `probe`, of all probes of the device. Each statement replaces the one before. */
export const DescribeSensor = z
  .strictObject({
    probe: ProbeName.optional(),
    accuracy_k: Kelvins.optional().meta({
      description: "expanded uncertainty (k = 2) when it was calibrated",
    }),
    drift_k_per_year: Kelvins.optional(),
    calibrated_at: IsoTime.optional(),
    calibration_due: IsoTime.optional().meta({
      description: "from then on its values prove nothing",
    }),
    certificate: z.string().trim().min(1).max(200).optional(),
    effective_from,
  })
  .superRefine((described, context) => {
    const { calibrated_at: from, calibration_due: due } = described;
    if (from !== undefined && due !== undefined && momentOf(due) <= momentOf(from))
      context.addIssue({
        code: "custom",
        path: ["calibration_due"],
        message: "calibration_due: after calibrated_at",
      });
    if (described.drift_k_per_year !== undefined && from === undefined)
      context.addIssue({
        code: "custom",
        path: ["drift_k_per_year"],
        message: "drift_k_per_year: needs calibrated_at, from when on it drifts",
      });
    const known = ["accuracy_k", "calibrated_at", "calibration_due", "certificate"] as const;
    if (known.every((field) => described[field] === undefined))
      context.addIssue({
        code: "custom",
        path: ["accuracy_k"],
        message: `accuracy_k: at least one of ${known.join(", ")} is needed`,
      });
  });

const notBefore = ({
  until,
  effective_from: from,
}: {
  readonly until?: string | undefined;
  readonly effective_from?: string | undefined;
}): boolean => until === undefined || from === undefined || momentOf(until) > momentOf(from);
const lasts = { message: "until: after effective_from", path: ["until"] };

/** Nothing is judged of an empty space that is stated out of service; a loaded one cannot be. */
export const TakeOutOfService = z
  .strictObject({
    empty: z.literal(true, "empty: true; only an empty space can be out of service").meta({
      description: "who states it says that nothing is in it",
    }),
    reason: z.string().trim().min(1).max(500),
    until: IsoTime.optional().meta({ description: "until it is stated to be back, unless stated" }),
    effective_from,
  })
  .refine(notBefore, lasts);

export const ReturnToService = z.strictObject({ effective_from });

/** What is being done: chooses the rules that apply. */
export const StatePhase = z
  .strictObject({
    phase: Phase,
    until: IsoTime.optional().meta({ description: "until the next phase, unless stated" }),
    effective_from,
  })
  .refine(notBefore, lasts);

const kind = <K extends string, S extends z.ZodRawShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), ...shape });

/** A fact about a space, or about the probes of a device, in the units of this interface. */
export const StatedFact = z.discriminatedUnion("kind", [
  kind("thermal-stated", {
    time_constant_ms: z.int(),
    ambient_c: z.number(),
    coldest_c: z.number().nullable(),
  }),
  kind("sensor-described", {
    probe: ProbeName.nullable(),
    accuracy_k: z.number().nullable(),
    drift_k_per_year: z.number().nullable(),
    calibrated_at: IsoTime.nullable(),
    calibration_due: IsoTime.nullable(),
    certificate: z.string().nullable(),
  }),
  kind("out-of-service-stated", { reason: z.string(), until: IsoTime.nullable() }),
  kind("returned-to-service", {}),
  kind("phase-stated", { phase: Phase, until: IsoTime.nullable() }),
  kind("profile-assigned", { profile: ProfileId.nullable(), hash: z.string() }),
  kind("sensor-placed", { device: DeviceId, probe: ProbeName.nullable(), space: SpaceId }),
]);
export type StatedFact = z.infer<typeof StatedFact>;

export const FactView = z.strictObject({
  organisation: OrganisationId,
  id: z.string(),
  /** Null: for all that was ever measured. */
  effective_from: IsoTime.nullable(),
  /** Null while it holds, and for what is of one moment: when the next of its kind, or its own end, ended it. */
  ended_at: IsoTime.nullable(),
  /** Whether it holds at the moment of asking. */
  current: z.boolean(),
  stated_at: IsoTime,
  stated_by: z.string(),
  fact: StatedFact,
});
export type FactView = z.infer<typeof FactView>;
