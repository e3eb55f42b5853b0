import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SeriesPoint, TimeSeries } from "@unbroken/time-series";
import { openEmbeddedSeries } from "@unbroken/time-series/embedded";
import { EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compareText, firstDifference } from "./order.ts";
import { findReadings, type FoundPoint } from "./readings.ts";

const FROM = EpochMs(1_000_000);
const TO = EpochMs(1_000_002);

let dir: string;
let series: TimeSeries;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "unbroken-readings-"));
  series = await openEmbeddedSeries({ dir });
});
afterAll(async () => {
  await series.close();
  await rm(dir, { recursive: true });
});

// Few instants and many values: most of an instant's values conflict, more of them than are read at once.
const drawn = fc.uniqueArray(
  fc.record({
    sensor: fc.constantFrom("a/main", "b/main"),
    at: fc.integer({ min: FROM - 1, max: TO }),
    milli: fc.integer({ min: 0, max: 40 }),
  }),
  {
    minLength: 40,
    maxLength: 160,
    selector: ({ sensor, at, milli }) => `${sensor} ${at} ${milli}`,
  },
);

it("every reading of the span comes once and in order, whatever the page and however many share an instant", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, fc.integer({ min: 1, max: 130 }), async (points, limit) => {
      const organisation = `org${count++}`;
      await series.write(
        points.map(({ sensor, at, milli }): SeriesPoint => ({
          organisation,
          sensor,
          quantity: "temperature",
          measuredAt: EpochMs(at),
          receivedAt: EpochMs(at),
          timeSource: "device",
          milli: Milli(milli),
          fault: null,
        })),
        null,
      );
      const keys = await series.series(organisation, null);
      const found: FoundPoint[] = [];
      let cursor: string | undefined;
      do {
        const page = await findReadings(series, { keys, from: FROM, to: TO, cursor, limit });
        found.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(found.map(({ key, point }) => [key.sensor, point.measuredAt, point.milli])).toEqual(
        points
          .filter(({ at }) => at >= FROM && at < TO)
          .sort((a, b) =>
            firstDifference(a.at - b.at, compareText(a.sensor, b.sensor), a.milli - b.milli),
          )
          .map(({ sensor, at, milli }) => [sensor, at, milli]),
      );
    }),
    { numRuns: 50 },
  );
});
