import uPlot from "uplot";
import { formatCelsius, formatLimit } from "../format/number.ts";
import { DAY } from "../format/span.ts";
import { clockText, dayText } from "../format/zoned-time.ts";
import type { Language } from "../i18n/language.ts";
import { dashes, type Ink } from "./ink.ts";
import { paintOver, paintUnder } from "./paint.ts";
import type { Picture } from "./picture.ts";
import { extentOf, type Trace } from "./trace.ts";

/** Room of the temperature axis; the bar of time below keeps the same margins, so that both share one time axis. */
export const AXIS_PX = 56;
export const RIGHT_PX = 24;

export interface PlotWiring {
  readonly width: number;
  readonly height: number;
  readonly sensors: number;
  readonly zone: string;
  readonly language: Language;
  readonly ink: Ink;
  readonly picture: () => Picture;
  readonly onZoom: (from: number, to: number) => void;
  readonly onReset: () => void;
  readonly onCursor: (at: number | null) => void;
}

export function plotOptions(wiring: PlotWiring): uPlot.Options {
  const { ink, zone, language, picture } = wiring;
  return {
    width: wiring.width,
    height: wiring.height,
    ms: 1,
    padding: [12, RIGHT_PX, 0, 0],
    tzDate: (at) => uPlot.tzDate(new Date(at), zone),
    legend: { show: false },
    scales: {
      x: { time: true, range: () => [picture().from, picture().to] },
      y: { range: () => levelsOf(picture()) },
    },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { size: 8 },
      y: false,
      bind: { dblclick: () => () => (wiring.onReset(), null) },
    },
    series: [{}, ...seriesOf(wiring.sensors, ink)],
    bands: Array.from({ length: wiring.sensors }, (_, i) => ({
      series: [i * 3 + 1, i * 3 + 2] as [number, number],
      fill: faint(ink.series[i % ink.series.length] ?? ink.text2),
    })),
    axes: [timeAxis(ink, zone, language), levelAxis(ink)],
    hooks: {
      drawClear: [(u) => paintUnder(u, picture(), ink)],
      draw: [(u) => paintOver(u, picture(), ink)],
      setSelect: [(u) => select(u, wiring)],
      setCursor: [(u) => wiring.onCursor(timeUnder(u))],
    },
  };
}

function seriesOf(sensors: number, ink: Ink): readonly uPlot.Series[] {
  return Array.from({ length: sensors }, (_, i): readonly uPlot.Series[] => {
    const stroke = ink.series[i % ink.series.length] ?? ink.text2;
    const hidden: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false } };
    const dash = [...(dashes[i % dashes.length] ?? [])];
    return [hidden, hidden, { stroke, dash, width: i === 0 ? 2 : 1.5, points: { show: lonely } }];
  }).flat();
}

// A reading between two gaps has no line to be seen by.
const lonely: uPlot.Series.Points.Show = (u, seriesIdx, idx0, idx1) => {
  const values = u.data[seriesIdx] ?? [];
  for (let i = idx0; i <= idx1; i += 1) {
    if (hasValue(values[i]) && !hasValue(values[i - 1]) && !hasValue(values[i + 1])) return true;
  }
  return idx1 - idx0 < 60;
};

function hasValue(value: number | null | undefined): boolean {
  return value !== null && value !== undefined;
}

function timeUnder(u: uPlot): number | null {
  return u.data[0][u.cursor.idx ?? -1] ?? null;
}

function faint(colour: string): string {
  return `color-mix(in srgb, ${colour} 22%, transparent)`;
}

function timeAxis(ink: Ink, zone: string, language: Language): uPlot.Axis {
  return {
    stroke: ink.text2,
    font: `12px ${ink.font}`,
    size: 44,
    gap: 8,
    grid: { stroke: ink.line, width: 1 },
    ticks: { show: false },
    space: 72,
    values: (_, splits, __, ___, increment) =>
      splits.map((at, i) => {
        const day = dayText(at, zone, language);
        if (increment >= DAY) return day;
        const before = splits[i - 1];
        const fresh = before === undefined || dayText(before, zone, language) !== day;
        return fresh ? `${clockText(at, zone, language)}\n${day}` : clockText(at, zone, language);
      }),
  };
}

function levelAxis(ink: Ink): uPlot.Axis {
  return {
    stroke: ink.text2,
    font: `12px ${ink.font}`,
    size: AXIS_PX,
    gap: 8,
    space: 36,
    grid: { stroke: ink.line, width: 1 },
    ticks: { show: false },
    values: (_, splits) =>
      splits.map((level) => (Number.isInteger(level) ? formatLimit(level) : formatCelsius(level))),
  };
}

/** All values and both limits, with a little air. */
function levelsOf({ traces, low, high }: Picture): [number, number] {
  const extent = extentOf(traces);
  const levels = [...(extent ?? []), ...[low, high].flatMap((limit) => limit?.limit_c ?? [])];
  const [least, most] = levels.length === 0 ? [0, 10] : [Math.min(...levels), Math.max(...levels)];
  const air = Math.max(0.5, (most - least) * 0.12);
  return [least - air, most + air];
}

/** A drag narrower than this is a click that slipped. */
const DRAG_LEAST_PX = 8;

function select(u: uPlot, { onZoom }: PlotWiring): void {
  const { left, width } = u.select;
  if (width < DRAG_LEAST_PX) return;
  onZoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** One table for all sensors: times, then maximum, minimum and mean of each. */
export function tableOf(traces: readonly Trace[]): uPlot.AlignedData {
  const tables = traces.map((trace): uPlot.AlignedData => [
    [...trace.at],
    [...trace.max],
    [...trace.min],
    [...trace.mean],
  ]);
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}
