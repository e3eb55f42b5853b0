export type { Assignment } from "./assignment.ts";
export { ENGINE } from "./engine.ts";
export {
  UNTOUCHED,
  type EndedEpisode,
  type Episode,
  type RuleState,
  type Tolerance,
} from "./episode.ts";
export { isOut, type Doubt, type Evidence } from "./evidence.ts";
export { excursionIdOf } from "./excursions.ts";
export type { Checkpoint } from "./checkpoint.ts";
export type { Turn } from "./folding.ts";
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
export { noFacts, type SpaceFacts } from "./space-facts.ts";
export { step, type Input, type Stepped } from "./step.ts";
export { quantitiesOf } from "./sensed-quantities.ts";
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
export { AccountIndex } from "./account/account-index.ts";
export { decodeAccount, encodeAccount, type StretchAccountJson } from "./account/account-json.ts";
export { accountLaw, type AccountLaw, type AccountTerms } from "./account/account-law.ts";
export { combinedTurns } from "./account/combined-turns.ts";
export { foldColumns, type Span, type StretchFold } from "./account/fold-columns.ts";
export { foldTimeline, type Shown, type TimelineTurn } from "./account/timeline-turn.ts";
export type { ProvenRun } from "./account/proven-runs.ts";
export type { RunsAccount, RunSpan } from "./account/runs-account.ts";
export { FAULT, sensorColumns, type SensorColumns } from "./account/sensor-columns.ts";
export {
  concat,
  emptyAccount,
  type AccountClass,
  type Extreme,
  type StretchAccount,
} from "./account/stretch-account.ts";
export {
  coveredMs,
  findingOfStretch,
  meanKineticOf,
  meanOf,
  type AccountedRule,
  type StretchFinding,
} from "./account/account-figures.ts";
export {
  COLDEST_AIR,
  HOTTEST_AIR,
  measuredAir,
  unmeasuredAir,
  type AirSpan,
} from "./product/air-span.ts";
export { coreClass, coreEvidence, crossing, type EvidenceTurn } from "./product/core-evidence.ts";
export {
  advanceCore,
  coreAt,
  isCertain,
  shownCore,
  startCore,
  type Core,
  type Course,
} from "./product/core-temperature.ts";
export type { Freezing } from "./product/freezing.ts";
export { percentOf, shareUsed, type LifeUse, type ShareUsed } from "./product/life-use.ts";
export {
  advanceProduct,
  productClass,
  productEvidence,
  spoilageOfProduct,
  untouchedProduct,
  type ProductQuantity,
  type ProductState,
} from "./product/product-state.ts";
export { remainingLife, type RemainingLife } from "./product/remaining-life.ts";
export { rateOf, spoilageOf, type Spoilage } from "./product/spoilage.ts";
export { productOfStored, storedProduct, type StoredProduct } from "./product/stored-product.ts";
export { bandAt, nextBandChange, type Band } from "./signal/band.ts";
export { isMissing } from "./signal/missing.ts";
export { noValueOf, type Neighbour } from "./signal/no-value.ts";
export { possiblyOut, type SilenceEnd } from "./signal/possibly-out.ts";
export {
  heardTogether,
  noSameValues,
  stuckFrom,
  type HeardValues,
  type SameValue,
  type SameValues,
} from "./signal/stuck.ts";
export {
  proposeThermal,
  type ThermalProposal,
  type TimedMilli,
  type WithError,
} from "./product/propose-thermal.ts";
export {
  timeToLimit,
  type ForecastQuestion,
  type NoForecast,
  type TimeToLimit,
} from "./product/time-to-limit.ts";
export type { Arrival } from "./clock/arrival-run.ts";
export { isClockDoubtful } from "./clock/clock-doubt.ts";
export { subjectOf, type ClockFault, type ClockFinding } from "./clock/clock-finding.ts";
export { neighbourShift, type CurvePoint, type NeighbourShift } from "./clock/neighbour-shift.ts";
export {
  clockFindings,
  observeClock,
  unknownClock,
  type ClockState,
} from "./clock/observe-clock.ts";
export { isSentAgain } from "./clock/same-reading.ts";
export {
  backtest,
  type BacktestDocument,
  type BacktestQuestion,
  type BacktestSide,
  type Firing,
  type Night,
} from "./backtest/backtest.ts";
