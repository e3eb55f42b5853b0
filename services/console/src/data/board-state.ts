import type { ExcursionView, FeedMessage, SpaceNow } from "@unbroken/model";
import { keyOfSpace } from "../board/urgency.ts";

/** Something that a screen reader says once. */
export interface Announcement {
  readonly change: "opened" | "closed" | "retracted";
  readonly excursion: ExcursionView;
}

/** All that the feed has told. Never edited in place. */
export interface BoardState {
  readonly spaces: ReadonlyMap<string, SpaceNow>;
  readonly quarantined: number;
  readonly epoch: string;
  readonly revision: number;
  /** The server's clock at its last message, epoch ms; null before the first snapshot. */
  readonly at: number | null;
  /** In order of arrival; each change of an excursion stands here once. */
  readonly announcements: readonly Announcement[];
}

export const emptyBoard: BoardState = {
  spaces: new Map(),
  quarantined: 0,
  epoch: "",
  revision: -1,
  at: null,
  announcements: [],
};

/** Announcements older than these have been read out. */
const ANNOUNCEMENTS_MAX = 20;

/** Applies messages in the order in which they came. Pure; what was applied already is ignored. */
export function applyAll(state: BoardState, messages: readonly FeedMessage[]): BoardState {
  return messages.reduce(apply, state);
}

function apply(state: BoardState, message: FeedMessage): BoardState {
  if (message.type === "error") return state;
  const repeated = message.epoch === state.epoch && message.revision <= state.revision;
  if (repeated && message.type !== "snapshot")
    return message.type === "heartbeat" ? { ...state, at: Date.parse(message.at) } : state;
  const { epoch, revision } = message;
  const next = { ...state, epoch, revision, at: Date.parse(message.at) };
  switch (message.type) {
    case "snapshot":
      return {
        ...next,
        spaces: upsert(new Map(), message.spaces),
        quarantined: message.quarantined,
      };
    case "delta":
      return {
        ...next,
        spaces: upsert(state.spaces, message.spaces),
        quarantined: message.quarantined,
      };
    case "excursion":
      return withExcursion(next, message.change, message.excursion);
    case "heartbeat":
      return next;
  }
}

function upsert(
  spaces: ReadonlyMap<string, SpaceNow>,
  changed: readonly SpaceNow[],
): ReadonlyMap<string, SpaceNow> {
  const next = new Map(spaces);
  for (const space of changed) next.set(keyOfSpace(space), space);
  return next;
}

// The excursion comes ahead of the delta that carries its space: the tile shows it at once.
function withExcursion(
  state: BoardState,
  change: "opened" | "amended" | "closed" | "retracted",
  excursion: ExcursionView,
): BoardState {
  const key = keyOfSpace(excursion);
  const space = state.spaces.get(key);
  const announcements = announced(state.announcements, change, excursion);
  if (space === undefined) return { ...state, announcements };
  const isOpen = excursion.until === null && !excursion.retracted;
  const others = space.open.filter((one) => one.id !== excursion.id);
  const open = isOpen ? [...others, excursion] : others;
  const breaks = open.some((one) => one.severity === "break");
  const condition = breaks ? "broken" : space.condition;
  const spaces = new Map(state.spaces).set(key, { ...space, open, condition });
  return { ...state, spaces, announcements };
}

function announced(
  before: readonly Announcement[],
  change: "opened" | "amended" | "closed" | "retracted",
  excursion: ExcursionView,
): readonly Announcement[] {
  if (change === "amended") return before;
  if (before.some((one) => one.change === change && one.excursion.id === excursion.id))
    return before;
  return [...before, { change, excursion }].slice(-ANNOUNCEMENTS_MAX);
}
