import { EpochMs } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { ROOM, START, at, everything, value } from "./points.ts";
import { withStore, type OpenStore } from "./with-store.ts";

const HOUR_SECONDS = 3600;

export function movesCursor(open: OpenStore): void {
  describe("keeps its place and forgets what it may", () => {
    it("moves a partition's cursor with the points, and no other's", () =>
      withStore(open, async ({ store, reopened }) => {
        await store.write(at(ROOM, [value(0, 1)]), { partition: 2, cursor: 17 });
        await store.write(at(ROOM, [value(1, 2)]), null);
        await store.write([], { partition: 0, cursor: 5 });
        const again = await reopened();
        expect([await again.cursor(0), await again.cursor(1), await again.cursor(2)]).toEqual([
          5, 0, 17,
        ]);
        expect(await everything(again, ROOM)).toEqual([value(0, 1), value(1, 2)]);
      }));

    it("leaves cursor and points as they were when a write is refused", () =>
      withStore(open, async ({ store, alsoReopened }) => {
        await store.write(at(ROOM, [value(0, 1)]), { partition: 0, cursor: 1 });
        const neither = { ...value(60, 1), milli: null };
        const write = store.write(at(ROOM, [value(30, 2), neither]), { partition: 0, cursor: 2 });
        await expect(write).rejects.toThrow(RangeError);
        await alsoReopened(async (current) => {
          expect(await current.cursor(0)).toBe(1);
          expect(await everything(current, ROOM)).toEqual([value(0, 1)]);
        });
      }));

    it("gives the same after every one of many restarts", () =>
      withStore(open, async ({ store, reopened }) => {
        let current = store;
        const points = Array.from({ length: 60 }, (_, i) => value(i * 60, 4000 + (i % 7)));
        for (let i = 0; i < points.length; i += 10) {
          await current.write(at(ROOM, points.slice(i, i + 10)), { partition: 0, cursor: i });
          current = await reopened();
          expect(await everything(current, ROOM)).toEqual(points.slice(0, i + 10));
          expect(await current.cursor(0)).toBe(i);
        }
      }));

    it("forgets nothing that was measured at or after the given moment", () =>
      withStore(open, async ({ store, alsoReopened }) => {
        const points = Array.from({ length: 1200 }, (_, i) => value(i * HOUR_SECONDS, i));
        for (let i = 0; i < points.length; i += 100)
          await store.write(at(ROOM, points.slice(i, i + 100)), { partition: 0, cursor: i });
        const before = EpochMs(START + 700 * HOUR_SECONDS * 1000);
        await store.retain(before);
        await alsoReopened(async (current) => {
          const left = await everything(current, ROOM);
          expect(left).toEqual(points.slice(points.length - left.length));
          expect(left.length).toBeGreaterThanOrEqual(500);
          expect(left.length).toBeLessThan(1200);
          expect(await current.cursor(0)).toBe(1100);
        });
      }));

    it("forgets a series of which nothing is left, and takes it up again when it comes back", () =>
      withStore(open, async ({ store, reopened }) => {
        const other = { ...ROOM, sensor: "room-2/air" };
        await store.write([...at(ROOM, [value(0, 1)]), ...at(other, [value(9999, 1)])], null);
        await store.retain(EpochMs(START + 1000));
        expect(await everything(store, ROOM)).toEqual([]);
        expect(await store.series("north", null)).toEqual([other]);
        await store.write(at(ROOM, [value(20, 7)]), null);
        const again = await reopened();
        expect(await everything(again, ROOM)).toEqual([value(20, 7)]);
        expect(await everything(again, other)).toEqual([value(9999, 1)]);
      }));

    it("keeps a series whose few points are all recent", () =>
      withStore(open, async ({ store, alsoReopened }) => {
        await store.write(at(ROOM, [value(5, 1)]), null);
        await store.retain(EpochMs(START + 5000));
        await store.write(at(ROOM, [value(6, 2)]), null);
        await alsoReopened(async (current) => {
          expect(await current.series("north", null)).toEqual([ROOM]);
          expect(await everything(current, ROOM)).toEqual([value(5, 1), value(6, 2)]);
        });
      }));

    it("tells a size that is above nothing once there is something", () =>
      withStore(open, async ({ store }) => {
        await store.write(at(ROOM, [value(0, 1)]), null);
        expect(await store.size()).toBeGreaterThan(0);
      }));
  });
}
