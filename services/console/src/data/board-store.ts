import { useSyncExternalStore } from "react";
import type { FeedMessage, SpaceNow } from "@unbroken/model";
import { applyAll, emptyBoard, type BoardState } from "./board-state.ts";
import { setServerTime } from "./clock.ts";
import { WritableStore } from "./external-store.ts";
import { FeedConnection, type ConnectionStatus } from "./feed-connection.ts";
import { checkSession } from "./session.ts";

const board = new WritableStore<BoardState>(emptyBoard);
const status = new WritableStore<ConnectionStatus>({ kind: "connecting" });
let waiting: FeedMessage[] = [];
let scheduled = false;

const connection = new FeedConnection({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/feed`,
  position() {
    const { epoch, revision } = board.get();
    return epoch === "" ? null : { epoch, revision };
  },
  onMessage(message) {
    waiting.push(message);
    schedule();
  },
  onStatus: (next) => {
    if (status.get().kind !== "live" || next.kind !== "live") status.set(next);
  },
  onRefused: () => void checkSession(),
});

/** Messages are applied together once per frame; a hidden page has no frames, so it takes a timer. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  if (document.visibilityState === "visible") requestAnimationFrame(flush);
  else window.setTimeout(flush, 250);
}

function flush(): void {
  scheduled = false;
  const messages = waiting;
  waiting = [];
  const next = applyAll(board.get(), messages);
  if (next.at !== null) setServerTime(next.at);
  board.set(next);
}

export function startBoard(): void {
  connection.start();
}

export function stopBoard(): void {
  connection.stop();
  waiting = [];
  board.set(emptyBoard);
}

export function retryNow(): void {
  connection.tryNow();
}

export function useBoard(): BoardState {
  return useSyncExternalStore(board.subscribe, board.get);
}

/** One space; changes elsewhere on the board do not draw its page again. */
export function useSpace(key: string): SpaceNow | undefined {
  return useSyncExternalStore(board.subscribe, () => board.get().spaces.get(key));
}

export function useConnection(): ConnectionStatus {
  return useSyncExternalStore(status.subscribe, status.get);
}
