import { useState } from "react";
import type { ExcursionEntry, ExcursionView, SpaceNow } from "@unbroken/model";
import { useNow } from "../data/clock.ts";
import { fetchRevisions } from "../data/excursions.ts";
import { useResource, type Resource } from "../data/resource.ts";
import { formatCelsius, formatLimit, unitText } from "../format/number.ts";
import { spanText } from "../format/span.ts";
import { momentText } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { Failure } from "./failure.tsx";
import { Icon } from "./icons.tsx";

/** Every excursion of the range, with how its judgement came about: an amendment never hides what was said before. */
export function ExcursionList({
  space,
  excursions,
}: {
  readonly space: SpaceNow;
  readonly excursions: Resource<readonly ExcursionEntry[]>;
}) {
  const messages = useMessages();
  const items: readonly Listed[] = excursions.value ?? space.open;
  return (
    <section className="panel" aria-labelledby="excursions-title">
      <div className="panel-head">
        <h2 id="excursions-title">
          {messages.space.excursions} <span className="count number">{items.length}</span>
        </h2>
      </div>
      {excursions.failure === null ? null : (
        <Failure code={excursions.failure} onRetry={excursions.reload} />
      )}
      {items.length === 0 ? <p className="quiet-text">{messages.space.noExcursions}</p> : null}
      <ol className="excursions">
        {items.map((excursion) => (
          <Excursion key={excursion.id} excursion={excursion} zone={space.zone} />
        ))}
      </ol>
    </section>
  );
}

/** As the feed has it at once, and with its lineage as soon as that is fetched. */
type Listed = ExcursionView & Partial<Pick<ExcursionEntry, "replaces" | "replaced_by">>;

function Excursion({ excursion, zone }: { readonly excursion: Listed; readonly zone: string }) {
  const messages = useMessages();
  const [shown, setShown] = useState(false);
  const state = excursion.retracted ? "retracted" : excursion.until === null ? "open" : "over";
  const { space: words } = messages;
  return (
    <li className={`excursion ${state} ${excursion.side}`}>
      <span className="excursion-side">
        {messages.side[excursion.side]}
        {state === "open" ? <b> · {words.lasting}</b> : null}
        {excursion.retracted ? <b> · {words.retracted}</b> : null}
        {excursion.severity === "warn" ? ` · ${words.warnOnly}` : null}
      </span>
      <Times excursion={excursion} zone={zone} />
      <span className="excursion-peak number">
        {excursion.peak_c === null ? formatLimit(excursion.peak) : formatCelsius(excursion.peak_c)}
        <span className="unit">{unitText(excursion.unit)}</span>
      </span>
      <span className="excursion-rule">
        {words.rule} {excursion.rule} · {formatLimit(excursion.limit)} {unitText(excursion.unit)} ·{" "}
        {excursion.hold_ms === 0
          ? words.instant
          : words.hold(spanText(excursion.hold_ms, messages.span))}
      </span>
      <Lineage excursion={excursion} zone={zone} />
      <button
        type="button"
        className="link-button"
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
      >
        {words.revision(excursion.revision)} <Icon name="more" size={12} />
      </button>
      {shown ? <Revisions excursion={excursion} zone={zone} /> : null}
    </li>
  );
}

/** What late data made of it: whose place it took, and what stands in its place. */
function Lineage({ excursion, zone }: { readonly excursion: Listed; readonly zone: string }) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(60_000);
  const { replaces = [], replaced_by = [] } = excursion;
  const named = (ids: readonly string[]) =>
    ids.map((id) => momentText(sinceOfId(id), now, zone, language)).join(" · ");
  const lines = [
    ...(replaces.length === 0 ? [] : [`${messages.space.replaces} ${named(replaces)}`]),
    ...(replaced_by.length === 0 ? [] : [`${messages.space.replacedBy} ${named(replaced_by)}`]),
  ];
  return lines.length === 0 ? null : (
    <span className="excursion-lineage number">{lines.join(" · ")}</span>
  );
}

/** `space|rule|side|since` */
function sinceOfId(id: string): number {
  return Number(id.slice(id.lastIndexOf("|") + 1));
}

function Times({ excursion, zone }: { readonly excursion: ExcursionView; readonly zone: string }) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(60_000);
  const moment = (text: string) => momentText(Date.parse(text), now, zone, language);
  const until = excursion.until === null ? "…" : moment(excursion.until);
  return (
    <span className="excursion-times number">
      {moment(excursion.since)} – {until}
      <span className="excursion-length">
        {spanText(excursion.minutes * 60_000, messages.span)}
        {excursion.ended === "unproven" ? ` · ${messages.space.endedUnproven}` : ""}
      </span>
    </span>
  );
}

function Revisions({
  excursion,
  zone,
}: {
  readonly excursion: ExcursionView;
  readonly zone: string;
}) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(60_000);
  const revisions = useResource(`${excursion.id}@${excursion.revision}`, (signal) =>
    fetchRevisions(excursion, signal),
  );
  if (revisions.failure !== null)
    return <Failure code={revisions.failure} onRetry={revisions.reload} />;
  return (
    <ol className="revisions" aria-label={messages.space.revisions}>
      {(revisions.value ?? []).map((revision) => (
        <li key={`${revision.excursion.revision} ${revision.change}`}>
          <b className="number">{messages.space.revision(revision.excursion.revision)}</b>{" "}
          {messages.space.change[revision.change]}
          <time className="number">
            {momentText(Date.parse(revision.judged_at), now, zone, language)}
          </time>
          {revision.changed.length === 0 ? null : (
            <span className="quiet-text">
              {messages.space.changed(revision.changed.join(", "))}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
