export type { Assignment } from "./assignment.ts";
export { ENGINE } from "./engine.ts";
export { combine, isOut, type Evidence } from "./evidence.ts";
export { excursionIdOf } from "./excursions.ts";
export type { Checkpoint, Turn } from "./fold.ts";
export { judgeInterval, type IntervalQuestion, type IntervalReading } from "./judge-interval.ts";
export { judgeSpace } from "./judge-space.ts";
export {
  initialSpaceState,
  lookbackOf,
  openExcursions,
  touchesStay,
  type Change,
  type Heard,
  type Judged,
  type SpaceContext,
  type SpaceState,
  type Stay,
} from "./space-state.ts";
export { step, type EndedRun, type Input, type Run } from "./step.ts";
export { applyTimeline } from "./timeline.ts";
export type { TimedSample } from "./track.ts";
export {
  ACTIVATION_USP,
  addTemperature,
  meanKineticTemperature,
  meanTemperature,
  type TemperatureAccount,
} from "./temperature-account.ts";
export type { VerdictDocument } from "./verdict-document.ts";
export type { Verdict } from "./finding.ts";
