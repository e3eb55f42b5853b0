export type {
  AcknowledgeLink,
  ApiDeps,
  HealthPart,
  HealthReport,
  NotifyRules,
} from "./api-deps.ts";
export { buildApi, type Api } from "./build-api.ts";
export { openApiDocument } from "./openapi.ts";
