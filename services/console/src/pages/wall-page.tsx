import { useEffect, useState, useSyncExternalStore } from "react";
import type { SpaceNow } from "@unbroken/model";
import { freshnessOf, sideOf } from "../board/outlook.ts";
import { bandText, briefStatementOf, conditionWord } from "../board/statement.ts";
import { byUrgency, countsOf, keyOfSpace } from "../board/urgency.ts";
import { wallPages } from "../board/wall-pages.ts";
import { headlineOf, worstOf } from "../components/board-head.tsx";
import { ConditionMark } from "../components/condition-mark.tsx";
import { Icon, Logo } from "../components/icons.tsx";
import { Link } from "../components/link.tsx";
import { Temperature } from "../components/temperature.tsx";
import { useBoard } from "../data/board-store.ts";
import { useNow } from "../data/clock.ts";
import { clockText, viewerZone } from "../format/zoned-time.ts";
import { shortSpanText } from "../format/span.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { navigate, spaceAddress } from "../routing.ts";

const PAGE_MS = 12_000;

/** For three metres away: four facts a tile, 28 px and more, page after page; what is urgent stays on each. */
export function WallPage() {
  const messages = useMessages();
  const board = useBoard();
  const now = useNow(10_000);
  const room = useRoom();
  const sorted = [...board.spaces.values()].sort(byUrgency);
  const counts = countsOf(sorted);
  const pages = wallPages(sorted, room.columns * room.rows);
  const turn = useTurn(pages.length);
  const worst = worstOf(counts);
  return (
    <main className="wall" id="content">
      <header className="wall-head">
        <Logo size={48} />
        <h1 className={`headline ${worst}`}>
          <ConditionMark condition={worst} size={40} />
          {sorted.length === 0 ? messages.empty.title : headlineOf(counts, sorted.length, messages)}
        </h1>
        {pages.length > 1 ? (
          <span className="wall-turn number">{messages.wall.page(turn + 1, pages.length)}</span>
        ) : null}
        <WallClock />
        <button
          type="button"
          className="button quiet icon"
          aria-label={messages.wall.leave}
          title={messages.wall.leave}
          onClick={() => navigate("/")}
        >
          <Icon name="close" size={24} />
        </button>
      </header>
      <div
        className="wall-tiles"
        style={{
          gridTemplateColumns: `repeat(${room.columns}, minmax(0, 1fr))`,
          gridTemplateRows: `repeat(${room.rows}, minmax(0, 1fr))`,
        }}
      >
        {(pages[turn] ?? []).map((space) => (
          <WallTile key={keyOfSpace(space)} space={space} now={now} />
        ))}
      </div>
    </main>
  );
}

function WallTile({ space, now }: { readonly space: SpaceNow; readonly now: number }) {
  const messages = useMessages();
  const language = useLanguage();
  const side = sideOf(space);
  const statement = briefStatementOf(space, { now, messages, language });
  const fresh = freshnessOf(space, now);
  const stale = fresh?.stale === true;
  const age = fresh === null ? "" : messages.ago(shortSpanText(fresh.ageMs, messages.span));
  return (
    <Link
      href={spaceAddress(space)}
      data-tile={keyOfSpace(space)}
      className={`wall-tile ${space.condition} ${side}${stale ? " stale" : ""}`}
    >
      <span className="wall-name">
        {space.vehicle_name === null ? space.name : `${space.vehicle_name} · ${space.name}`}
      </span>
      <span className="wall-value">
        <Temperature value={space.worst?.value_c ?? null} />
      </span>
      <span className="wall-word">
        <ConditionMark condition={space.condition} side={side} size={28} />
        {conditionWord(space, messages)}
      </span>
      <span className="wall-fact number">
        {statement ?? (stale ? age : bandText(space, messages))}
      </span>
    </Link>
  );
}

function WallClock() {
  const language = useLanguage();
  const now = useNow(1_000);
  return <time className="wall-clock number">{clockText(now, viewerZone, language)}</time>;
}

/** How many tiles fit, at 440 × 216 px each and more on larger walls. */
function useRoom(): { readonly columns: number; readonly rows: number } {
  const size = useSyncExternalStore(onResize, () => `${window.innerWidth} ${window.innerHeight}`);
  const [width = 1920, height = 1080] = size.split(" ").map(Number);
  const scale = Math.max(1, Math.min(width / 1920, height / 1080));
  return {
    columns: Math.max(1, Math.floor(width / (440 * scale))),
    rows: Math.max(1, Math.floor((height - 104 * scale) / (224 * scale))),
  };
}

function onResize(onChange: () => void): () => void {
  window.addEventListener("resize", onChange);
  return () => window.removeEventListener("resize", onChange);
}

function useTurn(pages: number): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (pages < 2) return;
    const timer = window.setInterval(() => setTurn((n) => n + 1), PAGE_MS);
    return () => window.clearInterval(timer);
  }, [pages]);
  return turn % pages;
}
