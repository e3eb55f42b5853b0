import type { SpaceNow } from "@unbroken/model";
import type { Trace } from "../curve/trace.ts";
import { formatCelsius } from "../format/number.ts";
import { dayText, preciseClockText } from "../format/zoned-time.ts";
import { useNow } from "../data/clock.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";

/** The value of each sensor under the cursor, or the last one: time, sensor, value. */
export function Readout({
  space,
  traces,
  cursor,
}: {
  readonly space: SpaceNow;
  readonly traces: readonly Trace[];
  readonly cursor: number | null;
}) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(60_000);
  const at = cursor ?? traces.reduce((last, trace) => Math.max(last, trace.at.at(-1) ?? 0), 0);
  if (at === 0) return <p className="readout" />;
  const day = dayText(at, space.zone, language);
  const isToday = day === dayText(now, space.zone, language);
  return (
    <p className="readout" aria-live="off">
      <span className="readout-time number">
        {isToday ? "" : `${day} `}
        {preciseClockText(at, space.zone, language)}
      </span>
      {traces.map((trace, i) => (
        <span key={trace.sensor} className="readout-sensor">
          <svg className={`key series-${(i % 5) + 1}`} viewBox="0 0 20 4" aria-hidden="true">
            <line x1="0" y1="2" x2="20" y2="2" />
          </svg>
          {trace.sensor} <b className="number">{valueText(trace, at, messages.space.gap)}</b>
        </span>
      ))}
    </p>
  );
}

function valueText(trace: Trace, at: number, gap: string): string {
  const i = nearest(trace.at, at);
  const [mean, min, max] = [trace.mean[i] ?? null, trace.min[i] ?? null, trace.max[i] ?? null];
  if (mean === null || min === null || max === null) return gap;
  if (formatCelsius(min) === formatCelsius(max)) return `${formatCelsius(mean)} °C`;
  return `${formatCelsius(min)} … ${formatCelsius(max)} °C`;
}

function nearest(times: readonly number[], at: number): number {
  const after = times.findIndex((time) => time >= at);
  if (after <= 0) return after === 0 ? 0 : times.length - 1;
  const [left = 0, right = 0] = [times[after - 1], times[after]];
  return at - left < right - at ? after - 1 : after;
}
