import type { SpaceNow } from "@unbroken/model";
import { shareText, verdictSentence } from "../board/verdict-words.ts";
import type { Resource } from "../data/resource.ts";
import type { VerdictAnswer } from "../data/verdict.ts";
import { formatCelsius } from "../format/number.ts";
import { DAY, minutesText } from "../format/span.ts";
import { useMessages } from "../i18n/language.ts";
import { Failure } from "./failure.tsx";
import { VerdictMark } from "./verdict-mark.tsx";

export const verdictSpans = {
  "24h": DAY,
  "7d": 7 * DAY,
  "30d": 30 * DAY,
  "90d": 90 * DAY,
} as const;
export type VerdictSpan = keyof typeof verdictSpans;

interface VerdictPanelProps {
  readonly space: SpaceNow;
  readonly verdict: Resource<VerdictAnswer>;
  readonly span: VerdictSpan;
  readonly onSpan: (span: VerdictSpan) => void;
}

/** Whether the chain held in a stretch of time, in a word, a sentence and the figures behind it. */
export function VerdictPanel({ space, verdict, span, onSpan }: VerdictPanelProps) {
  const { verdict: words } = useMessages();
  const { value, failure, slow, loading } = verdict;
  return (
    <section className="panel verdict-panel" aria-labelledby="verdict-title" aria-busy={loading}>
      <div className="panel-head">
        <h2 id="verdict-title">{words.title}</h2>
        <div className="ranges" role="group" aria-label={words.range}>
          {(Object.keys(verdictSpans) as VerdictSpan[]).map((name) => (
            <button
              key={name}
              type="button"
              className="button"
              aria-pressed={name === span}
              onClick={() => onSpan(name)}
            >
              {words.ranges[name]}
            </button>
          ))}
        </div>
      </div>
      {space.profile === null ? (
        <p className="quiet-text">{words.noRule}</p>
      ) : failure !== null ? (
        <Failure code={failure} onRetry={verdict.reload} />
      ) : value === null ? (
        <div className={`verdict-body${slow ? " skeleton" : ""}`} />
      ) : (
        <div className={`verdict-body${loading ? " loading" : ""}`}>
          <Answer answer={value} space={space} />
          <Figures answer={value} />
          <Notes answer={value} />
        </div>
      )}
    </section>
  );
}

function Answer({ answer, space }: { readonly answer: VerdictAnswer; readonly space: SpaceNow }) {
  const messages = useMessages();
  return (
    <p className={`verdict-answer ${answer.verdict}`}>
      <span className="verdict-word">
        <VerdictMark verdict={answer.verdict} size={28} />
        {messages.verdict.word[answer.verdict]}
      </span>
      <span className="verdict-sentence">
        {verdictSentence(answer, space.profile?.limits ?? [], messages)}
      </span>
    </p>
  );
}

function Figures({ answer }: { readonly answer: VerdictAnswer }) {
  const messages = useMessages();
  const { verdict: words } = messages;
  const { exposure, coverage, mkt_c, min_c, mean_c, max_c } = answer;
  const span = (minutes: number) => minutesText(minutes, messages.span);
  const celsius = (value: number | null) => (value === null ? "–" : formatCelsius(value));
  const figures: readonly (readonly [name: string, value: string, unit: string])[] = [
    [words.coverage, shareText(coverage), "%"],
    [words.proven, span(exposure.proven), ""],
    [words.possible, span(exposure.possible), ""],
    [words.extremes, [min_c, mean_c, max_c].map(celsius).join(" · "), "°C"],
    [words.mkt, celsius(mkt_c), "°C"],
  ];
  return (
    <dl className="figures">
      {figures.map(([name, value, unit]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">
            {value}
            {unit === "" ? null : <span className="unit">{unit}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Notes({ answer }: { readonly answer: VerdictAnswer }) {
  const { verdict: words } = useMessages();
  const known = answer.notes.filter(
    (note) => note in words.notes,
  ) as readonly (keyof typeof words.notes)[];
  return (
    <p className="verdict-notes">
      {known.map((note) => (
        <span key={note}>{words.notes[note]}</span>
      ))}
      <span className="verdict-engine">
        {words.engine(answer.engine, answer.profile_hash.slice(0, 8))}
      </span>
    </p>
  );
}
