import type { z } from "zod";
import type { ProductDocument } from "./product.ts";
import { ruleQuantities, type RuleDocument } from "./rule.ts";
import { durationOf, momentOf } from "./time.ts";

/** What a schema of single fields cannot see: fields that contradict each other. */
interface Checked {
  readonly effective_from?: string | undefined;
  readonly effective_until?: string | undefined;
  readonly product?: z.infer<typeof ProductDocument> | undefined;
  readonly rules: readonly RuleDocument[];
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function checkProfile(profile: Checked): readonly Problem[] {
  return [
    ...validityProblems(profile),
    ...idProblems(profile.rules),
    ...spoilageProblems(profile.product),
    ...profile.rules.flatMap((rule, i) => [
      ...limitProblems(rule, i),
      ...warnProblems(rule, i),
      ...allowanceProblems(rule, i, profile.rules),
      ...productProblems(rule, i, profile.product),
    ]),
    ...contradictions(profile.rules),
  ];
}

function validityProblems({ effective_from, effective_until }: Checked): readonly Problem[] {
  if (effective_from === undefined || effective_until === undefined) return [];
  if (momentOf(effective_from) < momentOf(effective_until)) return [];
  return [{ path: ["effective_until"], message: "effective_until: after effective_from" }];
}

function idProblems(rules: readonly RuleDocument[]): readonly Problem[] {
  const ids = rules.flatMap(({ id, warn }) => (warn === undefined ? [id] : [id, `${id}.warn`]));
  if (new Set(ids).size === ids.length) return [];
  return [
    { path: ["rules"], message: "rules: each id once (a warning's is the rule's and .warn)" },
  ];
}

function limitProblems(rule: RuleDocument, i: number): readonly Problem[] {
  const path = ["rules", i, "limit"];
  const { unit, span } = ruleQuantities[rule.quantity];
  const [low, high] = span;
  const problems: Problem[] = [];
  if (rule.unit !== undefined && rule.unit !== unit)
    problems.push({
      path: ["rules", i, "unit"],
      message: `unit: the limit of ${rule.quantity} is in ${unit}, not in ${rule.unit}`,
    });
  if (rule.mode === "rise") {
    const upward = rule.cmp === "gt" || rule.cmp === "ge";
    if (upward !== rule.limit > 0 || rule.limit === 0)
      problems.push({
        path,
        message: "limit: more than 0 K with gt and ge, less than 0 K with lt and le",
      });
  } else if (rule.limit < low || rule.limit > high) {
    const kelvin = unit === "Cel" && rule.limit > high ? "; kelvins are not understood" : "";
    problems.push({ path, message: `limit: ${low} to ${high} ${unit}${kelvin}` });
  }
  if (rule.mode === "window" && rule.quantity === "mkt" && (rule.cmp === "lt" || rule.cmp === "le"))
    problems.push({
      path: ["rules", i, "cmp"],
      message: "cmp: gt or ge; a mean kinetic temperature measures heat and has no lower limit",
    });
  return problems;
}

/** A warning that comes after the break would be none. */
function warnProblems(rule: RuleDocument, i: number): readonly Problem[] {
  const { warn } = rule;
  if (warn === undefined) return [];
  const problems: Problem[] = [];
  const upward = rule.cmp === "gt" || rule.cmp === "ge";
  if (warn.limit !== undefined && (upward ? warn.limit > rule.limit : warn.limit < rule.limit))
    problems.push({
      path: ["rules", i, "warn", "limit"],
      message: "warn.limit: on the inner side of the rule's limit",
    });
  const timed =
    rule.mode === "consecutive" || rule.mode === "cumulative" || rule.mode === "exposure";
  if (warn.hold !== undefined && !timed)
    problems.push({
      path: ["rules", i, "warn", "hold"],
      message: `warn.hold: a rule of mode ${rule.mode} has no hold; state warn.limit`,
    });
  else if (warn.hold !== undefined && timed && durationOf(warn.hold) > durationOf(rule.hold))
    problems.push({
      path: ["rules", i, "warn", "hold"],
      message: "warn.hold: not longer than the rule's hold",
    });
  return problems;
}

/** What the air is allowed, the product is not: an allowance ends where the product's own exposure does. */
function allowanceProblems(
  rule: RuleDocument,
  i: number,
  rules: readonly RuleDocument[],
): readonly Problem[] {
  const { allowances = [] } = rule;
  if (allowances.length === 0) return [];
  if (
    rule.quantity !== "air" ||
    rule.mode === "exposure" ||
    rule.mode === "rise" ||
    rule.mode === "window"
  )
    return [
      {
        path: ["rules", i, "allowances"],
        message: "allowances: for air in the modes instant, consecutive and cumulative only",
      },
    ];
  const exposure = Math.min(
    ...rules.flatMap((other) => (other.mode === "exposure" ? [durationOf(other.hold)] : [])),
  );
  return allowances.flatMap((allowance, k) =>
    durationOf(allowance.for) <= exposure
      ? []
      : [
          {
            path: ["rules", i, "allowances", k, "for"],
            message: "for: not longer than the hold of the profile's exposure rule",
          },
        ],
  );
}

function spoilageProblems(product: Checked["product"]): readonly Problem[] {
  const spoilage = product?.spoilage;
  if (spoilage === undefined || spoilage.model === "vvm") return [];
  const path = ["product", "spoilage", "reference_c"];
  if (spoilage.model === "square-root" && spoilage.reference_c <= spoilage.minimum_c)
    return [{ path, message: "reference_c: above minimum_c, where the model's rate is 0" }];
  if (spoilage.reference_c <= -273.15)
    return [{ path, message: "reference_c: above absolute zero" }];
  return [];
}

function productProblems(
  rule: RuleDocument,
  i: number,
  product: Checked["product"],
): readonly Problem[] {
  const path = ["rules", i, "quantity"];
  if (rule.quantity === "product" && product?.lag === undefined)
    return [
      { path, message: "quantity: product needs product.lag, how far the core is behind the air" },
    ];
  if (rule.quantity === "budget" && product?.spoilage === undefined)
    return [{ path, message: "quantity: budget needs product.spoilage, how fast it ages" }];
  return [];
}

/** Two rules that no value can keep at once would call everything broken. */
function contradictions(rules: readonly RuleDocument[]): readonly Problem[] {
  const problems: Problem[] = [];
  rules.forEach((rule, i) => {
    if (!isUpper(rule) || !isPlain(rule)) return;
    const against = rules.find(
      (other) =>
        isPlain(other) &&
        !isUpper(other) &&
        other.quantity === rule.quantity &&
        leavesNothing(rule, other),
    );
    if (against !== undefined)
      problems.push({
        path: ["rules", i, "limit"],
        message: `limit: no value is kept by both "${rule.id}" and "${against.id}"`,
      });
  });
  return problems;
}

function isUpper({ cmp }: RuleDocument): boolean {
  return cmp === "gt" || cmp === "ge";
}

/** Applies always and decides: rules for phases or hours may differ as they like. */
function isPlain(rule: RuleDocument): boolean {
  return (
    rule.severity === "break" &&
    rule.mode !== "rise" &&
    rule.mode !== "window" &&
    rule.mode !== "exposure" &&
    rule.phases === undefined &&
    rule.schedule === undefined
  );
}

/** A value on the limit is kept by gt and lt, not by ge and le. */
function leavesNothing(upper: RuleDocument, lower: RuleDocument): boolean {
  if (upper.limit !== lower.limit) return upper.limit < lower.limit;
  return upper.cmp === "ge" || lower.cmp === "le";
}
