import { conditions, type Condition, type Counts } from "../board/urgency.ts";
import { useMessages } from "../i18n/language.ts";
import type { Messages } from "../i18n/zh.ts";
import { ConditionMark } from "./condition-mark.tsx";
import { Icon } from "./icons.tsx";

interface BoardHeadProps {
  readonly counts: Counts;
  readonly total: number;
  readonly shown: number;
  readonly condition: Condition | null;
  readonly onCondition: (condition: Condition | null) => void;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

/** The one sentence that answers "is anything warming?", then the counts as filters. */
export function BoardHead(props: BoardHeadProps) {
  const messages = useMessages();
  const { counts, total, shown, condition, filter } = props;
  const toggle = (one: Condition) => props.onCondition(condition === one ? null : one);
  return (
    <div className="board-head">
      <h1 className={`headline ${worstOf(counts)}`}>
        <ConditionMark condition={worstOf(counts)} size={24} />
        <span>{headlineOf(counts, total, messages)}</span>
      </h1>
      <div className="chips" role="group" aria-label={messages.board.legend}>
        <button
          type="button"
          className="chip"
          aria-pressed={condition === null}
          onClick={() => props.onCondition(null)}
        >
          {messages.board.all} <b className="number">{total}</b>
        </button>
        {conditions.map((one) => (
          <button
            key={one}
            type="button"
            className={`chip ${one}`}
            aria-pressed={condition === one}
            disabled={counts[one] === 0 && condition !== one}
            onClick={() => toggle(one)}
          >
            <ConditionMark condition={one} size={14} />
            {messages.condition[one]} <b className="number">{counts[one]}</b>
          </button>
        ))}
      </div>
      <label className="filter">
        <Icon name="search" />
        <span className="visually-hidden">{messages.board.filter}</span>
        <input
          id="filter"
          className="field"
          type="search"
          placeholder={messages.board.filter}
          value={filter}
          onChange={(event) => props.onFilter(event.target.value)}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <p className="visually-hidden" role="status">
        {shown === total ? "" : messages.board.shown(shown, total)}
      </p>
    </div>
  );
}

export function worstOf(counts: Counts): Condition {
  return conditions.find((one) => one !== "out-of-service" && counts[one] > 0) ?? "in-range";
}

export function headlineOf(counts: Counts, total: number, messages: Messages): string {
  const { headline } = messages;
  const parts = (["broken", "out", "warming", "unproven"] as const)
    .filter((one) => counts[one] > 0)
    .map((one) => headline[one](counts[one]));
  const { "out-of-service": off } = counts;
  if (parts.length === 0)
    return off === 0
      ? headline.calm(total)
      : `${headline.calm(total - off)}${headline.and}${headline.service(off)}`;
  return parts.slice(0, 2).join(headline.and);
}
