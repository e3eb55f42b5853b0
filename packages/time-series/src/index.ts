export type { Bucket, Point, SeriesKey, SeriesPoint, TimeSeries } from "./port.ts";
