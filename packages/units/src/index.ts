export type { Branded } from "./brand.ts";
export { Milli, VALUE_MAX, fromMilli, milliOf, type MilliCelsius } from "./milli.ts";
export { DAY, DurationMs, EpochMs, HOUR, MINUTE, SECOND, after, elapsed } from "./time.ts";
export {
  epochOfCivil,
  formatIsoDuration,
  formatIsoTime,
  parseIsoDuration,
  parseIsoTime,
} from "./iso-time.ts";
