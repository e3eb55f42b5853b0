import { UnbrokenError } from "@unbroken/errors";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { sealed, unsealed } from "./checksum.ts";
import { FAULT, NUMBERED, noColumns, type Columns, type MutableColumns } from "./columns.ts";

/**
 * Layout 1, column after column, so that a reader of values stops before the receive times:
 * layout number, count; marks as runs; times as first, then changes of the step; values as first, then changes;
 * receive times as changes of the delay; CRC-32. Times and values are divided by what all their steps have in
 * common: a probe that counts in 0.1 °C each minute needs two bytes a point for both.
 *
 * Layout 2, of chunks with numbered points: the same, then the numbers of those points as runs: boot, first number,
 * how many follow one another.
 */
const LAYOUT = 1;
const LAYOUT_NUMBERED = 2;

const writer = new ByteWriter();

/** `columns`: at least one point, in order. */
export function encodeChunk(columns: Columns): Uint8Array {
  const { at, received, milli, mark } = columns;
  const hasNumbers = mark.some(isNumbered);
  writer.byte(hasNumbers ? LAYOUT_NUMBERED : LAYOUT);
  writer.unsigned(at.length);
  writeRuns(mark);
  writeTimes(at);
  writeValues(milli.filter((_, i) => ((mark[i] ?? 0) & FAULT) === 0));
  let delayBefore = 0;
  for (let i = 0; i < at.length; i++) {
    const delay = (received[i] ?? 0) - (at[i] ?? 0);
    writer.signed(delay - delayBefore);
    delayBefore = delay;
  }
  if (hasNumbers) writeNumbers(columns);
  return sealed(writer.take());
}

/**
 * @param received whether receive times and numbers are wanted; 0 and none in their place otherwise.
 * @throws UB_LOG_CORRUPT if a bit has changed, UB_LOG_NEWER for a layout of a later version.
 */
export function decodeChunk(bytes: Uint8Array, received: "with-received" | "values-only"): Columns {
  const reader = new ByteReader(unsealed(bytes));
  const layout = reader.byte();
  if (layout !== LAYOUT && layout !== LAYOUT_NUMBERED)
    throw new UnbrokenError("UB_LOG_NEWER", "a chunk of the time series has a newer layout");
  const count = reader.unsigned();
  const columns = noColumns();
  while (columns.mark.length < count) {
    const mark = reader.byte();
    for (let run = reader.unsigned(); run > 0; run--) columns.mark.push(mark);
  }
  readTimes(reader, count, columns.at);
  readValues(reader, columns.mark, columns.milli);
  let delay = 0;
  for (let i = 0; i < count; i++) {
    if (received === "with-received") delay += reader.signed();
    columns.received.push(received === "with-received" ? (columns.at[i] ?? 0) + delay : 0);
  }
  if (layout === LAYOUT_NUMBERED && received === "with-received") readNumbers(reader, columns);
  return columns;
}

function writeRuns(marks: readonly number[]): void {
  for (let i = 0; i < marks.length;) {
    const mark = marks[i] ?? 0;
    let end = i + 1;
    while (end < marks.length && marks[end] === mark) end++;
    writer.byte(mark);
    writer.unsigned(end - i);
    i = end;
  }
}

function writeTimes(times: readonly number[]): void {
  const unit = commonStep(times);
  writer.unsigned(unit);
  writer.signed(times[0] ?? 0);
  let stepBefore = 0;
  for (let i = 1; i < times.length; i++) {
    const step = ((times[i] ?? 0) - (times[i - 1] ?? 0)) / unit;
    writer.signed(step - stepBefore);
    stepBefore = step;
  }
}

function readTimes(reader: ByteReader, count: number, times: number[]): void {
  const unit = reader.unsigned();
  let at = reader.signed();
  let step = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      step += reader.signed();
      at += step * unit;
    }
    times.push(at);
  }
}

function writeValues(values: readonly number[]): void {
  const unit = commonStep(values);
  writer.unsigned(unit);
  for (let i = 0; i < values.length; i++)
    writer.signed(i === 0 ? (values[0] ?? 0) : ((values[i] ?? 0) - (values[i - 1] ?? 0)) / unit);
}

function readValues(reader: ByteReader, marks: readonly number[], values: number[]): void {
  const unit = reader.unsigned();
  let value: number | null = null;
  for (const mark of marks) {
    if ((mark & FAULT) !== 0) {
      values.push(0);
      continue;
    }
    value = value === null ? reader.signed() : value + reader.signed() * unit;
    values.push(value);
  }
}

function isNumbered(mark: number): boolean {
  return (mark & NUMBERED) !== 0;
}

function writeNumbers({ mark, sequence }: Columns): void {
  const numbered = sequence.filter((_, i) => isNumbered(mark[i] ?? 0));
  for (let i = 0; i < numbered.length;) {
    const first = numbered[i];
    if (first === undefined) return;
    let end = i + 1;
    for (; end < numbered.length; end++) {
      const next = numbered[end];
      if (next?.boot !== first.boot || next.number !== first.number + (end - i)) break;
    }
    writer.unsigned(first.boot);
    writer.unsigned(first.number);
    writer.unsigned(end - i);
    i = end;
  }
}

function readNumbers(reader: ByteReader, { mark, sequence }: MutableColumns): void {
  let boot = 0;
  let number = 0;
  let run = 0;
  for (const [i, each] of mark.entries()) {
    if (!isNumbered(each)) continue;
    if (run === 0) {
      boot = reader.unsigned();
      number = reader.unsigned();
      run = reader.unsigned();
    }
    sequence[i] = { boot, number: number++ };
    run--;
  }
}

/** The greatest common divisor of all steps; 1 where there is none. */
function commonStep(values: readonly number[]): number {
  let common = 0;
  for (let i = 1; i < values.length && common !== 1; i++) {
    let rest = Math.abs((values[i] ?? 0) - (values[i - 1] ?? 0));
    while (rest !== 0) [common, rest] = [rest, common % rest];
  }
  return common === 0 ? 1 : common;
}
