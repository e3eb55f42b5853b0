import { useMemo, useState } from "react";
import type { ExcursionView, SpaceNow } from "@unbroken/model";
import { bandOf } from "../board/limits.ts";
import { factMarks, signalMarks } from "../board/marks.ts";
import { bandText } from "../board/statement.ts";
import { Curve } from "../curve/curve.tsx";
import { offOf, silencesOf, unprovenOf, type Picture } from "../curve/picture.ts";
import { traceOf, type Trace } from "../curve/trace.ts";
import type { SpaceFacts } from "../data/facts.ts";
import { fetchSignals } from "../data/marks.ts";
import { fetchEnvelopes, type Range } from "../data/envelope.ts";
import { fetchTimeline } from "../data/excursions.ts";
import { useResource } from "../data/resource.ts";
import { DAY } from "../format/span.ts";
import { momentText, offsetText, clockText, viewerZone, zoneToShow } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { spans, type SpanName, type Window } from "../pages/space-page.tsx";
import { BarOfTime } from "./bar-of-time.tsx";
import { Failure } from "./failure.tsx";
import { MarksRail, type Marks } from "./marks-rail.tsx";
import { Readout } from "./readout.tsx";

/** Pieces that a curve is asked for: about one a pixel of a phone's width and two of a desk's. */
const BUCKETS = 720;

interface CurvePanelProps {
  readonly space: SpaceNow;
  readonly window: Window;
  readonly range: Range;
  readonly excursions: readonly ExcursionView[];
  /** Null until they are fetched. */
  readonly facts: SpaceFacts | null;
  readonly onWindow: (window: Window) => void;
}

/** The curve of a space with its limits, gaps and excursions, and the bar of its evidence on the same time axis. */
export function CurvePanel(props: CurvePanelProps) {
  const { space, window, range, onWindow } = props;
  const messages = useMessages();
  const [cursor, setCursor] = useState<number | null>(null);
  const sensors = space.sensors.map(({ sensor }) => sensor);
  const key = `${space.organisation} ${sensors.join(" ")} ${range.from} ${range.to}`;
  const envelopes = useResource(key, (signal) =>
    fetchEnvelopes(space.organisation, sensors, range, BUCKETS, signal),
  );
  const timeline = useResource(
    `${space.organisation}/${space.space} ${range.from} ${range.to}`,
    (signal) => fetchTimeline(space, range, signal),
  );
  const stretches = timeline.value?.stretches ?? space.timeline;
  const knownFrom = Math.max(range.from, timeline.value?.knownFrom ?? range.from);
  const traces = useTraces(space, envelopes.value ?? []);
  const marks = useMarks(props);
  const picture = usePicture(props, { traces, stretches, knownFrom, marks });
  const span = window.kind === "last" ? window.span : window.from;
  const back = () => onWindow({ kind: "last", span });
  const isEmpty = envelopes.value !== null && traces.every((trace) => trace.at.length === 0);
  return (
    <section className="panel curve-panel" aria-labelledby="curve-title">
      <div className="panel-head">
        <h2 id="curve-title">{messages.space.curve}</h2>
        <RangeButtons window={window} onSpan={(name) => onWindow({ kind: "last", span: name })} />
      </div>
      <WindowLine space={space} window={window} range={range} onBack={back} />
      {envelopes.failure === null ? null : (
        <Failure code={envelopes.failure} onRetry={envelopes.reload} />
      )}
      <Readout space={space} traces={traces} cursor={cursor} />
      <div className={`curve-place${envelopes.loading ? " loading" : ""}`}>
        {envelopes.value === null ? (
          <div className={envelopes.slow ? "curve skeleton" : "curve"} />
        ) : (
          <Curve
            picture={picture}
            zone={space.zone}
            label={`${messages.space.curve}: ${space.name}, ${bandText(space, messages)}`}
            onZoom={(from, to) => onWindow({ kind: "zoom", range: { from, to }, from: span })}
            onReset={back}
            onCursor={setCursor}
          />
        )}
        {isEmpty ? (
          <div className="curve-empty">
            <p>{messages.space.noReadings}</p>
            <p>{messages.space.noReadingsHint}</p>
          </div>
        ) : null}
      </div>
      <div className="rail">
        <span className="rail-label">{messages.space.bar}</span>
        <BarOfTime timeline={stretches} from={range.from} to={range.to} knownFrom={knownFrom} />
      </div>
      <MarksRail marks={marks} range={range} />
      <Legend isCut={knownFrom > range.from} />
    </section>
  );
}

function useTraces(
  space: SpaceNow,
  envelopes: Awaited<ReturnType<typeof fetchEnvelopes>>,
): readonly Trace[] {
  const gapMs = space.profile?.gap_ms ?? 750_000;
  return useMemo(
    () =>
      envelopes.map(({ sensor, buckets }) => {
        const latest = space.sensors.find((one) => one.sensor === sensor) ?? null;
        return traceOf(sensor, buckets, gapMs, latest);
      }),
    [envelopes, space.sensors, gapMs],
  );
}

function usePicture(
  { space, range, excursions }: CurvePanelProps,
  shown: {
    readonly traces: readonly Trace[];
    readonly stretches: SpaceNow["timeline"];
    readonly knownFrom: number;
    readonly marks: Marks;
  },
): Picture {
  const { traces, stretches, knownFrom, marks } = shown;
  const messages = useMessages();
  const language = useLanguage();
  return useMemo(
    () => ({
      traces,
      ...range,
      ...bandOf(space.profile?.limits ?? []),
      excursions,
      unproven: [...silencesOf(traces, knownFrom), ...unprovenOf(stretches, knownFrom, range.to)],
      bands: [
        ...offOf(stretches, range.from, range.to),
        ...marks.door.map((mark) => ({ ...mark, kind: "door" as const })),
        ...marks.defrost.map((mark) => ({ ...mark, kind: "defrost" as const })),
      ],
      words: {
        off: messages.evidence.off,
        gap: messages.space.gap,
        peak: messages.space.peak,
        clock: (at: number) => clockText(at, space.zone, language),
      },
    }),
    [
      traces,
      range.from,
      range.to,
      space.profile,
      space.zone,
      excursions,
      stretches,
      knownFrom,
      marks,
      messages,
      language,
    ],
  );
}

/** What happened to the room in the range: doors and defrosts as sensors tell them, phases and service as stated. */
function useMarks({ space, range, facts }: CurvePanelProps): Marks {
  const messages = useMessages();
  const devices = facts === null ? [] : [...facts.ofDevices.keys()];
  const key = `${space.organisation} ${devices.join(" ")} ${range.from} ${range.to}`;
  const signals = useResource(key, (signal) =>
    fetchSignals(space.organisation, devices, range, signal),
  ).value;
  const gapMs = space.profile?.gap_ms ?? 750_000;
  return useMemo(() => {
    const { space: words, phase } = messages;
    const of = { to: range.to, gapMs };
    const stated = facts?.ofSpace ?? [];
    return {
      door: signalMarks(signals?.door_open ?? [], { ...of, label: words.doorOpen }),
      defrost: signalMarks(signals?.defrost ?? [], { ...of, label: words.defrosting }),
      phase: factMarks(stated, range, (fact) =>
        fact.kind === "phase-stated" ? phase[fact.phase] : null,
      ),
      service: factMarks(stated, range, (fact) =>
        fact.kind === "out-of-service-stated" ? fact.reason : null,
      ),
    };
  }, [signals, facts, range.from, range.to, gapMs, messages]);
}

function RangeButtons({
  window,
  onSpan,
}: {
  readonly window: Window;
  onSpan: (span: SpanName) => void;
}) {
  const messages = useMessages();
  return (
    <div className="ranges" role="group" aria-label={messages.space.range}>
      {(Object.keys(spans) as SpanName[]).map((name) => (
        <button
          key={name}
          type="button"
          className="button"
          aria-pressed={window.kind === "last" && window.span === name}
          onClick={() => onSpan(name)}
        >
          {messages.space.ranges[name]}
        </button>
      ))}
    </div>
  );
}

function WindowLine({
  space,
  window,
  range,
  onBack,
}: {
  readonly space: SpaceNow;
  readonly window: Window;
  readonly range: Range;
  onBack: () => void;
}) {
  const messages = useMessages();
  const language = useLanguage();
  const zone = zoneToShow(range.to, space.zone, viewerZone);
  const moment = (at: number) => momentText(at, at + DAY, space.zone, language);
  return (
    <p className="window-line">
      {window.kind === "zoom" ? (
        <>
          <span className="number">
            {messages.space.zoomed(moment(range.from), moment(range.to))}
          </span>
          <button type="button" className="link-button" onClick={onBack}>
            {messages.space.zoomOut}
          </button>
        </>
      ) : (
        <span className="wide-only">{messages.space.zoomHint}</span>
      )}
      {zone === null ? null : (
        <span>{messages.space.siteTime(offsetText(range.to, space.zone))}</span>
      )}
    </p>
  );
}

const legend = ["in", "high", "low", "unproven", "off"] as const;
const legendOfCut = [...legend, "not-kept"] as const;

function Legend({ isCut }: { readonly isCut: boolean }) {
  const messages = useMessages();
  return (
    <ul className="legend" aria-label={messages.board.legend}>
      {(isCut ? legendOfCut : legend).map((what) => (
        <li key={what}>
          <span className="bar swatch" aria-hidden="true">
            <span className={`piece current ${what}`} />
          </span>
          {messages.evidence[what]}
        </li>
      ))}
    </ul>
  );
}
