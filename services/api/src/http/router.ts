import { createHash } from "node:crypto";
import type { Code } from "@unbroken/errors";
import type { Logger, Metrics } from "@unbroken/observability";
import { json, type Express, type NextFunction, type Request, type Response } from "express";
import type { z } from "zod";
import { refuseDeep } from "./body-depth.ts";
import { isLocal, type Gatekeeper } from "./gatekeeper.ts";
import type { Idempotency } from "./idempotency.ts";
import type { Principal } from "./principal.ts";
import { RequestRefused, fieldErrors, problemOf } from "./problem.ts";
import type { Answer, Route, RouteRequest } from "./route.ts";

/** A number: body-parser before 2.3.0 let any size pass where the limit was a text it could not read. */
const BODY_BYTES_MAX = 262_144;

export interface RouterDeps {
  readonly gatekeeper: Gatekeeper;
  readonly idempotency: Idempotency;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Registers the routes: who asks, from where, is it well formed; then the handler; then metrics. */
export function mountRoutes(app: Express, routes: readonly Route[], deps: RouterDeps): void {
  const parseBody = json({ limit: BODY_BYTES_MAX, strict: false, inflate: false });
  for (const route of routes) {
    const steps = route.body === undefined ? [] : [parseBody];
    // Who asks is settled before a body is read: a stranger cannot make us parse.
    app[route.method](
      route.path,
      (request, response, next) => {
        measure(route, response, deps.metrics);
        response.locals["principal"] = admit(route, request, deps.gatekeeper);
        next();
      },
      ...steps,
      async (request: Request, response: Response) => {
        send(request, response, route, await run(route, request, response, deps));
      },
    );
  }
  refuseOtherMethods(app, routes);
}

/** Answers unknown addresses and every error as a problem. Comes last. */
export function mountProblems(app: Express, { logger }: Pick<RouterDeps, "logger">): void {
  app.use((request: Request) => {
    throw new RequestRefused("UB_NOT_FOUND", `there is no ${request.path}`);
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const { status, headers, problem } = problemOf(error, request.path);
    if (status >= 500) logger.error({ code: problem.code, path: request.path, err: error });
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(status).set(headers).type("application/problem+json");
    response.end(JSON.stringify(problem));
  });
}

function admit(route: Route, request: Request, gatekeeper: Gatekeeper): Principal | null {
  const access = route.access ?? "login";
  const principal = access === "open" ? null : gatekeeper.principalOf(request);
  if (principal === null && (access === "login" || (access === "local" && !isLocal(request))))
    throw new RequestRefused(
      "UB_AUTH_REQUIRED",
      "log in, or send Authorization: Bearer TOKEN",
      [],
      {
        "WWW-Authenticate": 'Bearer realm="unbroken"',
      },
    );
  if (route.method !== "get") gatekeeper.refuseForeignPage(request, principal);
  return principal;
}

async function run(
  route: Route,
  request: Request,
  response: Response,
  { idempotency }: RouterDeps,
): Promise<Answer<unknown>> {
  if (route.body !== undefined) refuseDeep(request.body);
  const parsed = {
    params: parsePart(route.params, request.params, "/path"),
    query: parsePart(route.query, request.query, "/query"),
    body: route.body === undefined ? undefined : parsePart(route.body, request.body ?? {}, ""),
    principal: response.locals["principal"] as Principal | null,
    http: request,
  } as RouteRequest<never, never, never>;
  if (route.method === "get") return route.handle(parsed);
  const target = `${route.method} ${request.path}`;
  return idempotency.once(request.get("idempotency-key"), target, request.body, () =>
    route.handle(parsed),
  );
}

function parsePart(
  schema: z.ZodType | undefined,
  value: unknown,
  prefix: "" | "/query" | "/path",
): unknown {
  if (schema === undefined) {
    const unknown = Object.keys(value as object);
    if (unknown.length === 0) return undefined;
    throw new RequestRefused(
      "UB_REQUEST_INVALID",
      `no query parameter is called ${unknown.join(", ")}`,
      unknown.map((key) => ({ pointer: `${prefix}/${key}`, detail: "not known here" })),
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error.issues, prefix);
  const first = errors[0];
  throw new RequestRefused(
    "UB_REQUEST_INVALID",
    first === undefined ? undefined : `${first.pointer}: ${first.detail}`,
    errors,
  );
}

function send(request: Request, response: Response, route: Route, answer: Answer<unknown>): void {
  response.status(answer.status ?? route.status ?? 200).set(answer.headers ?? {});
  if (route.answer === null && route.mediaType === undefined) {
    response.end();
    return;
  }
  const text = route.mediaType === undefined ? JSON.stringify(answer.body) : String(answer.body);
  response.set("Content-Type", route.mediaType ?? "application/json; charset=utf-8");
  if (route.etag === true) {
    // Weak: the same resource may be written in another order of fields by a later version.
    const tag = `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
    response.set("ETag", tag).set("Cache-Control", "private, no-cache");
    if (hasTag(request.get("if-none-match"), tag)) {
      response.status(304).end();
      return;
    }
  }
  response.end(text);
}

function hasTag(header: string | undefined, tag: string): boolean {
  return (header ?? "").split(",").some((each) => each.trim() === tag || each.trim() === "*");
}

function measure(route: Route, response: Response, metrics: Metrics): void {
  const start = performance.now();
  response.once("finish", () => {
    const labels = { route: route.id };
    metrics.count("unbroken_api_requests_total", 1, {
      ...labels,
      status: String(response.statusCode),
    });
    metrics.observe("unbroken_api_request_seconds", (performance.now() - start) / 1_000, labels);
  });
}

function refuseOtherMethods(app: Express, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const group = routes.filter((route) => route.path === path);
    const allowed = group.map(({ method }) => method.toUpperCase());
    if (allowed.includes("GET")) allowed.push("HEAD");
    app.all(path, (request) => {
      throw new RequestRefused(
        "UB_METHOD_NOT_ALLOWED",
        `${request.method} is not for ${request.path}; ${allowed.join(", ")} is`,
        [],
        { Allow: allowed.join(", ") },
      );
    });
  }
}

/** Codes that any route with these properties can answer with, for the document. */
export function commonRefusals(route: Route): readonly Code[] {
  return [
    ...((route.params ?? route.query ?? route.body) ? (["UB_REQUEST_INVALID"] as const) : []),
    ...(route.body === undefined ? [] : (["UB_REQUEST_TOO_LARGE", "UB_PAYLOAD_TOO_DEEP"] as const)),
    ...(route.access === "open" ? [] : (["UB_AUTH_REQUIRED", "UB_AUTH_FAILED"] as const)),
    ...(route.method === "get" ? [] : (["UB_ORIGIN_REFUSED", "UB_CONFLICT"] as const)),
    "UB_RATE_LIMITED",
    "UB_INTERNAL",
    ...(route.refusals ?? []),
  ];
}
