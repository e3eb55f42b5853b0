import { isClockDoubtful, type ClockFinding } from "@unbroken/detection";
import { QUEUE_MAX, deviceOfSensor, type FaultKind } from "@unbroken/model";
import type { Point, SeriesKey, TimeSeries } from "@unbroken/time-series";
import { EpochMs } from "@unbroken/units";
import { RequestRefused } from "../http/problem.ts";
import { shownBy, type ClockFindings } from "./clock-findings.ts";
import type { ReadingColumns } from "./verdict-question.ts";

/** What one verdict looks at: four years of a reading each minute, a minute's work at the most. */
export const READINGS_MAX = 2_000_000;
const PAGE = 50_000;

/** A sensor, the stretches `[from, to)` in which it counts, and from when to when its readings are looked at. */
export interface Sought {
  readonly key: SeriesKey;
  readonly stays: readonly { readonly from: number; readonly to: number }[];
  readonly read: { readonly from: number; readonly to: number };
}

/**
 * The stored readings of several sensors, each with its number and whether its time is in doubt; of those that were known
 * at `asOf` only.
 * @throws UB_INTERVAL_TOO_LONG if they are more than `READINGS_MAX`
 */
export async function readColumns(
  series: TimeSeries,
  sought: readonly Sought[],
  asOf: number,
  clocks: ClockFindings,
): Promise<readonly ReadingColumns[]> {
  const columns: ReadingColumns[] = [];
  let left = READINGS_MAX;
  for (const each of sought) {
    const { organisation, sensor } = each.key;
    const findings = shownBy(await clocks(organisation, deviceOfSensor(sensor)), asOf);
    const read = await readOne(series, each, asOf, left, findings);
    left -= read.at.length;
    if (read.at.length > 0) columns.push(read);
  }
  return columns;
}

async function readOne(
  series: TimeSeries,
  { key, read }: Sought,
  asOf: number,
  left: number,
  findings: readonly ClockFinding[],
): Promise<ReadingColumns> {
  const columns = new ColumnsBuilder(findings);
  const sentAgain = new SentAgain();
  const { to } = read;
  for (let start = read.from; start < to;) {
    const points = await series.range(key, EpochMs(start), EpochMs(to), PAGE);
    // The instant of the last point may have more: it is read again with what follows.
    const full = points.length === PAGE;
    const end = full ? (points.at(-1)?.measuredAt ?? to) : to;
    for (const point of points) {
      if ((full && point.measuredAt >= end) || point.receivedAt > asOf) continue;
      if (!sentAgain.isOneOf(point)) columns.add(point);
    }
    if (columns.length > left) throw tooLong();
    start = full && end > start ? end : to;
  }
  return columns.of(key);
}

/** What was told before, in the order of time: docs/time.md, "Sent again". */
class SentAgain {
  readonly #told = new Map<string, EpochMs>();

  isOneOf({ timeSource, sequence, milli, fault, measuredAt }: Point): boolean {
    if (timeSource === "device" || sequence === undefined) return false;
    const name = `${sequence.boot} ${sequence.number} ${fault ?? milli ?? ""}`;
    const before = this.#told.get(name);
    if (before !== undefined && measuredAt - before <= QUEUE_MAX) return true;
    this.#told.set(name, measuredAt);
    return false;
  }
}

/** Points as columns, each only where there is something to say in it. */
class ColumnsBuilder {
  readonly #findings: readonly ClockFinding[];
  readonly #at: number[] = [];
  readonly #milli: number[] = [];
  readonly #faults = new Map<number, FaultKind>();
  #boot: number[] | null = null;
  #number: number[] | null = null;
  readonly #doubtful: number[] = [];

  constructor(findings: readonly ClockFinding[]) {
    this.#findings = findings;
  }

  get length(): number {
    return this.#at.length;
  }

  add(point: Point): void {
    const { measuredAt, milli, fault, sequence } = point;
    if (fault !== null) this.#faults.set(this.length, fault);
    if (isClockDoubtful(point, this.#findings)) this.#doubtful.push(this.length);
    if (sequence !== undefined) {
      this.#boot ??= this.#at.map(() => Number.NaN);
      this.#number ??= this.#at.map(() => Number.NaN);
    }
    this.#boot?.push(sequence?.boot ?? Number.NaN);
    this.#number?.push(sequence?.number ?? Number.NaN);
    this.#at.push(measuredAt);
    this.#milli.push(milli ?? Number.NaN);
  }

  of({ sensor, quantity }: SeriesKey): ReadingColumns {
    const doubtful = this.#doubtful.length === 0 ? null : new Uint8Array(this.length);
    for (const i of this.#doubtful) doubtful?.fill(1, i, i + 1);
    return {
      sensor,
      quantity,
      at: Float64Array.from(this.#at),
      milli: Float64Array.from(this.#milli),
      faults: this.#faults,
      numbers:
        this.#boot === null || this.#number === null
          ? null
          : { boot: Float64Array.from(this.#boot), number: Float64Array.from(this.#number) },
      doubtful,
    };
  }
}

function tooLong(): RequestRefused {
  const detail = `more than ${READINGS_MAX} readings lie in the interval; ask for a shorter one`;
  return new RequestRefused("UB_INTERVAL_TOO_LONG", detail, [{ pointer: "/query/from", detail }]);
}
