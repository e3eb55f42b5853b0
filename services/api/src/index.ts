export type { ApiDeps, HealthPart, HealthReport } from "./api-deps.ts";
export { buildApi, type Api } from "./build-api.ts";
export { openApiDocument } from "./openapi.ts";
