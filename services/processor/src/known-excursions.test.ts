import type { Excursion } from "@unbroken/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import { KnownExcursions, inOrder } from "./known-excursions.ts";

const excursion = (since: number, until: number | null, revision: number): Excursion => ({
  id: `room|high|high|${since}`,
  space: "room",
  rule: "high",
  quantity: "air",
  side: "high",
  severity: "break",
  since,
  until,
  ended: until === null ? null : "in-range",
  provenMs: 0,
  peak: 9_000,
  peakAt: since,
  peakSensor: "d/main",
  limit: 8_000,
  holdMs: 0,
  profileHash: "h",
  engine: "detection/1",
  revision,
  retracted: false,
});

const changes = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 20 }), fc.option(fc.integer({ min: 0, max: 20 }))),
  { maxLength: 60 },
);

it("finds the same as a look at every one of them, however often they change", () => {
  fc.assert(
    fc.property(changes, fc.integer({ min: 0, max: 40 }), (list, from) => {
      const known = new KnownExcursions();
      const naive = new Map<string, Excursion>();
      for (const [revision, [since, lasts]] of list.entries()) {
        const changed = excursion(since, lasts === null ? null : since + lasts, revision);
        known.set(changed);
        naive.set(changed.id, changed);
      }
      const wanted = [...naive.values()].filter(({ until }) => until === null || until >= from);
      expect(known.since(from)).toEqual(inOrder(wanted));
      expect(known.size).toBe(naive.size);
    }),
  );
});

it("lets go of those that ended first, and never of one that lasts", () => {
  const known = new KnownExcursions();
  for (const [since, until] of [
    [5, null],
    [1, 9],
    [2, 3],
    [4, 7],
  ] as const)
    known.set(excursion(since, until, 1));
  expect(known.drop(2)).toBe(7);
  expect(known.since(0).map(({ since }) => since)).toEqual([1, 5]);
  expect(known.drop(5)).toBe(9);
  expect(known.drop(5)).toBeNull();
  expect(known.size).toBe(1);
});
