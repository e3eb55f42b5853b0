export { partitionOf } from "./partition-of.ts";
export type {
  AcceptedCommit,
  Commit,
  EventLog,
  LogAppender,
  LogReader,
  OutputReader,
  StageStore,
} from "./port.ts";
export {
  RECORD_SCHEMA,
  type InputTopic,
  type LogRecord,
  type NewRecord,
  type OutputRecord,
  type OutputTopic,
} from "./record.ts";
