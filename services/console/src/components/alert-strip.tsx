import { useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { AlertView, SpaceNow } from "@unbroken/model";
import { acknowledge, knownAlert, useAsked } from "../data/acknowledge.ts";
import { momentText } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { Icon } from "./icons.tsx";

/** Nobody's alert first, of those the urgent one; then the oldest. */
export function firstAlert(alerts: readonly AlertView[]): AlertView | null {
  const rank = (alert: AlertView) =>
    (alert.acknowledged ? 2 : 0) + (alert.urgency === "high" ? 0 : 1);
  return alerts.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** Under a tile: who has its alert in hand, or a button to take it. One line; the space's page tells the rest. */
export function TileAlert({
  space,
  now,
  size,
}: {
  readonly space: SpaceNow;
  readonly now: number;
  readonly size: "urgent" | "calm";
}) {
  const first = firstAlert(space.alerts);
  return first === null ? null : <OneLine alert={first} space={space} now={now} size={size} />;
}

function OneLine({
  alert,
  space,
  now,
  size,
}: {
  readonly alert: AlertView;
  readonly space: SpaceNow;
  readonly now: number;
  readonly size: "urgent" | "calm";
}) {
  const { alert: words } = useMessages();
  const asking = useAsked(alert);
  const known = knownAlert(alert, asking);
  const more = space.alerts.length - 1;
  return (
    <span className={`tile-alert ${stateOf(known)}`}>
      <Icon name={known.acknowledged ? "check" : "bell"} />
      <span className="tile-alert-text" role="status">
        {known.acknowledged ? (
          <TakenBy alert={known} zone={space.zone} now={now} isBrief={size === "calm"} />
        ) : asking?.kind === "failed" ? (
          words.failed(asking.code)
        ) : (
          words.trouble[known.trouble]
        )}
        {more > 0 ? <span className="tile-alert-more"> · {words.more(more)}</span> : null}
      </span>
      {known.acknowledged ? null : <AcknowledgeButton alert={alert} spaceName={space.name} />}
    </span>
  );
}

/** The cold side has a colour of its own, here as on the tile. */
function stateOf({ acknowledged, urgency, trouble }: AlertView): string {
  if (acknowledged) return "taken";
  return trouble === "cold" ? `${urgency} cold` : urgency;
}

function TakenBy({
  alert,
  zone,
  now,
  isBrief = false,
}: {
  readonly alert: AlertView;
  readonly zone: string;
  readonly now: number;
  readonly isBrief?: boolean;
}) {
  const messages = useMessages();
  const language = useLanguage();
  const last = alert.acknowledgements.at(-1);
  if (last === undefined) return null;
  const by = last.by.replace(/^recipient:/, "");
  const moment = momentText(Date.parse(last.at), now, zone, language);
  return isBrief ? messages.alert.byBrief(by, moment) : messages.alert.by(by, moment);
}

/** `a` presses it on the chosen tile and on the space's page. */
export function AcknowledgeButton({
  alert,
  spaceName,
  note = "",
}: {
  readonly alert: AlertView;
  readonly spaceName: string;
  readonly note?: string;
}) {
  const { alert: words } = useMessages();
  const asking = useAsked(alert);
  const busy = asking?.kind === "busy";
  const button = useRef<HTMLButtonElement>(null);
  useFocusKept(button);
  return (
    <button
      ref={button}
      type="button"
      className="button acknowledge"
      data-acknowledge=""
      aria-keyshortcuts="a"
      aria-disabled={busy}
      title={words.acknowledge}
      onClick={() => void acknowledge(alert, note)}
    >
      <Icon name="check" />
      <span className="acknowledge-word">{busy ? words.busy : words.acknowledge}</span>
      <span className="visually-hidden">
        {words.acknowledgeOf(words.trouble[alert.trouble], spaceName)}
      </span>
      <kbd aria-hidden="true">a</kbd>
    </button>
  );
}

/** The button goes when it has done its work; whoever had the focus on it keeps it near. */
function useFocusKept(button: RefObject<HTMLButtonElement | null>): void {
  useLayoutEffect(() => {
    const own = button.current;
    const near = own?.closest("[data-alert-slot]")?.querySelector<HTMLElement>("[data-near]");
    return () => {
      if (document.activeElement === own) near?.focus();
    };
  }, [button]);
}

/** On the space's page: every alert that is not over, with a note to whoever takes it. */
export function AlertPanel({ space, now }: { readonly space: SpaceNow; readonly now: number }) {
  const { alert: words } = useMessages();
  if (space.alerts.length === 0) return null;
  return (
    <section className="panel alerts" aria-labelledby="alerts-title" data-alert-slot="">
      <h2 id="alerts-title" className="visually-hidden" tabIndex={-1} data-near="">
        {words.title}
      </h2>
      <ul>
        {space.alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} space={space} now={now} />
        ))}
      </ul>
    </section>
  );
}

function AlertRow({
  alert,
  space,
  now,
}: {
  readonly alert: AlertView;
  readonly space: SpaceNow;
  readonly now: number;
}) {
  const { alert: words } = useMessages();
  const language = useLanguage();
  const [note, setNote] = useState("");
  const asking = useAsked(alert);
  const known = knownAlert(alert, asking);
  const noted = known.acknowledgements.at(-1)?.note ?? null;
  return (
    <li className={`alert-row ${stateOf(known)}`}>
      <Icon name={known.acknowledged ? "check" : "bell"} size={20} />
      <span className="alert-what">
        <b>{words.trouble[known.trouble]}</b>{" "}
        <span className="number">
          {words.since(momentText(Date.parse(known.since), now, space.zone, language))}
        </span>
        <span className="alert-told">
          {known.urgency === "high" ? `${words.urgent} · ` : ""}
          {words.told(known.messages)}
        </span>
      </span>
      {known.acknowledged ? (
        <span className="alert-taken" role="status">
          <TakenBy alert={known} zone={space.zone} now={now} />
          {noted === null ? null : <q>{noted}</q>}
        </span>
      ) : (
        <span className="alert-take">
          <input
            className="field"
            aria-label={words.note}
            placeholder={words.noteHint}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <AcknowledgeButton alert={alert} spaceName={space.name} note={note} />
        </span>
      )}
      {asking?.kind === "failed" && !known.acknowledged ? (
        <span className="alert-failed" role="alert">
          {words.failed(asking.code)}
        </span>
      ) : null}
    </li>
  );
}
