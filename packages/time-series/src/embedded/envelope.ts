import { EpochMs, Milli } from "@unbroken/units";
import type { Bucket } from "../port.ts";
import { FAULT, type Columns } from "./columns.ts";
import type { ChunkHeader } from "./chunks.ts";

interface OpenBucket {
  readonly index: number;
  count: number;
  faults: number;
  min: number;
  max: number;
  sum: number;
  readonly firstAt: number;
  lastAt: number;
}

/** Gathers points that come in order into stretches of equal length; the last one ends with the span. */
export class EnvelopeBuilder {
  private readonly from: number;
  private readonly to: number;
  private readonly width: number;
  private readonly done: Bucket[] = [];
  private open: OpenBucket | null = null;

  /** @param buckets at least 1. */
  constructor(from: number, to: number, buckets: number) {
    this.from = from;
    this.to = to;
    this.width = Math.max(1, Math.ceil((to - from) / buckets));
  }

  fallsIntoOne(chunk: ChunkHeader): boolean {
    return this.indexOf(chunk.firstAt) === this.indexOf(chunk.lastAt);
  }

  addChunk(chunk: ChunkHeader): void {
    const bucket = this.bucketAt(chunk.firstAt);
    bucket.count += chunk.count;
    bucket.faults += chunk.faults;
    bucket.sum += chunk.sum;
    bucket.lastAt = chunk.lastAt;
    if (chunk.min !== null && chunk.min < bucket.min) bucket.min = chunk.min;
    if (chunk.max !== null && chunk.max > bucket.max) bucket.max = chunk.max;
  }

  addPoints({ at, milli, mark }: Columns): void {
    let bucket: OpenBucket | null = null;
    let end = 0;
    for (let i = 0; i < at.length; i++) {
      const moment = at[i] ?? 0;
      if (bucket === null || moment >= end) {
        bucket = this.bucketAt(moment);
        end = this.from + (bucket.index + 1) * this.width;
      }
      bucket.count++;
      bucket.lastAt = moment;
      if (((mark[i] ?? 0) & FAULT) !== 0) {
        bucket.faults++;
        continue;
      }
      const value = milli[i] ?? 0;
      bucket.sum += value;
      if (value < bucket.min) bucket.min = value;
      if (value > bucket.max) bucket.max = value;
    }
  }

  finish(): readonly Bucket[] {
    this.close();
    return this.done;
  }

  private indexOf(moment: number): number {
    return Math.floor((moment - this.from) / this.width);
  }

  private bucketAt(moment: number): OpenBucket {
    const index = this.indexOf(moment);
    if (this.open?.index === index) return this.open;
    this.close();
    this.open = {
      index,
      count: 0,
      faults: 0,
      min: Infinity,
      max: -Infinity,
      sum: 0,
      firstAt: moment,
      lastAt: moment,
    };
    return this.open;
  }

  private close(): void {
    const bucket = this.open;
    if (bucket === null) return;
    const from = this.from + bucket.index * this.width;
    const valued = bucket.count > bucket.faults;
    this.done.push({
      from: EpochMs(from),
      to: EpochMs(Math.min(from + this.width, this.to)),
      count: bucket.count,
      faults: bucket.faults,
      min: valued ? Milli(bucket.min) : null,
      max: valued ? Milli(bucket.max) : null,
      sum: Math.max(-(2 ** 53), Math.min(2 ** 53, bucket.sum)),
      firstAt: EpochMs(bucket.firstAt),
      lastAt: EpochMs(bucket.lastAt),
    });
    this.open = null;
  }
}
