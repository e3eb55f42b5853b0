import { useState } from "react";
import type { VerdictAnswer } from "../data/verdict.ts";
import type { Range } from "../data/envelope.ts";
import { useNow } from "../data/clock.ts";
import { MINUTE, spanText } from "../format/span.ts";
import { momentText } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";

const SHOWN_FIRST = 6;

/** The stretches for which nobody can vouch, the latest first; each opens on the curve. */
export function GapList({
  gaps,
  zone,
  onShow,
}: {
  readonly gaps: VerdictAnswer["gaps"];
  readonly zone: string;
  readonly onShow: (range: Range) => void;
}) {
  const messages = useMessages();
  const [all, setAll] = useState(false);
  const { space: words } = messages;
  const latest = gaps.toReversed();
  const shown = all ? latest : latest.slice(0, SHOWN_FIRST);
  return (
    <section className="panel" aria-labelledby="gaps-title">
      <div className="panel-head">
        <h2 id="gaps-title">
          {words.gaps} <span className="count number">{gaps.length}</span>
        </h2>
      </div>
      {gaps.length === 0 ? <p className="quiet-text">{words.noGaps}</p> : null}
      <ul className="gaps">
        {shown.map((gap) => (
          <Gap key={gap.from} gap={gap} zone={zone} onShow={onShow} />
        ))}
      </ul>
      {shown.length < gaps.length ? (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {words.moreGaps(gaps.length - shown.length)}
        </button>
      ) : null}
    </section>
  );
}

function Gap({
  gap,
  zone,
  onShow,
}: {
  readonly gap: VerdictAnswer["gaps"][number];
  readonly zone: string;
  readonly onShow: (range: Range) => void;
}) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(60_000);
  const [from, to] = [Date.parse(gap.from), Date.parse(gap.to)];
  const moment = (at: number) => momentText(at, now, zone, language);
  // With as much of what was measured on both sides, a quarter of an hour at the least.
  const around = Math.max(15 * MINUTE, to - from);
  return (
    <li>
      <button
        type="button"
        className="gap"
        title={messages.space.showOnCurve}
        onClick={() => onShow({ from: from - around, to: Math.min(to + around, now) })}
      >
        <span className="gap-swatch" aria-hidden="true" />
        <span className="number">
          {moment(from)} – {momentText(to, from, zone, language)}
        </span>
        <b className="number">{spanText(to - from, messages.span)}</b>
        <span className="visually-hidden">{messages.space.showOnCurve}</span>
      </button>
    </li>
  );
}
