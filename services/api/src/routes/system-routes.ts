import { z } from "zod";
import type { HealthReport } from "../api-deps.ts";
import { route, type Route } from "../http/route.ts";
import { AliveView, HealthView } from "./api-schemas.ts";

export interface SystemDeps {
  readonly health: () => Promise<HealthReport>;
  readonly metricsText: () => Promise<string>;
  readonly version: string;
  readonly document: () => unknown;
}

export function systemRoutes(deps: SystemDeps): readonly Route[] {
  return [...healthRoutes(deps), ...documentRoutes(deps)];
}

function healthRoutes({ health, metricsText, version }: SystemDeps): readonly Route[] {
  return [
    route({
      id: "getHealth",
      method: "get",
      path: "/api/v1/health",
      tag: "system",
      summary: "Every part of the installation and whether it works",
      answer: HealthView,
      async handle() {
        const { ready, parts } = await health();
        return { body: { ready, version, parts: parts.map((part) => ({ ...part })) } };
      },
    }),
    route({
      id: "isAlive",
      method: "get",
      path: "/healthz",
      tag: "system",
      summary: "The process answers",
      access: "open",
      answer: AliveView,
      handle: () => ({ body: { status: "ok" as const, version } }),
    }),
    route({
      id: "isReady",
      method: "get",
      path: "/readyz",
      tag: "system",
      summary: "Requests can be answered rightly; 503 while they cannot",
      access: "open",
      // To strangers it says no more than whether.
      answer: z.strictObject({ ready: z.boolean() }),
      async handle() {
        const { ready } = await health();
        return { body: { ready }, status: ready ? 200 : 503 };
      },
    }),
    route({
      id: "getMetrics",
      method: "get",
      path: "/metrics",
      tag: "system",
      summary: "Prometheus metrics; without a login only from this machine",
      access: "local",
      answer: null,
      mediaType: "text/plain; version=0.0.4; charset=utf-8",
      handle: async () => ({ body: await metricsText() }),
    }),
  ];
}

function documentRoutes({ document }: SystemDeps): readonly Route[] {
  return ["/openapi.json", "/api/v1/openapi.json"].map((path, i) =>
    route({
      id: i === 0 ? "getDocument" : "getDocumentOfVersion",
      method: "get",
      path,
      tag: "system",
      summary: "This document",
      access: "open",
      answer: z.record(z.string(), z.json()),
      etag: true,
      handle: () => ({ body: document() as Record<string, never> }),
    }),
  );
}
