import { useState } from "react";
import type { SpaceNow } from "@unbroken/model";
import { AlertPanel } from "../components/alert-strip.tsx";
import { BoardSkeleton } from "../components/board-skeleton.tsx";
import { CurvePanel } from "../components/curve-panel.tsx";
import { ExcursionList } from "../components/excursion-list.tsx";
import { ForecastPanel } from "../components/forecast-panel.tsx";
import { GapList } from "../components/gap-list.tsx";
import { Icon } from "../components/icons.tsx";
import { Link } from "../components/link.tsx";
import { ProfilePanel } from "../components/profile-panel.tsx";
import { RuleTable } from "../components/rule-table.tsx";
import { SensorTable } from "../components/sensor-table.tsx";
import { SpaceHead } from "../components/space-head.tsx";
import { VerdictPanel, verdictSpans, type VerdictSpan } from "../components/verdict-panel.tsx";
import { useBoard, useSpace } from "../data/board-store.ts";
import { useNow } from "../data/clock.ts";
import type { Range } from "../data/envelope.ts";
import { fetchExcursions } from "../data/excursions.ts";
import { fetchFacts, type SpaceFacts } from "../data/facts.ts";
import { useResource, type Resource } from "../data/resource.ts";
import { fetchVerdict, type VerdictAnswer } from "../data/verdict.ts";
import { DAY, HOUR, MINUTE } from "../format/span.ts";
import { useMessages } from "../i18n/language.ts";

export const spans = { "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export type SpanName = keyof typeof spans;

/** What the curve looks at: the last so many hours, moving with the clock, or a stretch that was dragged out. */
export type Window =
  | { readonly kind: "last"; readonly span: SpanName }
  | { readonly kind: "zoom"; readonly range: Range; readonly from: SpanName };

export function SpacePage(props: { readonly organisation: string; readonly space: string }) {
  const board = useBoard();
  const space = useSpace(`${props.organisation}/${props.space}`);
  if (space !== undefined) return <Space space={space} />;
  return board.at === null ? <BoardSkeleton /> : <NotFound id={props.space} />;
}

function Space({ space }: { readonly space: SpaceNow }) {
  const [window, setWindow] = useState<Window>({ kind: "last", span: "24h" });
  const range = useRange(window);
  // A new excursion must be in the list at once, so its revisions are part of what is asked for.
  const opened = space.open.map(({ id, revision }) => `${id}@${revision}`).join(" ");
  const excursions = useResource(`${space.space} ${range.from} ${range.to} ${opened}`, (signal) =>
    fetchExcursions(space, range, signal),
  );
  const [span, setSpan] = useState<VerdictSpan>("24h");
  const verdict = useVerdict(space, span, opened);
  const facts = useFacts(space);
  const now = useNow(10_000);
  return (
    <main className="page space" id="content">
      <SpaceHead space={space} />
      <AlertPanel space={space} now={now} />
      <div className="space-columns">
        <div className="space-main">
          <VerdictPanel space={space} verdict={verdict} span={span} onSpan={setSpan} />
          <CurvePanel
            space={space}
            window={window}
            range={range}
            excursions={excursions.value ?? space.open}
            facts={facts}
            onWindow={setWindow}
          />
          <RuleTable space={space} verdict={verdict.value} />
          <ExcursionList space={space} excursions={excursions} />
        </div>
        <div className="space-side">
          <ForecastPanel space={space} />
          <SensorTable space={space} facts={facts} />
          {verdict.value === null ? null : (
            <GapList
              gaps={verdict.value.gaps}
              zone={space.zone}
              onShow={(range) => setWindow({ kind: "zoom", range, from: "24h" })}
            />
          )}
          <ProfilePanel space={space} />
        </div>
      </div>
    </main>
  );
}

/** Asked anew as time goes on, less often the longer the stretch, and at once when an excursion opens or changes. */
function useVerdict(space: SpaceNow, span: VerdictSpan, opened: string): Resource<VerdictAnswer> {
  const length = verdictSpans[span];
  const step = length > 7 * DAY ? HOUR : length > DAY ? 10 * MINUTE : 2 * MINUTE;
  const to = useNow(step) + step;
  const { organisation, space: id, profile } = space;
  const key = `${organisation}/${id} ${profile?.hash ?? ""} ${to - length} ${to} ${opened}`;
  return useResource(key, (signal) => fetchVerdict(space, { from: to - length, to }, signal));
}

function useFacts(space: SpaceNow): SpaceFacts | null {
  const sensors = space.sensors.map(({ sensor }) => sensor);
  const key = `${space.organisation}/${space.space} ${sensors.join(" ")} ${space.out_of_service?.since ?? ""}`;
  return useResource(key, (signal) => fetchFacts(space, sensors, signal)).value;
}

/** Moves on by whole minutes in the near ranges, by ten in the far ones: each step is fetched anew. */
function useRange(window: Window): Range {
  const span = window.kind === "last" ? spans[window.span] : DAY;
  const step = span > DAY ? 10 * MINUTE : MINUTE;
  const now = useNow(step) + step;
  return window.kind === "zoom" ? window.range : { from: now - span, to: now };
}

function NotFound({ id }: { readonly id: string }) {
  const messages = useMessages();
  return (
    <main className="page narrow" id="content">
      <div className="none">
        <h1>{messages.space.notFound}</h1>
        <p>{messages.space.notFoundHint(id)}</p>
        <Link className="button" href="/">
          <Icon name="back" />
          {messages.space.back}
        </Link>
      </div>
    </main>
  );
}
