import { EpochMs, Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { ROOM, START, at, fault, value } from "./points.ts";
import { withStore, type OpenStore } from "./with-store.ts";

const seconds = (n: number): EpochMs => EpochMs(START + n * 1000);

export function answers(open: OpenStore): void {
  describe("answers", () => {
    it("a range from its beginning, which is inside, to its end, which is not", () =>
      withStore(open, async ({ store }) => {
        const points = [0, 60, 120, 180].map((s) => value(s, s));
        await store.write(at(ROOM, points), null);
        expect(await store.range(ROOM, seconds(60), seconds(180), 9)).toEqual(points.slice(1, 3));
        expect(await store.range(ROOM, seconds(180), EpochMs(START + 180_001), 9)).toEqual([
          value(180, 180),
        ]);
        expect(await store.range(ROOM, seconds(61), seconds(120), 9)).toEqual([]);
        expect(await store.range(ROOM, seconds(60), seconds(60), 9)).toEqual([]);
        expect(await store.range(ROOM, seconds(120), seconds(60), 9)).toEqual([]);
      }));

    it.each([0, 1, 2, 4, 5])("a range with its first %i points at the most", (max) =>
      withStore(open, async ({ store }) => {
        const points = [0, 60, 120, 180].map((s) => value(s, s));
        await store.write(at(ROOM, points), null);
        expect(await store.range(ROOM, seconds(0), seconds(999), max)).toEqual(
          points.slice(0, max),
        );
      }),
    );

    it("the latest point by the time it was measured, not by when it came", () =>
      withStore(open, async ({ store, reopened }) => {
        await store.write(at(ROOM, [value(120, 4200)]), null);
        await store.write(at(ROOM, [value(60, 4100)]), null);
        expect(await store.last(ROOM)).toEqual(value(120, 4200));
        await store.write(at(ROOM, [fault(180, "absent")]), null);
        expect(await (await reopened()).last(ROOM)).toEqual(fault(180, "absent"));
      }));

    it("the greatest value of the latest instant, however late a conflicting one comes", () =>
      withStore(open, async ({ store }) => {
        await store.write(at(ROOM, [value(0, 1), value(60, 5)]), null);
        // Other series' writes give the store the time to file the points away.
        for (let i = 0; i < 20; i++)
          await store.write(at({ ...ROOM, sensor: "room-2/air" }, [value(i, i)]), null);
        await store.write(at(ROOM, [value(60, 3)]), null);
        expect(await store.last(ROOM)).toEqual(value(60, 5));
        await store.write(at(ROOM, [value(60, 9)]), null);
        expect(await store.last(ROOM)).toEqual(value(60, 9));
      }));

    it("an envelope with each bucket's own minimum, maximum, sum, counts and times", () =>
      withStore(open, async ({ store }) => {
        const spike = value(75, 61_000);
        await store.write(
          at(ROOM, [value(0, -18_000), value(30, -18_400), value(60, 0), spike, value(90, 200)]),
          null,
        );
        await store.write(at(ROOM, [fault(130, "open-circuit"), value(180, 999)]), null);
        expect(await store.envelope(ROOM, seconds(0), seconds(180), 3)).toEqual([
          {
            from: seconds(0),
            to: seconds(60),
            count: 2,
            faults: 0,
            min: Milli(-18_400),
            max: Milli(-18_000),
            sum: -36_400,
            firstAt: seconds(0),
            lastAt: seconds(30),
          },
          {
            from: seconds(60),
            to: seconds(120),
            count: 3,
            faults: 0,
            min: Milli(0),
            max: Milli(61_000),
            sum: 61_200,
            firstAt: seconds(60),
            lastAt: seconds(90),
          },
          {
            from: seconds(120),
            to: seconds(180),
            count: 1,
            faults: 1,
            min: null,
            max: null,
            sum: 0,
            firstAt: seconds(130),
            lastAt: seconds(130),
          },
        ]);
      }));

    it("an envelope without the stretches in which nothing was measured", () =>
      withStore(open, async ({ store }) => {
        await store.write(at(ROOM, [value(0, 1), value(999, 2)]), null);
        const buckets = await store.envelope(ROOM, seconds(0), seconds(1000), 100);
        expect(buckets.map((b) => b.from)).toEqual([seconds(0), seconds(990)]);
      }));

    it("an envelope of rising values with the last value before each bucket's end as its maximum", () =>
      withStore(open, async ({ store, reopened }) => {
        const points = Array.from({ length: 200 }, (_, i) => value(i / 1000, i));
        for (let i = 0; i < points.length; i += 2)
          await store.write(at(ROOM, points.slice(i, i + 2)), null);
        const current = await reopened();
        for (let length = 50; length < 100; length++)
          for (const buckets of [1, 3, 4]) {
            const to = EpochMs(START + length);
            const envelope = await current.envelope(ROOM, EpochMs(START), to, buckets);
            expect(envelope.map((b) => [b.min, b.max, b.count])).toEqual(
              envelope.map((b) => [b.from - START, b.to - START - 1, b.to - b.from]),
            );
            expect(envelope.at(-1)?.to).toBe(to);
          }
      }));

    it("an envelope whose last stretch ends with the span where it does not divide evenly", () =>
      withStore(open, async ({ store }) => {
        await store.write(at(ROOM, [value(0, 1), value(9, 2)]), null);
        const to = EpochMs(START + 10_000);
        const buckets = await store.envelope(ROOM, seconds(0), to, 3);
        expect(buckets.map((b) => [b.from - START, b.to - START])).toEqual([
          [0, 3334],
          [6668, 10_000],
        ]);
      }));
  });
}
