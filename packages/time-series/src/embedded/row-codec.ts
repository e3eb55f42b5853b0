import type { Sequence } from "@unbroken/model";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { sealed, unsealed } from "./checksum.ts";
import { FAULT, NUMBERED } from "./columns.ts";

/** One write's points as one row: whatever series they belong to, in the order in which they came. */
export interface RowPoint {
  readonly series: number;
  readonly at: number;
  readonly received: number;
  readonly milli: number;
  readonly mark: number;
  /** With `NUMBERED`, and only then. */
  readonly sequence: Sequence | undefined;
}

const writer = new ByteWriter();

/** About ten bytes a point, and what boot and number take where there are some. */
export function encodeRow(points: readonly RowPoint[]): Uint8Array {
  let series = 0;
  let at = 0;
  for (const point of points) {
    writer.signed(point.series - series);
    writer.signed(point.at - at);
    writer.signed(point.received - point.at);
    writer.byte(point.mark);
    if ((point.mark & FAULT) === 0) writer.signed(point.milli);
    if (point.sequence !== undefined) {
      writer.unsigned(point.sequence.boot);
      writer.unsigned(point.sequence.number);
    }
    series = point.series;
    at = point.at;
  }
  return sealed(writer.take());
}

/** @throws UB_LOG_CORRUPT if a bit has changed. */
export function decodeRow(bytes: Uint8Array, take: (point: RowPoint) => void): void {
  const reader = new ByteReader(unsealed(bytes));
  let series = 0;
  let at = 0;
  while (!reader.done) {
    series += reader.signed();
    at += reader.signed();
    const received = at + reader.signed();
    const mark = reader.byte();
    const milli = (mark & FAULT) === 0 ? reader.signed() : 0;
    const sequence =
      (mark & NUMBERED) === 0 ? undefined : { boot: reader.unsigned(), number: reader.unsigned() };
    take({ series, at, received, milli, mark, sequence });
  }
}
