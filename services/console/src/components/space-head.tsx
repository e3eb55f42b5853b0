import type { SpaceNow } from "@unbroken/model";
import { allowanceOf, freshnessOf, sideOf } from "../board/outlook.ts";
import { bandText, conditionWord, isSilent, placeOf, statementOf } from "../board/statement.ts";
import { useNow } from "../data/clock.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { Age } from "./age.tsx";
import { ConditionMark } from "./condition-mark.tsx";
import { Icon } from "./icons.tsx";
import { Link } from "./link.tsx";
import { Temperature } from "./temperature.tsx";
import { Trend } from "./trend.tsx";

/** Which space, how it is now, and what to do about it. */
export function SpaceHead({ space }: { readonly space: SpaceNow }) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(1_000);
  const side = sideOf(space);
  const statement = statementOf(space, { now, messages, language });
  // A space whose worst probe is silent says so, and since when, in its statement.
  const saysAge =
    space.condition === "unproven" && space.worst?.fault === null && isSilent(space, now);
  const stale = freshnessOf(space, now)?.stale === true;
  return (
    <div className={`space-head ${space.condition} ${side}${stale ? " stale" : ""}`}>
      <div className="space-title">
        <Link className="back" href="/">
          <Icon name="back" />
          {messages.nav.board}
        </Link>
        <h1>{space.name}</h1>
        <p className="space-place">
          {placeOf(space)} · <code>{`${space.organisation}/${space.space}`}</code>
        </p>
      </div>
      <div className="space-now">
        <span className="space-value">
          <Temperature value={space.worst?.value_c ?? null} />
        </span>
        <span className="space-facts">
          <span>
            <Trend rate={space.trend_c_per_h} />
          </span>
          <span className="number">{bandText(space, messages)}</span>
          {saysAge ? null : <Age space={space} now={now} form="whole" />}
        </span>
      </div>
      <div className="space-verdict" role="group">
        <span className="space-word">
          <ConditionMark condition={space.condition} side={side} size={20} />
          {conditionWord(space, messages)}
        </span>
        {statement === null ? null : <span className="space-statement">{statement}</span>}
        {space.condition === "out" ? <Allowance space={space} now={now} /> : null}
        {space.condition === "in-range" ? null : (
          <p className="advice">{messages.space.advice[space.condition]}</p>
        )}
      </div>
    </div>
  );
}

function Allowance({ space, now }: { readonly space: SpaceNow; readonly now: number }) {
  const allowance = allowanceOf(space, now);
  if (allowance === null || allowance.holdMs === 0) return null;
  const share = Math.min(1, allowance.spentMs / allowance.holdMs);
  return (
    <span className="allowance" aria-hidden="true">
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}
