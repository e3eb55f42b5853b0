export type { EmbeddedLogHandle } from "./appender.ts";
export {
  attachEmbeddedLog,
  openEmbeddedLog,
  type AttachedLog,
  type EmbeddedLog,
  type EmbeddedLogOptions,
} from "./open-embedded-log.ts";
export { openStageReader, type StageReader } from "./stage-reader.ts";
export { openStageStore, type StageStoreOptions } from "./stage-store.ts";
export { inspectLog, type DayInspection, type LogInspection } from "./inspect-log.ts";
