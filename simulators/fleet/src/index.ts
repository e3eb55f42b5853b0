export { factsOf } from "./facts.ts";
export {
  generate,
  type GenerateOptions,
  type Generated,
  type GeneratedSummary,
  type SimulatedMessage,
} from "./generate.ts";
export type { BackfillOrder } from "./outbox.ts";
export type { Label } from "./labels.ts";
export { payloadOf, type SimulatedReading } from "./reading.ts";
export {
  sendersOf,
  type ContactPlan,
  type DevicePlan,
  type Scenario,
  type SenderPlan,
  type SpacePlan,
  type StatedProfileDocument,
  type Story,
} from "./scenario.ts";
export { labelledScenarios, scenarioNamed, scenarios } from "./scenarios.ts";
export { withoutGuards } from "./guarded-profiles.ts";
export { truthOf, type ExcursionTruth, type Truth, type UnprovenTruth } from "./truth.ts";
export { PENDING_READINGS_MAX, type Credentials } from "./device-link.ts";
export { runFleet, type FleetProgress, type FleetRun } from "./run-fleet.ts";
