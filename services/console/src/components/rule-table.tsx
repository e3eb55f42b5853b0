import type { LimitView, SpaceNow } from "@unbroken/model";
import { modeInWords, outInWords } from "../board/rule-words.ts";
import { reasonText } from "../board/verdict-words.ts";
import type { VerdictAnswer } from "../data/verdict.ts";
import { MINUTE, minutesText } from "../format/span.ts";
import { useMessages } from "../i18n/language.ts";
import { VerdictMark } from "./verdict-mark.tsx";

type RuleVerdict = VerdictAnswer["rules"][number];

/** Every rule in words with its clause, and its proven and possible minutes held against what it allows. */
export function RuleTable({
  space,
  verdict,
}: {
  readonly space: SpaceNow;
  readonly verdict: VerdictAnswer | null;
}) {
  const { verdict: words } = useMessages();
  const limits = space.profile?.limits ?? [];
  if (limits.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="rules-title">
      <div className="panel-head">
        <h2 id="rules-title">
          {words.rules} <span className="count number">{limits.length}</span>
        </h2>
        <RuleLegend />
      </div>
      <ul className="rules">
        {limits.map((limit) => (
          <RuleRow
            key={limit.rule}
            limit={limit}
            found={verdict?.rules.find(({ id }) => id === limit.rule) ?? null}
            reasons={verdict?.reasons.filter(({ rule }) => rule === limit.rule) ?? []}
            edition={space.profile?.edition ?? null}
          />
        ))}
      </ul>
    </section>
  );
}

interface RuleRowProps {
  readonly limit: LimitView;
  readonly found: RuleVerdict | null;
  readonly reasons: VerdictAnswer["reasons"];
  readonly edition: string | null;
}

function RuleRow({ limit, found, reasons, edition }: RuleRowProps) {
  const messages = useMessages();
  const { verdict: words } = messages;
  const doubts = reasons.filter(({ code }) => code !== "out-of-range");
  const clause = [limit.clause, edition].filter((part) => part !== null).join(" · ");
  return (
    <li className={`rule ${found?.verdict ?? "unjudged"} ${limit.severity}`}>
      <span className="rule-verdict">
        {found === null ? null : <VerdictMark verdict={found.verdict} size={18} />}
        {found === null ? words.notJudged : words.word[found.verdict]}
      </span>
      <span className="rule-words">
        <b>{outInWords(limit, messages)}</b>
        <span className="rule-mode">{modeInWords(limit, messages)}</span>
        {clause === "" ? null : <span className="clause">{clause}</span>}
        {limit.severity === "break" ? null : (
          <span className="tag">{words.severity[limit.severity]}</span>
        )}
      </span>
      {found === null ? null : <Spent found={found} limit={limit} />}
      {doubts.length === 0 ? null : (
        <span className="rule-reasons">
          {doubts.map((reason) => reasonText(reason, messages)).join(messages.ruleWords.listing)}
        </span>
      )}
    </li>
  );
}

/** Proven filled, possible hatched behind it, and a tick at what the rule allows. */
function Spent({ found, limit }: { readonly found: RuleVerdict; readonly limit: LimitView }) {
  const messages = useMessages();
  const { verdict: words } = messages;
  const hold = limit.hold_ms / MINUTE;
  const { proven, possible, tick } = shares(found, hold);
  const span = (minutes: number) => minutesText(minutes, messages.span);
  const percent = (share: number) => `${share * 100}%`;
  return (
    <span className="spent">
      <span
        className={`spent-bar ${limit.side}`}
        role="img"
        aria-label={words.barOf(span(found.proven), span(found.possible), span(hold))}
      >
        <span className="spent-possible" style={{ width: percent(possible) }} />
        <span className="spent-proven" style={{ width: percent(proven) }} />
        {tick === null ? null : <span className="spent-hold" style={{ left: percent(tick) }} />}
      </span>
      <span className="spent-figures number" aria-hidden="true">
        <span>{words.provenOf(span(found.proven))}</span>
        <span>{words.possibleOf(span(found.possible))}</span>
        {hold === 0 ? null : <span>{words.holdOf(span(hold))}</span>}
      </span>
    </span>
  );
}

/** What the bar shows, in shares of its width. The allowance stands at two thirds unless more was spent than that. */
export function shares(
  { proven, possible }: Pick<RuleVerdict, "proven" | "possible">,
  hold: number,
): { readonly proven: number; readonly possible: number; readonly tick: number | null } {
  const whole = Math.max(hold * 1.5, possible, 1);
  return {
    proven: proven / whole,
    possible: possible / whole,
    tick: hold === 0 ? null : hold / whole,
  };
}

function RuleLegend() {
  const { verdict: words } = useMessages();
  return (
    <span className="rule-legend" aria-hidden="true">
      <span className="spent-bar high legend-swatch">
        <span className="spent-possible" style={{ width: "100%" }} />
        <span className="spent-proven" style={{ width: "45%" }} />
        <span className="spent-hold" style={{ left: "75%" }} />
      </span>
      {words.barColumn}
    </span>
  );
}
