import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeChunk, encodeChunk } from "./chunk-codec.ts";
import { MILLI_MAX, MOMENT_MAX, noColumns, push, type Columns } from "./columns.ts";
import { decodeRow, encodeRow, type RowPoint } from "./row-codec.ts";

const stored = fc.record({
  series: fc.integer({ min: 1, max: 2 ** 40 }),
  at: fc.integer({ min: -MOMENT_MAX, max: MOMENT_MAX }),
  received: fc.integer({ min: -MOMENT_MAX, max: MOMENT_MAX }),
  value: fc.integer({ min: -MILLI_MAX, max: MILLI_MAX }),
  mark: fc.constantFrom(0, 1, 6, 0x80, 0x83),
});
const points: fc.Arbitrary<readonly RowPoint[]> = fc.array(
  stored.map(({ series, at, received, value, mark }) => ({
    series,
    at,
    received,
    mark,
    milli: (mark & 0x7f) === 0 ? value : 0,
  })),
  { minLength: 1, maxLength: 60 },
);

function columnsOf(rows: readonly RowPoint[]): Columns {
  const columns = noColumns();
  for (const row of rows) push(columns, row.at, row.received, row.milli, row.mark);
  return columns;
}

describe("the stored form of points", () => {
  it("gives back every chunk exactly, to the ends of what may be stored", () =>
    fc.assert(
      fc.property(points, (rows) => {
        const columns = columnsOf(rows);
        expect(decodeChunk(encodeChunk(columns), "with-received")).toEqual(columns);
        expect(decodeChunk(encodeChunk(columns), "values-only")).toEqual({
          ...columns,
          received: columns.at.map(() => 0),
        });
      }),
    ));

  it("gives back every row exactly, in the order in which it came", () =>
    fc.assert(
      fc.property(points, (rows) => {
        const read: RowPoint[] = [];
        decodeRow(encodeRow(rows), (point) => read.push(point));
        expect(read).toEqual(rows);
      }),
    ));

  it("notices any changed bit", () => {
    const columns = columnsOf([
      { series: 1, at: 1000, received: 1500, milli: 4000, mark: 0 },
      { series: 1, at: 2000, received: 2500, milli: 4100, mark: 0x80 },
    ]);
    const bytes = encodeChunk(columns);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => decodeChunk(changed, "with-received")).toThrow(
        expect.objectContaining({ code: "UB_LOG_CORRUPT" }),
      );
    }
  });

  it("notices a chunk that was cut short, or is not there at all", () => {
    const bytes = encodeChunk(columnsOf([{ series: 1, at: 1, received: 1, milli: 1, mark: 0 }]));
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeChunk(bytes.subarray(0, length), "with-received")).toThrow(
        expect.objectContaining({ code: "UB_LOG_CORRUPT" }),
      );
  });

  it("takes four bytes a point for a probe in tenths of a degree with a jittery network", () => {
    const columns = noColumns();
    let milli = 4000;
    for (let i = 0; i < 512; i++) {
      milli += ((i * 7) % 5) * 100 - 200;
      const at = 1_767_571_200_000 + i * 60_000;
      push(columns, at, at + 900 + ((i * 7919) % 400), milli, 0);
    }
    expect(encodeChunk(columns).length / 512).toBeLessThan(4.1);
  });
});
