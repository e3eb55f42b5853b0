import { formatIsoTime } from "@unbroken/units";
import { doubts, type Doubt } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { trackedQuantity } from "./folding.ts";
import type { IntervalAccount } from "./interval-account.ts";

/** Why a rule is broken or unproven. */
export interface Reason {
  readonly rule: string;
  readonly code: "out-of-range" | Doubt;
  readonly minutes?: number;
  /** The first and the last moment of it. */
  readonly from?: string;
  readonly to?: string;
}

/** Of the rules that are not intact, in the order of the profile. */
export function reasonsOf(
  account: IntervalAccount,
  findings: readonly Finding[],
): readonly Reason[] {
  return findings.flatMap((finding, i) => {
    switch (finding.verdict) {
      case "intact":
        return [];
      case "broken":
        return [brokenReason(finding, account)];
      case "unproven":
        return unprovenReasons(finding, account, i);
    }
  });
}

function brokenReason({ rule, provenMs, excursions }: Finding, { to }: IntervalAccount): Reason {
  const first = excursions[0];
  const last = excursions.at(-1);
  const reason = { rule: rule.id, code: "out-of-range", minutes: minutesOf(provenMs) } as const;
  if (first === undefined || last === undefined) return reason;
  return {
    ...reason,
    from: formatIsoTime(first.since),
    to: formatIsoTime(last.until ?? to),
  };
}

function unprovenReasons(
  { rule }: Finding,
  account: IntervalAccount,
  index: number,
): readonly Reason[] {
  const own = account.rules[index];
  const found: Reason[] = [];
  if (rule.mode === "window" && rule.scope !== null && account.to - account.from < rule.scope)
    found.push({ rule: rule.id, code: "window-too-short" });
  for (const code of doubts) {
    const doubt = own?.doubts.get(code);
    if (doubt === undefined) continue;
    found.push({
      rule: rule.id,
      code,
      minutes: minutesOf(doubt.ms),
      from: formatIsoTime(doubt.from),
      to: formatIsoTime(doubt.to),
    });
  }
  const isMeasured = account.measuredOften.has(trackedQuantity(rule));
  if (!isMeasured && !found.some(({ code }) => code === "nothing-measured"))
    found.push({ rule: rule.id, code: "nothing-measured" });
  return found;
}

function minutesOf(ms: number): number {
  return Math.round(ms / 60) / 1_000;
}

/** What a reader has to know of what the judgement rests on. */
export function notesOf({ profile, isAccuracyKnown }: IntervalAccount): readonly string[] {
  return [
    ...(isAccuracyKnown ? [] : ["accuracy-unknown"]),
    ...(profile.confidence === "template" ? ["template-profile"] : []),
  ];
}
