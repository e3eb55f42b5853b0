import type { Language } from "../i18n/language.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

// Building a DateTimeFormat takes far longer than using it.
function formatOf(language: Language, zone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    const locale = language === "zh" ? "zh-CN" : "en-GB";
    format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone, hourCycle: "h23" });
    formats.set(key, format);
  }
  return format;
}

/** `14:02` in the site's zone. */
export function clockText(at: number, zone: string, language: Language): string {
  return formatOf(language, zone, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** `14:02:11`. */
export function preciseClockText(at: number, zone: string, language: Language): string {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return formatOf(language, zone, options).format(at);
}

/** `24 Nov` or `11月24日`. */
export function dayText(at: number, zone: string, language: Language): string {
  return formatOf(language, zone, { day: "numeric", month: "short" }).format(at);
}

/** `24 Nov 2026` or `2026年11月24日`. */
export function fullDayText(at: number, zone: string, language: Language): string {
  const options = { day: "numeric", month: "short", year: "numeric" } as const;
  return formatOf(language, zone, options).format(at);
}

/** `14:02` today, otherwise with its day: `23 Nov, 14:02`. */
export function momentText(at: number, now: number, zone: string, language: Language): string {
  const day = dayText(at, zone, language);
  const clock = clockText(at, zone, language);
  return day === dayText(now, zone, language) ? clock : `${day} ${clock}`;
}

/** `UTC+8`, as the zone was at that time. */
export function offsetText(at: number, zone: string): string {
  const parts = formatOf("en", zone, { timeZoneName: "shortOffset" }).formatToParts(at);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  return name
    .replace("GMT", "UTC")
    .replace(/^UTC\+0$/, "UTC")
    .replace("-", "\u2212");
}

/** The zone to name beside a time: null where the viewer's own clock shows the same. */
export function zoneToShow(at: number, zone: string, viewerZone: string): string | null {
  const offset = offsetText(at, zone);
  return offset === offsetText(at, viewerZone) ? null : offset;
}

export const viewerZone: string = new Intl.DateTimeFormat().resolvedOptions().timeZone;
