import type { LimitView } from "@unbroken/model";

const MINUS = "\u2212";

/** A number with a fixed count of decimals and a real minus sign (U+2212); never "−0". */
export function formatNumber(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** °C as a tile shows it: one decimal, no unit. */
export function formatCelsius(value: number): string {
  return formatNumber(value, 1);
}

/** A change, with its sign always: `+2.4`, `−0.3`, `0.0`. */
export function formatChange(value: number): string {
  const text = formatNumber(value, 1);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** The sign of a unit as people write it; what is 1 or 0 has none. */
export function unitText(unit: LimitView["unit"]): string {
  return { Cel: "°C", "%RH": "%RH", "%": "%", "/": "", K: "K" }[unit];
}

/** A limit as written in a profile: as many decimals as it has, at most three. */
export function formatLimit(value: number): string {
  const decimals = Math.min(3, (String(value).split(".")[1] ?? "").length);
  return formatNumber(value, decimals);
}
