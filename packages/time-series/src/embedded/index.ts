export { openEmbeddedSeries, type EmbeddedSeriesOptions } from "./open-embedded-series.ts";
export type { CompactionLimits } from "./compaction.ts";
