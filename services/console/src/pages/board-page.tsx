import { useMemo, useState } from "react";
import type { SpaceNow } from "@unbroken/model";
import { byUrgency, countsOf, keyOfSpace, matches, type Condition } from "../board/urgency.ts";
import { BoardHead } from "../components/board-head.tsx";
import { BoardSkeleton } from "../components/board-skeleton.tsx";
import { EmptyBoard } from "../components/empty-board.tsx";
import { Tile } from "../components/tile.tsx";
import { useBoard } from "../data/board-store.ts";
import { useNow } from "../data/clock.ts";
import { useMessages } from "../i18n/language.ts";

/** Tiles drawn at first; more on request, so that a province does not freeze a phone. */
const SHOWN_FIRST = 240;

/** Ages are told in minutes; nothing on a tile moves faster. */
const STEP_MS = 10_000;

export function BoardPage() {
  const board = useBoard();
  const now = useNow(STEP_MS);
  const [filter, setFilter] = useState("");
  const [condition, setCondition] = useState<Condition | null>(null);
  const sorted = useMemo(() => [...board.spaces.values()].sort(byUrgency), [board.spaces]);
  const counts = useMemo(() => countsOf(sorted), [sorted]);
  const shown = useMemo(
    () =>
      sorted.filter(
        (space) => (condition === null || space.condition === condition) && matches(space, filter),
      ),
    [sorted, condition, filter],
  );
  const clear = () => {
    setFilter("");
    setCondition(null);
  };
  if (board.at === null) return <BoardSkeleton />;
  if (sorted.length === 0) return <EmptyBoard />;
  return (
    <main className="page board" id="content">
      <BoardHead
        counts={counts}
        total={sorted.length}
        shown={shown.length}
        condition={condition}
        onCondition={setCondition}
        filter={filter}
        onFilter={setFilter}
      />
      <Tiles spaces={shown} now={now} onClear={clear} />
    </main>
  );
}

function Tiles({
  spaces,
  now,
  onClear,
}: {
  readonly spaces: readonly SpaceNow[];
  readonly now: number;
  onClear: () => void;
}) {
  const messages = useMessages();
  const [most, setMost] = useState(SHOWN_FIRST);
  const isUrgent = ({ condition }: SpaceNow) =>
    condition === "broken" || condition === "out" || condition === "warming";
  const urgent = spaces.filter(isUrgent);
  const rest = spaces.filter((space) => !isUrgent(space));
  if (spaces.length === 0) return <NoneMatch onClear={onClear} />;
  const restShown = rest.slice(0, most);
  return (
    <>
      {urgent.length === 0 ? null : (
        <section aria-label={messages.board.urgent}>
          <div className="tiles urgent">
            {urgent.slice(0, most).map((space) => (
              <Tile key={keyOfSpace(space)} space={space} now={now} size="urgent" />
            ))}
          </div>
        </section>
      )}
      {rest.length === 0 ? null : (
        <section aria-label={messages.board.rest}>
          <div className="tiles calm">
            {restShown.map((space) => (
              <Tile key={keyOfSpace(space)} space={space} now={now} size="calm" />
            ))}
          </div>
        </section>
      )}
      {Math.max(urgent.length, rest.length) > most ? (
        <button type="button" className="button" onClick={() => setMost(most + SHOWN_FIRST)}>
          {messages.board.more(Math.min(SHOWN_FIRST, Math.max(urgent.length, rest.length) - most))}
        </button>
      ) : null}
    </>
  );
}

function NoneMatch({ onClear }: { onClear: () => void }) {
  const messages = useMessages();
  return (
    <div className="none">
      <p>{messages.board.noneMatch}</p>
      <button type="button" className="button" onClick={onClear}>
        {messages.board.clear}
      </button>
    </div>
  );
}
