export type {
  AcknowledgeLink,
  ApiDeps,
  HealthPart,
  HealthReport,
  NotifyRules,
} from "./api-deps.ts";
export { buildApi, type Api } from "./build-api.ts";
export { openApiDocument } from "./openapi.ts";
export { excursionView } from "./views.ts";
export { clockFindingsIn, type ClockFindings } from "./verdict/clock-findings.ts";
export {
  verdictsOfSpaces,
  type SpaceVerdict,
  type StoredEvidence,
} from "./verdict/verdicts-of-spaces.ts";
export { modeOfExcursion } from "./profile-library.ts";
