import { useState } from "react";
import type { SpaceNow } from "@unbroken/model";
import { BoardSkeleton } from "../components/board-skeleton.tsx";
import { CurvePanel } from "../components/curve-panel.tsx";
import { ExcursionList } from "../components/excursion-list.tsx";
import { Icon } from "../components/icons.tsx";
import { Link } from "../components/link.tsx";
import { ProfilePanel } from "../components/profile-panel.tsx";
import { SensorTable } from "../components/sensor-table.tsx";
import { SpaceHead } from "../components/space-head.tsx";
import { useBoard, useSpace } from "../data/board-store.ts";
import { useNow } from "../data/clock.ts";
import type { Range } from "../data/envelope.ts";
import { fetchExcursions } from "../data/excursions.ts";
import { useResource } from "../data/resource.ts";
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
  return (
    <main className="page space" id="content">
      <SpaceHead space={space} />
      <div className="space-columns">
        <div className="space-main">
          <CurvePanel
            space={space}
            window={window}
            range={range}
            excursions={excursions.value ?? space.open}
            onWindow={setWindow}
          />
          <ExcursionList space={space} excursions={excursions} />
        </div>
        <div className="space-side">
          <SensorTable space={space} />
          <ProfilePanel space={space} />
        </div>
      </div>
    </main>
  );
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
