import type uPlot from "uplot";
import { rangeSign } from "../board/limits.ts";
import { formatCelsius, formatLimit } from "../format/number.ts";
import type { Ink } from "./ink.ts";
import type { Picture } from "./picture.ts";

/** Under the lines: the range as a band with both edges, gaps hatched, excursions shaded. */
export function paintUnder(u: uPlot, picture: Picture, ink: Ink): void {
  const { ctx } = u;
  ctx.save();
  clip(u);
  paintBand(u, picture, ink);
  paintBands(u, picture, ink);
  paintGaps(u, picture, ink);
  paintExcursions(u, picture, ink);
  ctx.restore();
}

/** Over the lines: labels of the limits, start, end and peak of each excursion. */
export function paintOver(u: uPlot, picture: Picture, ink: Ink): void {
  const { ctx } = u;
  ctx.save();
  clip(u);
  ctx.font = `${12 * ratio()}px ${ink.font}`;
  paintEdges(u, picture, ink);
  for (const excursion of picture.excursions) paintPeak(u, picture, excursion, ink);
  ctx.restore();
}

const ratio = () => window.devicePixelRatio;

function clip(u: uPlot): void {
  u.ctx.beginPath();
  u.ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  u.ctx.clip();
}

const x = (u: uPlot, at: number) => u.valToPos(at, "x", true);
const y = (u: uPlot, value: number) => u.valToPos(value, "y", true);

function paintBand(u: uPlot, { low, high }: Picture, ink: Ink): void {
  if (low === null && high === null) return;
  const top = high === null ? u.bbox.top : y(u, high.limit_c);
  const bottom = low === null ? u.bbox.top + u.bbox.height : y(u, low.limit_c);
  u.ctx.fillStyle = ink.band;
  u.ctx.fillRect(u.bbox.left, top, u.bbox.width, bottom - top);
}

function paintEdges(u: uPlot, { low, high }: Picture, ink: Ink): void {
  const { ctx } = u;
  for (const limit of [high, low]) {
    if (limit === null) continue;
    const level = Math.round(y(u, limit.limit_c)) + 0.5;
    ctx.strokeStyle = ink.edge;
    ctx.lineWidth = ratio();
    ctx.setLineDash([6 * ratio(), 4 * ratio()]);
    ctx.beginPath();
    ctx.moveTo(u.bbox.left, level);
    ctx.lineTo(u.bbox.left + u.bbox.width, level);
    ctx.stroke();
    ctx.setLineDash([]);
    const text = `${rangeSign(limit.comparison)} ${formatLimit(limit.limit_c)} °C`;
    const above = limit.side === "high";
    ctx.textAlign = "left";
    ctx.textBaseline = above ? "bottom" : "top";
    const lift = (above ? -4 : 4) * ratio();
    writeWithHalo(u, text, u.bbox.left + 8 * ratio(), level + lift, ink.edgeText, ink);
  }
}

/** Out of service greys the whole of its time; doors and defrosts tint it, and the rail below says which it was. */
function paintBands(u: uPlot, picture: Picture, ink: Ink): void {
  const { ctx } = u;
  for (const band of picture.bands) {
    const left = x(u, band.from);
    const width = Math.max(ratio(), x(u, band.to) - left);
    ctx.globalAlpha = band.kind === "off" ? 1 : 0.16;
    ctx.fillStyle = band.kind === "off" ? ink.off : band.kind === "door" ? ink.door : ink.defrost;
    ctx.fillRect(left, u.bbox.top, width, u.bbox.height);
    ctx.globalAlpha = 1;
    if (band.kind === "off") writeAtFoot(u, picture.words.off, left, width, ink);
  }
}

function writeAtFoot(u: uPlot, text: string, left: number, width: number, ink: Ink): void {
  const { ctx } = u;
  ctx.font = `${12 * ratio()}px ${ink.font}`;
  if (ctx.measureText(text).width + 16 * ratio() > width) return;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  const foot = u.bbox.top + u.bbox.height - 8 * ratio();
  const middle = Math.max(left, u.bbox.left) + Math.min(width, u.bbox.width) / 2;
  writeWithHalo(u, text, middle, foot, ink.unproven, ink);
}

function paintGaps(u: uPlot, picture: Picture, ink: Ink): void {
  const { ctx } = u;
  const hatching = hatchingOf(ctx, ink.hatch);
  for (const gap of picture.unproven) {
    const left = x(u, gap.from);
    const width = Math.max(ratio(), x(u, gap.to) - left);
    if (hatching !== null) ctx.fillStyle = hatching;
    ctx.fillRect(left, u.bbox.top, width, u.bbox.height);
    writeAtFoot(u, picture.words.gap, left, width, ink);
  }
}

function paintExcursions(u: uPlot, picture: Picture, ink: Ink): void {
  const { ctx } = u;
  for (const excursion of picture.excursions) {
    if (excursion.retracted) continue;
    const colour = colourOf(excursion, ink);
    const left = x(u, Date.parse(excursion.since));
    const right = x(u, excursion.until === null ? picture.to : Date.parse(excursion.until));
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = colour;
    ctx.fillRect(left, u.bbox.top, Math.max(ratio(), right - left), u.bbox.height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colour;
    ctx.lineWidth = ratio();
    ctx.setLineDash([]);
    for (const edge of excursion.until === null ? [left] : [left, right]) {
      ctx.beginPath();
      ctx.moveTo(Math.round(edge) + 0.5, u.bbox.top);
      ctx.lineTo(Math.round(edge) + 0.5, u.bbox.top + u.bbox.height);
      ctx.stroke();
    }
  }
}

// Red is for now: an excursion that is over is history and looks like it.
function colourOf(excursion: Picture["excursions"][number], ink: Ink): string {
  if (excursion.until !== null) return excursion.side === "high" ? ink.past : ink.pastBelow;
  return excursion.side === "high" ? ink.broken : ink.below;
}

function paintPeak(
  u: uPlot,
  picture: Picture,
  excursion: Picture["excursions"][number],
  ink: Ink,
): void {
  const { peak_c } = excursion;
  // The curve is in °C: a peak of anything else has no place on it.
  if (excursion.retracted || peak_c === null) return;
  const { ctx } = u;
  const size = ratio();
  const [px, py] = [x(u, Date.parse(excursion.peak_at)), y(u, peak_c)];
  ctx.fillStyle = colourOf(excursion, ink);
  ctx.strokeStyle = ink.panel;
  ctx.lineWidth = 2 * size;
  ctx.beginPath();
  ctx.arc(px, py, 5 * size, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  const since = Date.parse(excursion.since);
  const until = excursion.until === null ? picture.to : Date.parse(excursion.until);
  const room = x(u, until) - x(u, since);
  const peak = picture.words.peak(`${formatCelsius(peak_c)} °C`);
  const nearRight = px > u.bbox.left + u.bbox.width * 0.8;
  ctx.textAlign = nearRight ? "right" : "left";
  ctx.textBaseline = "middle";
  if (room > 24 * size || picture.excursions.length < 4)
    writeWithHalo(u, peak, px + (nearRight ? -10 : 10) * size, py, ink.text, ink);
  ctx.textBaseline = "bottom";
  ctx.textAlign = "right";
  const foot = u.bbox.top + u.bbox.height - 6 * size;
  if (x(u, since) > u.bbox.left + 48 * size)
    writeWithHalo(u, picture.words.clock(since), x(u, since) - 5 * size, foot, ink.text2, ink);
  ctx.textAlign = "left";
  const atEnd = excursion.until !== null && x(u, until) < u.bbox.left + u.bbox.width - 48 * size;
  if (atEnd)
    writeWithHalo(u, picture.words.clock(until), x(u, until) + 5 * size, foot, ink.text2, ink);
}

function writeWithHalo(
  u: uPlot,
  text: string,
  left: number,
  top: number,
  colour: string,
  ink: Ink,
): void {
  const { ctx } = u;
  ctx.lineJoin = "round";
  ctx.lineWidth = 4 * ratio();
  ctx.strokeStyle = ink.panel;
  ctx.strokeText(text, left, top);
  ctx.fillStyle = colour;
  ctx.fillText(text, left, top);
}

function hatchingOf(ctx: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const size = 8 * ratio();
  const cell = document.createElement("canvas");
  cell.width = size;
  cell.height = size;
  const pen = cell.getContext("2d");
  if (pen === null) return null;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.25 * ratio();
  pen.beginPath();
  // Three strokes, so that the corners of neighbouring cells meet.
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
  }
  pen.stroke();
  return ctx.createPattern(cell, "repeat");
}
