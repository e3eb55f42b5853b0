import type { LimitView } from "@unbroken/model";
import { formatLimit, unitText } from "../format/number.ts";
import { spanText } from "../format/span.ts";
import type { Messages } from "../i18n/zh.ts";

/** What is out of range under a rule: `空气温度高于 8 °C`, `Door open`, `Air up by more than 3 K`. */
export function outInWords(limit: LimitView, messages: Messages): string {
  const { ruleWords: words } = messages;
  const { quantity, comparison, side, mode } = limit;
  if (quantity === "door" || quantity === "power" || quantity === "link")
    return words[quantity][side];
  const what = words.quantity[quantity];
  const value = `${formatLimit(limit.limit)} ${unitText(limit.unit)}`;
  if (mode === "rise") {
    const by = `${formatLimit(Math.abs(limit.limit))} ${unitText(limit.unit)}`;
    return side === "high" ? words.rises(what, by) : words.falls(what, by);
  }
  const isMean = mode === "window" && quantity !== "mkt";
  return words.than[comparison](isMean ? words.mean(what) : what, value);
}

/** For how long, when and with which exceptions it counts. */
export function modeInWords(limit: LimitView, messages: Messages): string {
  const { ruleWords: words, phase } = messages;
  const span = (ms: number) => spanText(ms, messages.span);
  const parts = [
    countedInWords(limit, messages),
    ...(limit.phases === null
      ? []
      : [words.phases(limit.phases.map((one) => phase[one]).join(words.listing))]),
    ...limit.allowances.map((one) =>
      words.allowance(phase[one.phase], `${formatLimit(one.by)} K`, span(one.for_ms)),
    ),
    ...(limit.scheduled ? [words.scheduled] : []),
  ];
  return parts.join(words.listing);
}

function countedInWords({ mode, hold_ms, scope_ms }: LimitView, messages: Messages): string {
  const { ruleWords: words } = messages;
  const hold = spanText(hold_ms, messages.span);
  switch (mode) {
    case "instant":
      return hold_ms === 0 ? words.atOnce : words.after(hold);
    case "consecutive":
      return words.inARow(hold);
    case "cumulative":
      return words.inAll(hold);
    case "exposure":
      return words.oneHandling(hold);
    case "window":
      return scope_ms === null ? words.whole : words.over(spanText(scope_ms, messages.span));
    case "rise":
      return scope_ms === null ? words.whole : words.within(spanText(scope_ms, messages.span));
  }
}
