import { EpochMs, Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import type { SeriesKey, TimeSeries } from "../port.ts";
import { ALL_FROM, ALL_TO, ROOM, START, at, everything, fault, numbered, value } from "./points.ts";
import { withStore, type OpenStore } from "./with-store.ts";

export function keepsPoints(open: OpenStore): void {
  describe("keeps points", () => {
    it("gives an empty answer, not an error, for a series that does not exist", () =>
      withStore(open, async ({ store }) => {
        expect(await everything(store, ROOM)).toEqual([]);
        expect(await store.last(ROOM)).toBeNull();
        expect(await store.envelope(ROOM, ALL_FROM, ALL_TO, 100)).toEqual([]);
        expect(await store.series("north", null)).toEqual([]);
        expect(await store.cursor(0)).toBe(0);
      }));

    it("orders by time what came out of order", () =>
      withStore(open, async ({ store }) => {
        const [a, b, c, d] = [value(0, 4000), value(60, 4100), value(120, 4200), value(180, 4300)];
        await store.write(at(ROOM, [c, a]), null);
        await store.write(at(ROOM, [d, b]), null);
        expect(await everything(store, ROOM)).toEqual([a, b, c, d]);
      }));

    it("keeps a point once, as it was first received, however often it comes", () =>
      withStore(open, async ({ store, reopened }) => {
        const point = value(0, 4000);
        const later = { ...point, receivedAt: EpochMs(point.receivedAt + 9000) };
        await store.write(at(ROOM, [point, point]), null);
        await store.write(at(ROOM, [later]), null);
        await store.write(at(ROOM, [later, value(60, 4100)]), null);
        expect(await everything(store, ROOM)).toEqual([point, value(60, 4100)]);
        const again = await reopened();
        await again.write(at(ROOM, [later]), null);
        expect(await everything(again, ROOM)).toEqual([point, value(60, 4100)]);
      }));

    it("keeps all differing values of one instant, faults first, then the lower value", () =>
      withStore(open, async ({ store }) => {
        const conflict = [value(0, 9000), fault(0, "open-circuit"), value(0, -100), value(0, 4000)];
        for (const point of conflict) await store.write(at(ROOM, [point]), null);
        expect(await everything(store, ROOM)).toEqual([
          fault(0, "open-circuit"),
          value(0, -100),
          value(0, 4000),
          value(0, 9000),
        ]);
        expect(await store.last(ROOM)).toEqual(value(0, 9000));
      }));

    it("keeps every kind of fault, and never as a value", () =>
      withStore(open, async ({ store, reopened }) => {
        const faults = [
          fault(0, "absent"),
          fault(1, "open-circuit"),
          fault(2, "short-circuit"),
          fault(3, "out-of-span"),
          fault(4, "not-a-value"),
          fault(5, "device-reported"),
        ];
        await store.write(at(ROOM, faults), null);
        expect(await everything(await reopened(), ROOM)).toEqual(faults);
      }));

    it.each([
      ["0 °C", 0],
      ["one thousandth above zero", 1],
      ["one thousandth below zero", -1],
      ["liquid nitrogen", -195_790],
      ["absolute zero", -273_150],
      ["the largest value there is", 1_000_000_000_000],
      ["the smallest value there is", -1_000_000_000_000],
    ])("keeps %s exactly", (_, milli) =>
      withStore(open, async ({ store, reopened }) => {
        await store.write(at(ROOM, [value(0, milli), value(1, -milli)]), null);
        const again = await reopened();
        const kept = await everything(again, ROOM);
        expect(kept.map((p) => p.milli)).toEqual([Milli(milli), Milli(-milli)]);
        const [bucket] = await again.envelope(ROOM, EpochMs(START), EpochMs(START + 2000), 1);
        expect(bucket).toMatchObject({ sum: 0, max: Math.abs(milli) });
      }),
    );

    it("keeps who said the time, and when the point was received", () =>
      withStore(open, async ({ store, reopened }) => {
        const late = { ...value(0, 1), receivedAt: EpochMs(START + 86_400_000) };
        const ours = {
          ...value(60, 2),
          receivedAt: EpochMs(START + 60_000),
          timeSource: "received" as const,
        };
        const early = { ...value(120, 3), receivedAt: EpochMs(START - 5) };
        await store.write(at(ROOM, [late, ours, early]), null);
        expect(await everything(await reopened(), ROOM)).toEqual([late, ours, early]);
      }));

    it("keeps the device's boot and number of those points that it numbered, and of no other", () =>
      withStore(open, async ({ store, reopened }) => {
        const points = [
          numbered(value(0, 1), 0, 0),
          numbered(value(60, 2), 0, 1),
          numbered(fault(120, "absent"), 0, 3),
          value(180, 4),
          numbered(value(240, 5), Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
          numbered(value(300, 6), 1, 4),
        ];
        for (const point of points) await store.write(at(ROOM, [point]), null);
        const again = await reopened();
        expect(await everything(again, ROOM)).toEqual(points);
        expect(await again.last(ROOM)).toEqual(points.at(-1));
        // Whether or not they have been filed away meanwhile.
        const other = { ...ROOM, sensor: "room-2/air" };
        for (let i = 0; i < 30; i++) await again.write(at(other, [value(i, i)]), null);
        expect(await everything(again, ROOM)).toEqual(points);
      }));

    it.each([
      ["its number", value(0, 1), numbered(value(0, 1), 3, 7), numbered(value(0, 1), 3, 7)],
      [
        "a lower number",
        numbered(value(0, 1), 3, 7),
        numbered(value(0, 1), 3, 5),
        numbered(value(0, 1), 3, 5),
      ],
      [
        "nothing, for its number is higher",
        numbered(value(0, 1), 3, 7),
        numbered(value(0, 1), 4, 0),
        numbered(value(0, 1), 3, 7),
      ],
      [
        "that its time is ours",
        value(0, 1),
        { ...value(0, 1), timeSource: "received" as const },
        { ...value(0, 1), timeSource: "received" as const },
      ],
      [
        "that it was received earlier",
        value(0, 1),
        { ...value(0, 1), receivedAt: EpochMs(START + 5) },
        { ...value(0, 1), receivedAt: EpochMs(START + 5) },
      ],
    ])("takes the same point again for the same, which adds %s", (_, first, again, kept) =>
      withStore(open, async ({ store, alsoReopened }) => {
        await store.write(at(ROOM, [first, value(-60, 9), value(60, 9)]), null);
        // Writes of another series give the store the time to file the points away.
        const other = { ...ROOM, sensor: "room-2/air" };
        for (let i = 0; i < 30; i++) await store.write(at(other, [value(i, i)]), null);
        await store.write(at(ROOM, [again]), null);
        const check = async (current: TimeSeries): Promise<void> => {
          expect(await everything(current, ROOM)).toEqual([value(-60, 9), kept, value(60, 9)]);
          const [bucket] = await current.envelope(ROOM, ALL_FROM, ALL_TO, 1);
          expect(bucket).toMatchObject({ count: 3, sum: 19 });
        };
        await alsoReopened(check);
        await alsoReopened(async (current) => {
          for (let i = 0; i < 60; i++) await current.write(at(other, [value(99 + i, i)]), null);
          await check(current);
        });
      }),
    );

    it("keeps series apart by organisation, sensor and quantity", () =>
      withStore(open, async ({ store }) => {
        const keys: readonly SeriesKey[] = [
          ROOM,
          { ...ROOM, organisation: "south" },
          { ...ROOM, sensor: "room-1/door" },
          { ...ROOM, quantity: "relative_humidity" },
        ];
        await store.write(
          keys.flatMap((key, i) => at(key, [value(0, i)])),
          null,
        );
        for (const [i, key] of keys.entries())
          expect(await everything(store, key)).toEqual([value(0, i)]);
      }));

    it("lists the series of an organisation or of one device, in order, and nobody else's", () =>
      withStore(open, async ({ store, reopened }) => {
        const keys: readonly SeriesKey[] = [
          { organisation: "north", sensor: "room-1/air", quantity: "relative_humidity" },
          { organisation: "north", sensor: "room-1/air", quantity: "temperature" },
          { organisation: "north", sensor: "room-1/wall", quantity: "temperature" },
          { organisation: "north", sensor: "room-10/air", quantity: "temperature" },
          { organisation: "south", sensor: "room-1/air", quantity: "temperature" },
        ];
        await store.write(
          keys.toReversed().flatMap((key) => at(key, [value(0, 4000)])),
          null,
        );
        const again = await reopened();
        expect(await again.series("north", null)).toEqual(keys.slice(0, 4));
        expect(await again.series("north", "room-1")).toEqual(keys.slice(0, 3));
        expect(await again.series("south", null)).toEqual(keys.slice(4));
        expect(await again.series("nor", null)).toEqual([]);
        expect(await again.series("north", "room")).toEqual([]);
      }));
  });
}
