import type { SpaceNow } from "@unbroken/model";
import type { Language } from "../i18n/language.ts";
import type { Messages } from "../i18n/zh.ts";
import { formatCelsius, formatLimit } from "../format/number.ts";
import { shortSpanText, spanText } from "../format/span.ts";
import { momentText } from "../format/zoned-time.ts";
import { bandOf, rangeSign } from "./limits.ts";
import {
  allowanceOf,
  forecastOf,
  outSince,
  sideOf,
  whyNoForecast,
  type Forecast,
} from "./outlook.ts";

export interface Reader {
  readonly now: number;
  readonly messages: Messages;
  readonly language: Language;
}

/** The word for a space's condition; moving towards a low limit is cooling. */
export function conditionWord(space: SpaceNow, messages: Messages): string {
  const cooling = space.condition === "warming" && sideOf(space) === "low";
  return messages.condition[cooling ? "cooling" : space.condition];
}

/** The one sentence of a tile: how long it has been, or how long is left. Null when all is well. */
export function statementOf(space: SpaceNow, reader: Reader): string | null {
  switch (space.condition) {
    case "broken":
      return brokenStatement(space, reader);
    case "out":
      return outStatement(space, reader);
    case "warming":
      return warmingStatement(space, reader);
    case "unproven":
      return unprovenStatement(space, reader);
    case "out-of-service":
      return serviceStatement(space, reader);
    case "in-range":
      return null;
  }
}

function brokenStatement(space: SpaceNow, { now, messages }: Reader): string {
  const since = outSince(space);
  const span = spanText(since === null ? 0 : now - since, messages.span);
  const peaks = space.open.flatMap(({ peak_c }) => (peak_c === null ? [] : [peak_c]));
  if (peaks.length === 0) return messages.tile.outFor(span);
  const low = sideOf(space) === "low";
  const peak = `${formatCelsius(low ? Math.min(...peaks) : Math.max(...peaks))} °C`;
  const extreme = low ? messages.tile.trough(peak) : messages.tile.peak(peak);
  return `${messages.tile.outFor(span)} · ${extreme}`;
}

function outStatement(space: SpaceNow, { now, messages }: Reader): string {
  const allowance = allowanceOf(space, now);
  const since = outSince(space);
  if (allowance === null)
    return messages.tile.outFor(spanText(since === null ? 0 : now - since, messages.span));
  const left = allowance.holdMs - allowance.spentMs;
  const spent = messages.tile.allowance(
    spanText(allowance.spentMs, messages.span),
    spanText(allowance.holdMs, messages.span),
  );
  const rest =
    left > 0
      ? messages.tile.allowanceLeft(spanText(left, messages.span))
      : messages.tile.allowanceUsedUp;
  return `${rest} · ${spent}`;
}

function warmingStatement(space: SpaceNow, { now, messages }: Reader): string {
  const forecast = forecastOf(space, now);
  if (forecast === null) return messages.forecast.none[whyNoForecast(space) ?? "no-trend"];
  const limit = `${formatLimit(forecast.limitC)} °C`;
  const likely = messages.tile.toLimit(spanText(forecast.inMs, messages.span), limit);
  const { betweenBrief, soonestBrief } = messages.forecast;
  return (
    likely + intervalText(forecast, messages, { between: betweenBrief, soonest: soonestBrief })
  );
}

type IntervalWords = Pick<Messages["forecast"], "between" | "soonest">;

/** `15 min to 40 min`; where it may never come, the soonest alone. */
export function intervalText(
  { soonestMs, latestMs }: Forecast,
  messages: Messages,
  words: IntervalWords = messages.forecast,
): string {
  const soonest = spanText(soonestMs, messages.span);
  return latestMs === null
    ? words.soonest(soonest)
    : words.between(soonest, spanText(latestMs, messages.span));
}

function serviceStatement({ out_of_service, zone }: SpaceNow, reader: Reader): string | null {
  const until = out_of_service?.until ?? null;
  const reason = out_of_service?.reason ?? null;
  if (until === null) return reason;
  const moment = momentText(Date.parse(until), reader.now, zone, reader.language);
  return [reason, reader.messages.service.until(moment)]
    .filter((part) => part !== null)
    .join(" · ");
}

function unprovenStatement(space: SpaceNow, reader: Reader): string {
  const { now, messages, language } = reader;
  const { worst } = space;
  if (worst === null) return messages.tile.neverHeard;
  if (worst.fault !== null) return messages.fault[worst.fault];
  const others = doubtOfOthers(space, reader);
  if (others !== null) return others;
  const last = Date.parse(worst.measured_at);
  const moment = momentText(last, now, space.zone, language);
  return messages.tile.silentSince(moment, shortSpanText(now - last, messages.span));
}

/** Whether its worst probe has said nothing for longer than the gap. */
export function isSilent({ worst, profile }: SpaceNow, now: number): boolean {
  if (worst === null || profile === null) return false;
  return now - Date.parse(worst.measured_at) > profile.gap_ms;
}

/** Why a space is unproven although its worst probe is well: no limits to judge by, or another probe is silent. */
function doubtOfOthers(space: SpaceNow, { now, messages }: Reader): string | null {
  if (space.profile === null) return messages.tile.noProfile;
  const { gap_ms } = space.profile;
  const silent = space.sensors.filter(
    ({ fault, measured_at }) => fault !== null || now - Date.parse(measured_at) > gap_ms,
  );
  const isWorst = silent.some(
    ({ sensor, measured_at }) =>
      sensor === space.worst?.sensor && measured_at === space.worst.measured_at,
  );
  if (isWorst || silent.length === 0) return null;
  return messages.tile.probesSilent(silent.length, space.sensors.length);
}

/** The same in the few words that can be read from three metres. */
export function briefStatementOf(space: SpaceNow, reader: Reader): string | null {
  const worst = space.worst;
  const isSilent = worst !== null && worst.fault === null && doubtOfOthers(space, reader) === null;
  if (space.condition === "unproven" && isSilent) {
    const age = reader.now - Date.parse(worst.measured_at);
    return reader.messages.tile.silentFor(shortSpanText(age, reader.messages.span));
  }
  const forecast = space.condition === "warming" ? forecastOf(space, reader.now) : null;
  if (forecast !== null)
    return reader.messages.tile.toLimitBrief(spanText(forecast.inMs, reader.messages.span));
  return statementOf(space, reader)?.split(" · ")[0] ?? null;
}

/** `2 – 8 °C`, `≤ −18 °C`, or that there is no profile. */
export function bandText(space: SpaceNow, messages: Messages): string {
  if (space.profile === null) return messages.tile.noProfile;
  const { low, high } = bandOf(space.profile.limits);
  if (low !== null && high !== null)
    return `${formatLimit(low.limit_c)} – ${formatLimit(high.limit_c)} °C`;
  const one = high ?? low;
  if (one === null) return messages.tile.noProfile;
  return `${rangeSign(one.comparison)} ${formatLimit(one.limit_c)} °C`;
}

/** Where a space is: its site or vehicle. */
export function placeOf(space: SpaceNow): string {
  return space.vehicle_name ?? space.site_name ?? space.vehicle ?? space.site ?? space.space;
}

/** A profile's title in the language of the screen, where it has one. */
export function profileTitle(
  { title, title_zh }: { readonly title: string; readonly title_zh: string | null },
  language: Language,
): string {
  return language === "zh" ? (title_zh ?? title) : title;
}
