import {
  isoOf,
  summaryOf,
  type Alert,
  type AlertSummary,
  type Language,
  type MessageKind,
  type Urgency,
} from "@unbroken/model";
import { EpochMs, Milli, fromMilli } from "@unbroken/units";
import { isAboutThePast } from "../alert/decide.ts";
import { wordsOf, type Words } from "./words.ts";

/** Where the space is, as people call it. */
export interface Place {
  readonly space: string;
  /** The site or vehicle that it is in. */
  readonly parent: string | null;
  /** IANA zone in which its times are shown. */
  readonly zone: string;
}

export interface Links {
  /** Null where there is nothing to acknowledge. */
  readonly acknowledge: string | null;
  readonly board: string | null;
}

/** A message as it goes out: made once, so that each attempt to deliver it sends the same. */
export interface ComposedMessage {
  readonly kind: MessageKind;
  readonly urgency: Urgency;
  readonly language: Language;
  /** One line, without control characters. */
  readonly headline: string;
  readonly text: string;
  readonly html: string;
  /** For machines: the body of the webhook. Temperatures in °C, times in RFC 3339 UTC. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Says an alert in one language. Pure. */
export function composeMessage(
  alert: Alert,
  kind: MessageKind,
  place: Place,
  language: Language,
  links: Links,
): ComposedMessage {
  const words = wordsOf(language);
  const urgency = isAboutThePast(kind) ? "low" : alert.urgency;
  const summary = summaryOf(alert);
  const figures = figuresOf(summary, words);
  const parent = place.parent === null ? null : oneLine(place.parent);
  const name = words.within(oneLine(place.space), parent);
  const headline = words.headline({
    urgency: words.urgency[urgency],
    place: name,
    kind: words.kind[kind],
    trouble: words.trouble[alert.trouble],
    since: localTime(alert.since, place.zone, words),
    figure: figures?.text ?? null,
  });
  const rows = rowsOf(alert, kind, name, place.zone, summary, words);
  const footer = words.footer(alert.organisation, alert.id);
  return {
    kind,
    urgency,
    language,
    headline,
    text: textOf(headline, rows, footer, links, words),
    html: htmlOf(headline, rows, footer, links, words),
    data: { ...dataOf(alert, kind, place, summary, links), urgency, headline },
  };
}

interface Figures {
  readonly peak: string;
  readonly limit: string;
  readonly text: string;
}

function figuresOf({ worst }: AlertSummary, words: Words): Figures | null {
  if (worst === null) return null;
  const peak = valueOf(worst.peak, worst.unit);
  const limit = valueOf(worst.limit, worst.unit);
  return { peak, limit, text: words.figure(worst.side, peak, limit) };
}

type Rows = readonly (readonly [label: string, value: string])[];

function rowsOf(
  alert: Alert,
  kind: MessageKind,
  name: string,
  zone: string,
  summary: AlertSummary,
  words: Words,
): Rows {
  const { labels } = words;
  const { worst, rules, sensors } = summary;
  const figures = figuresOf(summary, words);
  const at = (time: number): string => localTime(time, zone, words);
  const rows: (readonly [label: string, value: string])[] = [
    [labels.place, name],
    [labels.what, words.kind[kind] + words.trouble[alert.trouble]],
    [labels.since, `${at(alert.since)} (${zone})`],
  ];
  if (alert.until !== null) rows.push([labels.until, at(alert.until)]);
  if (figures !== null && worst !== null)
    rows.push(
      [labels.peak, `${figures.peak}, ${at(worst.peakAt ?? worst.since)}`],
      [labels.limit, figures.limit],
    );
  if (rules.length > 0) rows.push([labels.rules, rules.join(", ")]);
  if (sensors.length > 0) rows.push([labels.sensors, sensors.join(", ")]);
  if (kind === "repeated") rows.push([labels.repeat, String(alert.repeats)]);
  return rows;
}

function dataOf(
  alert: Alert,
  kind: MessageKind,
  place: Place,
  { worst, rules, sensors, excursions }: AlertSummary,
  links: Links,
): Readonly<Record<string, unknown>> {
  return {
    organisation: alert.organisation,
    alert: alert.id,
    space: alert.space,
    space_name: place.space,
    place: place.parent,
    trouble: alert.trouble,
    message: kind,
    phase: alert.phase,
    since: iso(alert.since),
    until: alert.until === null ? null : iso(alert.until),
    peak: worst === null ? null : fromMilli(Milli(worst.peak)),
    peak_at: worst === null ? null : iso(worst.peakAt ?? worst.since),
    limit: worst === null ? null : fromMilli(Milli(worst.limit)),
    unit: worst?.unit ?? null,
    rules,
    sensors,
    excursions,
    repeat: alert.repeats,
    acknowledge_url: links.acknowledge,
    board_url: links.board,
  };
}

function textOf(headline: string, rows: Rows, footer: string, links: Links, words: Words): string {
  const link = (label: string, url: string | null): string[] =>
    url === null ? [] : [`${label}:`, url, ""];
  return [
    headline,
    "",
    ...rows.map(([label, value]) => `${label}: ${value}`),
    "",
    ...link(words.acknowledge, links.acknowledge),
    ...link(words.open, links.board),
    footer,
    "",
  ].join("\n");
}

function htmlOf(headline: string, rows: Rows, footer: string, links: Links, words: Words): string {
  const link = (label: string, url: string | null): string =>
    url === null ? "" : `<p><a href="${escaped(url)}">${escaped(label)}</a></p>\n`;
  const table = rows
    .map(
      ([label, value]) =>
        `<tr><th align="left" valign="top">${escaped(label)}</th><td>${escaped(value)}</td></tr>`,
    )
    .join("\n");
  return `<!doctype html>
<html lang="${words.locale}"><head><meta charset="utf-8"><title>${escaped(headline)}</title></head>
<body>
<h1 style="font-size:1.15em">${escaped(headline)}</h1>
<table cellpadding="4">
${table}
</table>
${link(words.acknowledge, links.acknowledge)}${link(words.open, links.board)}<p><small>${escaped(footer)}</small></p>
</body></html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Names are people's own words: a line break in one must not begin a new header of a mail. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

function valueOf(milli: number, unit: string | null): string {
  const value = fromMilli(Milli(milli));
  // SenML's name of the degree Celsius is for machines.
  const shown = unit === "Cel" ? "°C" : unit;
  return `${Number(value.toFixed(2))}${shown === null ? "" : ` ${shown}`}`;
}

function localTime(at: number, zone: string, { locale }: Words): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(at);
}

function iso(at: number): string {
  return isoOf(EpochMs(at));
}
