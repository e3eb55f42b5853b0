import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Quantity } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Bucket, Point, SeriesKey } from "../port.ts";
import { Chunks } from "./chunks.ts";
import { indexFrom, merged, pointAt, slice } from "./columns.ts";
import { EnvelopeBuilder } from "./envelope.ts";
import { scan } from "./scan.ts";
import type { Tails } from "./tails.ts";

/** Every question to the store, over chunks and tails together. The caller holds one view of the database. */
export class SeriesReads {
  private readonly chunks: Chunks;
  private readonly tails: Tails;
  private readonly seriesId: StatementSync;
  private readonly seriesOfAll: StatementSync;
  private readonly seriesOfDevice: StatementSync;
  private readonly cursorOf: StatementSync;

  constructor(db: DatabaseSync, tails: Tails) {
    this.chunks = new Chunks(db);
    this.tails = tails;
    this.seriesId = db.prepare(
      "SELECT id FROM series WHERE organisation = ? AND sensor = ? AND quantity = ?",
    );
    const listed = "SELECT organisation, sensor, quantity FROM series WHERE organisation = ?";
    this.seriesOfAll = db.prepare(`${listed} ORDER BY sensor, quantity`);
    this.seriesOfDevice = db.prepare(
      `${listed} AND sensor >= ? AND sensor < ? ORDER BY sensor, quantity`,
    );
    this.cursorOf = db.prepare("SELECT cursor FROM cursor WHERE partition = ?");
  }

  cursor(partition: number): number {
    return Number(this.cursorOf.get(partition)?.["cursor"] ?? 0);
  }

  range(key: SeriesKey, from: EpochMs, to: EpochMs, max: number): readonly Point[] {
    const series = this.idOf(key);
    const points: Point[] = [];
    if (series === null || max < 1) return points;
    const stretches = scan(this.chunks, {
      series,
      from,
      to,
      tail: this.tails.of(series, from, to),
      received: "with-received",
      headerIsEnough: () => false,
    });
    for (const stretch of stretches) {
      if (stretch.kind === "header") continue;
      for (let i = 0; i < stretch.points.at.length; i++) {
        points.push(pointAt(stretch.points, i));
        if (points.length >= max) return points;
      }
    }
    return points;
  }

  last(key: SeriesKey): Point | null {
    const series = this.idOf(key);
    if (series === null) return null;
    const tail = this.tails.latestOf(series);
    const chunk = this.chunks.last(series);
    const inTail = tail.at.length - 1;
    if (chunk === null || (tail.at[inTail] ?? -Infinity) > chunk.lastAt)
      return inTail < 0 ? null : pointAt(tail, inTail);
    const held = this.chunks.decode(chunk, "with-received");
    const latest = slice(held, indexFrom(held, chunk.lastAt), held.at.length);
    const known = merged(latest, slice(tail, indexFrom(tail, chunk.lastAt), tail.at.length));
    return pointAt(known, known.at.length - 1);
  }

  envelope(key: SeriesKey, from: EpochMs, to: EpochMs, buckets: number): readonly Bucket[] {
    const series = this.idOf(key);
    if (series === null || buckets < 1 || to <= from) return [];
    const builder = new EnvelopeBuilder(from, to, buckets);
    const stretches = scan(this.chunks, {
      series,
      from,
      to,
      tail: this.tails.of(series, from, to),
      received: "values-only",
      headerIsEnough: (chunk) => builder.fallsIntoOne(chunk),
    });
    for (const stretch of stretches)
      if (stretch.kind === "header") builder.addChunk(stretch.chunk);
      else builder.addPoints(stretch.points);
    return builder.finish();
  }

  series(organisation: string, device: string | null): readonly SeriesKey[] {
    // "0" follows "/" in Unicode, so this is every sensor that begins with `device/`.
    const rows =
      device === null
        ? this.seriesOfAll.all(organisation)
        : this.seriesOfDevice.all(organisation, `${device}/`, `${device}0`);
    return rows.map((row) => ({
      organisation: String(row["organisation"]),
      sensor: String(row["sensor"]),
      quantity: String(row["quantity"]) as Quantity,
    }));
  }

  private idOf(key: SeriesKey): number | null {
    const id = this.seriesId.get(key.organisation, key.sensor, key.quantity)?.["id"];
    return id === undefined ? null : Number(id);
  }
}

/** Bytes of the database and its write-ahead log. */
export function bytesOnDisk(file: string): number {
  return [file, `${file}-wal`, `${file}-shm`].reduce(
    (sum, name) => sum + (statSync(name, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
