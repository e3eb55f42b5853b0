import { useEffect, useRef, useSyncExternalStore, type KeyboardEvent } from "react";
import uPlot from "uplot";
import { useLanguage } from "../i18n/language.ts";
import { readInk } from "./ink.ts";
import type { Picture } from "./picture.ts";
import { plotOptions, tableOf } from "./plot-options.ts";

interface CurveProps {
  readonly picture: Picture;
  readonly zone: string;
  /** What a screen reader is told instead of the picture. */
  readonly label: string;
  readonly onZoom: (from: number, to: number) => void;
  readonly onReset: () => void;
  /** The time under the cursor, epoch ms. */
  readonly onCursor: (at: number | null) => void;
}

/** uPlot in a React skin: built once for a set of sensors, a theme and a language; fed whenever the picture changes. */
export function Curve(props: CurveProps) {
  const { picture, zone, label } = props;
  const language = useLanguage();
  const theme = useThemeName();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const sensors = picture.traces.length;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const wiring = {
      ...sizeOf(element),
      sensors,
      zone,
      language,
      ink: readInk(),
      picture: () => latest.current.picture,
      onZoom: (from: number, to: number) => latest.current.onZoom(from, to),
      onReset: () => latest.current.onReset(),
      onCursor: (at: number | null) => latest.current.onCursor(at),
    };
    const built = new uPlot(plotOptions(wiring), tableOf(latest.current.picture.traces), element);
    plot.current = built;
    const observer = new ResizeObserver(() => built.setSize(sizeOf(element)));
    observer.observe(element);
    const stopTouch = followTouch(built);
    return () => {
      stopTouch();
      observer.disconnect();
      built.destroy();
      plot.current = null;
    };
  }, [sensors, zone, language, theme]);
  useEffect(() => {
    plot.current?.setData(tableOf(picture.traces));
  }, [picture]);
  return (
    <div
      ref={place}
      className="curve"
      role="group"
      tabIndex={0}
      aria-label={label}
      onKeyDown={(event) => walk(plot.current, event)}
    />
  );
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(240, element.clientWidth), height: Math.max(200, element.clientHeight) };
}

/** The cursor by keyboard: left and right from reading to reading, Home and End. */
function walk(plot: uPlot | null, event: KeyboardEvent): void {
  if (plot === null) return;
  const last = plot.data[0].length - 1;
  const at = plot.cursor.idx ?? last;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: last,
  };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const time = plot.data[0][Math.min(last, Math.max(0, next))];
  if (time === undefined) return;
  plot.setCursor({ left: plot.valToPos(time, "x"), top: plot.over.clientHeight / 2 });
}

/** uPlot follows the mouse only; a finger that moves sideways reads the curve, one that moves up or down scrolls. */
function followTouch(plot: uPlot): () => void {
  const move = (event: TouchEvent) => {
    const touch = event.touches[0];
    if (touch === undefined) return;
    const box = plot.over.getBoundingClientRect();
    plot.setCursor({ left: touch.clientX - box.left, top: touch.clientY - box.top });
  };
  plot.over.addEventListener("touchstart", move, { passive: true });
  plot.over.addEventListener("touchmove", move, { passive: true });
  return () => {
    plot.over.removeEventListener("touchstart", move);
    plot.over.removeEventListener("touchmove", move);
  };
}

function useThemeName(): string {
  return useSyncExternalStore(onThemeChange, () => document.documentElement.dataset["theme"] ?? "");
}

function onThemeChange(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
