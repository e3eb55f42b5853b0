import { useEffect, useState } from "react";
import type { QuarantineView } from "@unbroken/model";
import { CopyCommand } from "../components/copy-command.tsx";
import { Failure } from "../components/failure.tsx";
import { Icon } from "../components/icons.tsx";
import { useBoard } from "../data/board-store.ts";
import { fetchQuarantine, payloadText } from "../data/quarantine.ts";
import { useNow } from "../data/clock.ts";
import { useResource } from "../data/resource.ts";
import { shortSpanText } from "../format/span.ts";
import { momentText, viewerZone } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";

/** What could not be understood, newest first: when, why, from whom, and the message as it came. */
export function QuarantinePage() {
  const messages = useMessages();
  const { quarantined } = useBoard();
  const first = useResource("quarantine", (signal) => fetchQuarantine(null, signal));
  const [more, setMore] = useState<readonly QuarantineView[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [filter, setFilter] = useState("");
  useEffect(() => {
    if (first.value === null) return;
    setMore([]);
    setCursor(first.value.next);
  }, [first.value]);
  const items = [...(first.value?.items ?? []), ...more];
  const shown = items.filter((item) => matchesFilter(item, filter));
  const loadMore = () => {
    void fetchQuarantine(cursor).then((page) => {
      setMore([...more, ...page.items]);
      setCursor(page.next);
    });
  };
  const { quarantine } = messages;
  return (
    <main className="page narrow" id="content">
      <h1 className="page-title">{quarantine.title}</h1>
      <p className="lead">{quarantine.lead}</p>
      {first.failure === null ? null : <Failure code={first.failure} onRetry={first.reload} />}
      {first.slow && first.value === null ? <div className="block skeleton" /> : null}
      {first.value !== null && items.length === 0 ? (
        <div className="none">
          <h2>{quarantine.none}</h2>
          <p>{quarantine.noneHint}</p>
        </div>
      ) : null}
      {items.length > 0 ? (
        <>
          <div className="list-head">
            <label className="filter">
              <Icon name="search" />
              <span className="visually-hidden">{quarantine.filter}</span>
              <input
                id="filter"
                className="field"
                type="search"
                placeholder={quarantine.filter}
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
              />
              <kbd aria-hidden="true">/</kbd>
            </label>
            <span className="count-text" role="status">
              {shown.length === items.length
                ? quarantine.count(Math.max(quarantined, items.length))
                : messages.board.shown(shown.length, items.length)}
            </span>
          </div>
          {shown.length === 0 ? <p className="none">{quarantine.noneMatch}</p> : null}
          <ol className="entries">
            {shown.map((item) => (
              <Entry key={`${item.offset} ${item.pointer} ${item.code}`} item={item} />
            ))}
          </ol>
        </>
      ) : null}
      {cursor === null ? null : (
        <button type="button" className="button" onClick={loadMore}>
          {quarantine.more}
        </button>
      )}
    </main>
  );
}

function Entry({ item }: { readonly item: QuarantineView }) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(60_000);
  const { quarantine } = messages;
  const at = Date.parse(item.received_at);
  const meaning = (quarantine.codes as Readonly<Record<string, string>>)[item.code];
  return (
    <li className="entry">
      <div className="entry-head">
        <strong>{meaning ?? quarantine.otherCode}</strong>
        <code className="code">{item.code}</code>
        <time className="number" dateTime={item.received_at}>
          {momentText(at, now, viewerZone, language)} ·{" "}
          {messages.ago(shortSpanText(now - at, messages.span))}
        </time>
      </div>
      <p className="entry-detail">
        {item.detail}
        {item.pointer === "" ? "" : ` (${quarantine.at(item.pointer)})`}
      </p>
      <dl className="entry-facts">
        <div>
          <dt>{quarantine.publisher}</dt>
          <dd>
            {item.organisation} / {item.publisher}
          </dd>
        </div>
        <div>
          <dt>{quarantine.topic}</dt>
          <dd>
            <code>{item.mqtt_topic}</code>
          </dd>
        </div>
      </dl>
      <RawMessage item={item} />
    </li>
  );
}

/** The bytes as they came, cut to 4 KiB; of several refusals of one message only the first carries them. */
function RawMessage({ item }: { readonly item: QuarantineView }) {
  const { quarantine } = useMessages();
  if (item.payload_base64 === "" && item.payload_bytes > 0)
    return <p className="quiet-text">{quarantine.withFirst}</p>;
  const payload = payloadText(item.payload_base64);
  const kept = Math.floor((item.payload_base64.length * 3) / 4);
  return (
    <details>
      <summary>
        {quarantine.payload} · {payload.kind === "hex" ? quarantine.asHex : quarantine.asText} ·{" "}
        {quarantine.bytes(item.payload_bytes)}
        {item.payload_bytes > kept ? ` · ${quarantine.cut}` : ""}
      </summary>
      <CopyCommand command={payload.text} />
    </details>
  );
}

function matchesFilter(item: QuarantineView, filter: string): boolean {
  const text = `${item.code} ${item.publisher} ${item.mqtt_topic} ${item.detail} ${item.organisation}`;
  const words = filter.toLowerCase().split(/\s+/);
  return words.every((word) => text.toLowerCase().includes(word));
}
