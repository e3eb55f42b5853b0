import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeChunk, encodeChunk } from "./chunk-codec.ts";
import { MILLI_MAX, MOMENT_MAX, NUMBERED, noColumns, push, type Columns } from "./columns.ts";
import { decodeRow, encodeRow, type RowPoint } from "./row-codec.ts";

const stored = fc.record({
  series: fc.integer({ min: 1, max: 2 ** 40 }),
  at: fc.integer({ min: -MOMENT_MAX, max: MOMENT_MAX }),
  received: fc.integer({ min: -MOMENT_MAX, max: MOMENT_MAX }),
  value: fc.integer({ min: -MILLI_MAX, max: MILLI_MAX }),
  mark: fc.constantFrom(0, 1, 6, 0x80, 0x83),
  sequence: fc.option(
    fc.record({ boot: fc.maxSafeNat(), number: fc.oneof(fc.nat(3), fc.maxSafeNat()) }),
    { nil: undefined },
  ),
});
const points: fc.Arbitrary<readonly RowPoint[]> = fc.array(
  stored.map(({ series, at, received, value, mark, sequence }) => ({
    series,
    at,
    received,
    mark: sequence === undefined ? mark : mark | NUMBERED,
    sequence,
    milli: (mark & 0x7f) === 0 ? value : 0,
  })),
  { minLength: 1, maxLength: 60 },
);

function columnsOf(rows: readonly RowPoint[]): Columns {
  const columns = noColumns();
  for (const row of rows) push(columns, row.at, row.received, row.milli, row.mark, row.sequence);
  return columns;
}

function plain(at: number, milli: number): RowPoint {
  return { series: 1, at, received: at + 500, milli, mark: 0, sequence: undefined };
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
          sequence: [],
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
      plain(1000, 4000),
      { ...plain(2000, 4100), mark: 0x80 | NUMBERED, sequence: { boot: 9, number: 4 } },
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
    const bytes = encodeChunk(columnsOf([plain(1, 1)]));
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
      push(columns, at, at + 900 + ((i * 7919) % 400), milli, 0, undefined);
    }
    const plainly = encodeChunk(columns).length;
    expect(plainly / 512).toBeLessThan(4.1);
    // A device that numbers its readings pays for where they do not follow one another.
    const mark = columns.mark.map(() => NUMBERED);
    const sequence = columns.at.map((_, i) => ({ boot: 1_767_571_200, number: i + (i >> 8) }));
    expect(encodeChunk({ ...columns, mark, sequence }).length).toBeLessThan(plainly + 25);
  });

  it("is for points without numbers what it was before there were any, to the byte", () => {
    const at = 1_767_571_200_000;
    const rows: readonly RowPoint[] = [
      { ...plain(at, 4000), series: 7, received: at + 2000 },
      { ...plain(at + 60_000, 0), series: 7, received: at + 61_000, mark: 0x83 },
      { ...plain(at + 120_000, -18_500), series: 9, received: at + 120_500, mark: 0x40 },
    ];
    const row = "0e80e0a0b7f166a01f00c03e00c0a907d00f8304c0a907e8074087a1027904b9f9";
    const chunk = "0103000183014001e0d40380e0a0b7f1660200e4af01c03e01a01fcf0fe7073e714faa";
    expect(Buffer.from(encodeRow(rows)).toString("hex")).toBe(row);
    expect(Buffer.from(encodeChunk(columnsOf(rows))).toString("hex")).toBe(chunk);
    const read: RowPoint[] = [];
    decodeRow(Buffer.from(row, "hex"), (point) => read.push(point));
    expect(read).toEqual(rows);
    expect(decodeChunk(Buffer.from(chunk, "hex"), "with-received")).toEqual(columnsOf(rows));
  });
});
