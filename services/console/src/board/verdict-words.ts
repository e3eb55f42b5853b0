import type { LimitView } from "@unbroken/model";
import type { VerdictAnswer } from "../data/verdict.ts";
import { formatNumber } from "../format/number.ts";
import { MINUTE, spanText } from "../format/span.ts";
import type { Messages } from "../i18n/zh.ts";
import { outInWords } from "./rule-words.ts";

type Reason = VerdictAnswer["reasons"][number];
type RuleVerdict = VerdictAnswer["rules"][number];

/** Of the rules that decide the worst: what a person is told first. Null where none decides. */
export function decidingRule(
  { verdict, rules }: Pick<VerdictAnswer, "verdict" | "rules">,
  limits: readonly LimitView[],
): { readonly found: RuleVerdict; readonly limit: LimitView } | null {
  const deciding = rules.flatMap((found) => {
    const limit = limits.find(({ rule }) => rule === found.id);
    return limit?.severity === "break" && found.verdict === verdict ? [{ found, limit }] : [];
  });
  const doubt = ({ found }: { readonly found: RuleVerdict }) =>
    verdict === "broken" ? found.proven : found.possible - found.proven;
  return deciding.toSorted((a, b) => doubt(b) - doubt(a))[0] ?? null;
}

/** The verdict in one sentence that a person understands. */
export function verdictSentence(
  answer: Pick<VerdictAnswer, "verdict" | "rules" | "reasons" | "coverage" | "exposure">,
  limits: readonly LimitView[],
  messages: Messages,
): string {
  const { verdict: words } = messages;
  const decides = decidingRule(answer, limits);
  if (answer.verdict === "intact") return intactSentence(answer, messages);
  if (decides === null) return words.noRule;
  const what = outInWords(decides.limit, messages);
  if (answer.verdict === "broken") return brokenSentence(what, decides, messages);
  return words.unproven(what, whyUnproven(answer.reasons, decides.found.id, messages));
}

function intactSentence(
  { coverage, exposure }: Pick<VerdictAnswer, "coverage" | "exposure">,
  messages: Messages,
): string {
  if (exposure.unproven === 0) return messages.verdict.intactWhole;
  const span = spanText(exposure.unproven * MINUTE, messages.span);
  return messages.verdict.intactPart(shareText(coverage), span);
}

function brokenSentence(
  what: string,
  { found, limit }: { readonly found: RuleVerdict; readonly limit: LimitView },
  messages: Messages,
): string {
  const { verdict: words } = messages;
  if (found.proven === 0) return words.brokenAt(what);
  const proven = spanText(found.proven * MINUTE, messages.span);
  if (limit.hold_ms === 0) return words.broken(what, proven);
  const allowed = words.allowed(spanText(limit.hold_ms, messages.span));
  return words.broken(`${what}${messages.ruleWords.listing}${allowed}`, proven);
}

/** The largest of the doubts about a rule. */
function whyUnproven(reasons: readonly Reason[], rule: string, messages: Messages): string {
  const own = reasons.filter((reason) => reason.rule === rule);
  const largest = own.toSorted((a, b) => (b.minutes ?? 0) - (a.minutes ?? 0))[0];
  return largest === undefined ? messages.verdict.nothingMeasured : reasonText(largest, messages);
}

/** `42 min without readings could have been out`. */
export function reasonText({ code, minutes }: Reason, messages: Messages): string {
  const { verdict: words } = messages;
  if (minutes === undefined)
    return code === "window-too-short" ? words.windowTooShort : words.nothingMeasured;
  return words.reason[code](spanText(minutes * MINUTE, messages.span));
}

/** A share of time that is never rounded up to all of it: `99.9`, `100`. */
export function shareText(share: number): string {
  const percent = Math.floor(share * 1_000) / 10;
  return formatNumber(percent, percent === 100 ? 0 : 1);
}
