import { FeedMessage, type ExcursionView } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { minutesAgo, spaceNow } from "../board/space-now.fixture.ts";
import { applyAll, emptyBoard } from "./board-state.ts";

const at = minutesAgo(0);
const head = (revision: number, epoch = "e1") => ({ epoch, revision, at });
const room = (given: Parameters<typeof spaceNow>[0] = {}) =>
  spaceNow({ space: "room-1", ...given });
const snapshot = (revision: number, epoch = "e1"): FeedMessage => ({
  type: "snapshot",
  ...head(revision, epoch),
  spaces: [room(), spaceNow({ space: "room-2" })],
  quarantined: 3,
});
const excursion: ExcursionView = {
  organisation: "demo",
  id: "room-1|high|high|1",
  space: "room-1",
  space_name: "Room",
  rule: "high",
  quantity: "air",
  mode: "consecutive",
  side: "high",
  severity: "break",
  since: minutesAgo(70),
  until: null,
  ended: null,
  minutes: 70,
  unit: "Cel",
  peak: 11.2,
  peak_c: 11.2,
  peak_at: minutesAgo(3),
  peak_sensor: "probe/main",
  limit: 8,
  limit_c: 8,
  hold_ms: 3_600_000,
  revision: 1,
  retracted: false,
  profile_hash: "0".repeat(64),
  engine: "detection/1",
};
const opened = (revision: number): FeedMessage => ({
  type: "excursion",
  ...head(revision),
  change: "opened",
  excursion,
});

describe("the board's state", () => {
  it("is tested with messages that the contract allows", () => {
    for (const message of [snapshot(1), opened(2)])
      expect(FeedMessage.parse(message)).toEqual(message);
  });

  it("takes a snapshot whole and deltas by space", () => {
    const delta: FeedMessage = {
      type: "delta",
      ...head(6),
      spaces: [room({ name: "Renamed" })],
      quarantined: 4,
    };
    const state = applyAll(emptyBoard, [snapshot(5), delta]);
    expect([...state.spaces.values()].map((space) => space.name)).toEqual(["Renamed", "Room"]);
    expect(state).toMatchObject({ quarantined: 4, revision: 6, at: Date.parse(at) });
  });

  it("ignores what it has applied already, as a resumed connection may repeat it", () => {
    const state = applyAll(emptyBoard, [snapshot(5), opened(6)]);
    expect(applyAll(state, [opened(6)])).toBe(state);
  });

  it("begins anew when the server did, even at a lower revision", () => {
    const state = applyAll(emptyBoard, [snapshot(500), snapshot(1, "e2")]);
    expect(state).toMatchObject({ epoch: "e2", revision: 1 });
  });

  it("shows an excursion on its tile before the delta comes", () => {
    const state = applyAll(emptyBoard, [snapshot(1), opened(2)]);
    expect(state.spaces.get("demo/room-1")).toMatchObject({
      condition: "broken",
      open: [excursion],
    });
    expect(state.announcements).toHaveLength(1);
  });

  it("announces an excursion once: amendments are silent, and so is a repetition", () => {
    const amended: FeedMessage = { ...opened(3), change: "amended" } as FeedMessage;
    const state = applyAll(emptyBoard, [snapshot(1), opened(2), amended, opened(4)]);
    expect(state.announcements.map(({ change }) => change)).toEqual(["opened"]);
  });

  it("takes a closed or retracted excursion off the tile", () => {
    const closed: FeedMessage = {
      type: "excursion",
      ...head(3),
      change: "closed",
      excursion: { ...excursion, until: at, ended: "in-range", revision: 2 },
    };
    const state = applyAll(emptyBoard, [snapshot(1), opened(2), closed]);
    expect(state.spaces.get("demo/room-1")?.open).toEqual([]);
  });

  it("keeps the time of the last heartbeat", () => {
    const later = new Date(Date.parse(at) + 10_000).toISOString();
    const beat: FeedMessage = { type: "heartbeat", epoch: "e1", revision: 1, at: later };
    expect(applyAll(emptyBoard, [snapshot(1), beat]).at).toBe(Date.parse(later));
  });
});
