import { ruleQuantities, type RuleDocument } from "./rule.ts";

const signs = { gt: ">", ge: "≥", lt: "<", le: "≤" } as const;

/** One line that a quality officer can compare with the text: `high: air > 8 °C, PT10H consecutive`. */
export function ruleInWords(rule: RuleDocument): string {
  const parts = [
    `${rule.id}: ${rule.quantity} ${signs[rule.cmp]} ${shown(rule.limit)} ${unitOf(rule)}`,
    modeInWords(rule),
    ...("phases" in rule && rule.phases !== undefined ? [`in ${rule.phases.join(", ")}`] : []),
    ...(rule.hysteresis > 0 ? [`hysteresis ${rule.hysteresis}`] : []),
    ...(rule.allowances ?? []).map(
      ({ phase, by, for: length, every }) =>
        `${phase} +${by} K for ${length}${every === undefined ? "" : ` once in ${every}`}`,
    ),
    ...(rule.severity === "break" ? [] : [rule.severity]),
    ...(rule.warn === undefined ? [] : [warningInWords(rule.warn)]),
  ];
  return parts.join(", ");
}

function modeInWords(rule: RuleDocument): string {
  switch (rule.mode) {
    case "instant":
      return rule.debounce === "PT0S" ? "instant" : `instant after ${rule.debounce}`;
    case "consecutive":
    case "cumulative":
      return `${rule.hold} ${rule.mode}`;
    case "exposure":
      return `${rule.hold} of one handling`;
    case "window":
      return `over ${rule.scope}`;
    case "rise":
      return rule.scope === "shipment" ? "rise" : `rise within ${rule.scope}`;
  }
}

function warningInWords({ limit, hold }: NonNullable<RuleDocument["warn"]>): string {
  const what = [limit === undefined ? null : shown(limit), hold ?? null];
  return `warns at ${what.filter((part) => part !== null).join(" for ")}`;
}

function unitOf(rule: RuleDocument): string {
  if (rule.mode === "rise") return "K";
  const { unit } = ruleQuantities[rule.quantity];
  return { Cel: "°C", "%RH": "%RH", "%": "% of life", "/": "" }[unit];
}

function shown(value: number): string {
  return String(value).replace("-", "−");
}
