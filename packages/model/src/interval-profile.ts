import type { DurationMs } from "@unbroken/units";
import { z } from "zod";
import {
  ProfileDocument,
  RuleDocument,
  profileOf,
  ruleOf,
  type Profile,
  type Rule,
} from "./profile.ts";
import { IsoDuration, durationOf } from "./time.ts";

// Rules on an interval as a whole. A verdict on readings at hand judges them; live data is not judged by them yet, so
// they are no part of `ProfileDocument`.

const [instant, consecutive] = RuleDocument.options;

const CumulativeDocument = z.strictObject({
  ...consecutive.shape,
  mode: z.literal("cumulative"),
});

const WindowDocument = z.strictObject({
  ...instant.shape,
  mode: z.literal("window"),
  quantity: z.literal("mkt"),
  // Mean kinetic temperature measures heat: it has no lower limit.
  cmp: z.enum(["gt", "ge"]),
  scope: IsoDuration.refine(
    (t) => durationOf(t) >= 60_000 && durationOf(t) <= 366 * 86_400_000,
    "scope: PT1M to P366D",
  ),
});

const IntervalRuleDocument = z.discriminatedUnion("mode", [
  instant,
  consecutive,
  CumulativeDocument,
  WindowDocument,
]);

/** The modes that a verdict on an interval knows. */
export const intervalModes: readonly string[] = IntervalRuleDocument.options.map(
  ({ shape }) => shape.mode.value,
);

/** A profile for a verdict on an interval: as for live data, and with rules on the interval as a whole. */
export const IntervalProfileDocument = z
  .strictObject({
    ...ProfileDocument.shape,
    rules: z.array(IntervalRuleDocument).min(1).max(32),
  })
  .refine((p) => new Set(p.rules.map((r) => r.id)).size === p.rules.length, {
    message: "rules: each id once",
    path: ["rules"],
  });
export type IntervalProfileDocument = z.infer<typeof IntervalProfileDocument>;

/** Out of range for `hold` in all, with whatever in between, is an excursion. */
export type CumulativeRule = Omit<Rule, "mode"> & { readonly mode: "cumulative" };

/** The mean kinetic temperature of any stretch of `scope` may not be out of range. */
export type WindowRule = Omit<Rule, "mode"> & {
  readonly mode: "window";
  readonly scope: DurationMs;
};

export type IntervalRule = Rule | CumulativeRule | WindowRule;
export type IntervalProfile = Omit<Profile, "rules"> & { readonly rules: readonly IntervalRule[] };

export function intervalProfileOf(
  document: IntervalProfileDocument,
  hash: string,
): IntervalProfile {
  const { rules, ...rest } = document;
  return { ...profileOf({ ...rest, rules: [] }, hash), rules: rules.map(intervalRuleOf) };
}

function intervalRuleOf(rule: IntervalProfileDocument["rules"][number]): IntervalRule {
  switch (rule.mode) {
    case "instant":
    case "consecutive":
      return ruleOf(rule);
    case "cumulative":
      return { ...ruleOf({ ...rule, mode: "consecutive" }), mode: "cumulative" };
    case "window": {
      const { scope, ...rest } = rule;
      const limit = ruleOf({ ...rest, quantity: "air", mode: "instant" });
      return { ...limit, mode: "window", scope: durationOf(scope) };
    }
  }
}
