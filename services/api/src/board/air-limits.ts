import type { Profile, Rule } from "@unbroken/model";

/**
 * The rules that a sensor's present temperature alone can be held against: limits of the air that always apply and are
 * more than a warning. What a phase, a schedule, a window or a model has to say is said by the judgement, not by a tile.
 */
export function airLimitsOf(profile: Profile | null): readonly Rule[] {
  return (profile?.rules ?? []).filter(
    ({ quantity, mode, severity, phases, schedule }) =>
      quantity === "air" &&
      (mode === "instant" || mode === "consecutive" || mode === "cumulative") &&
      severity !== "warn" &&
      phases === null &&
      schedule === null,
  );
}
