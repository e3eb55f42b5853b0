import { codes, type Code } from "@unbroken/errors";
import { Problem } from "@unbroken/model";
import { z } from "zod";
import { commonRefusals } from "./http/router.ts";
import type { Route } from "./http/route.ts";
import { schemaNames } from "./routes/api-schemas.ts";

type Schema = Record<string, unknown>;

for (const [id, schema] of Object.entries(schemaNames))
  if (!z.globalRegistry.has(schema)) z.globalRegistry.add(schema, { id });

/** The OpenAPI 3.1 document of the routes, from the schemas that they are validated with. */
export function openApiDocument(routes: readonly Route[], version: string): Schema {
  const components = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes)
    (paths[templateOf(route.path)] ??= {})[route.method] = operationOf(route, components);
  return {
    openapi: "3.1.0",
    info: {
      title: "Unbroken",
      version,
      description:
        "Sites, spaces, devices, readings, excursions and what could not be understood. Values are in the unit that " +
        "stands beside them, times in RFC 3339 UTC. Errors are problems (RFC 9457) with a stable code.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "unbroken_session" },
      },
    },
  };
}

/** Express writes `:name`, OpenAPI `{name}`. */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}

function operationOf(route: Route, components: Components): Schema {
  const open = route.access === "open";
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    security: open ? [] : [{ token: [] }, { session: [] }],
    parameters: [
      ...parametersOf("path", route.params, components),
      ...parametersOf("query", route.query, components),
      ...headersOf(route),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: components.of(route.body, "input") } },
          },
        }),
    responses: {
      [String(route.status ?? 200)]: successOf(route, components),
      ...(route.id === "isReady" ? { "503": successOf(route, components) } : {}),
      ...(route.etag === true ? { "304": { description: "not changed" } } : {}),
      ...refusalsOf(route, components),
    },
  };
}

function successOf(route: Route, components: Components): Schema {
  const description = route.summary;
  if (route.mediaType !== undefined)
    return { description, content: { [route.mediaType]: { schema: { type: "string" } } } };
  if (route.answer === null) return { description };
  const schema = components.of(route.answer, "output");
  return { description, content: { "application/json": { schema } } };
}

function refusalsOf(route: Route, components: Components): Schema {
  const refusals = [...new Set<Code>(commonRefusals(route))];
  const statuses = [...new Set(refusals.map((code) => codes[code].status))];
  const schema = components.of(Problem, "output");
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: refusals
          .filter((code) => codes[code].status === status)
          .map((code) => `${code}: ${codes[code].means}`)
          .join("; "),
        content: { "application/problem+json": { schema } },
      },
    ]),
  );
}

function parametersOf(
  place: "path" | "query",
  schema: z.ZodObject | undefined,
  components: Components,
): readonly Schema[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...rest } = components.of(field as z.ZodType, "input");
    return {
      name,
      in: place,
      required: place === "path" || !z.safeParse(field as z.ZodType, undefined).success,
      ...(typeof description === "string" ? { description } : {}),
      schema: rest,
    };
  });
}

function headersOf(route: Route): readonly Schema[] {
  const header = (name: string, description: string): Schema => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string", maxLength: 255 },
  });
  return [
    ...(route.method === "post" || route.method === "put"
      ? [header("Idempotency-Key", "repeats within ten minutes get the first answer")]
      : []),
    ...(route.etag === true ? [header("If-None-Match", "304 if it still has this ETag")] : []),
  ];
}

/** Collects the named schemas that others refer to. */
class Components {
  readonly schemas: Record<string, Schema> = {};

  of(schema: z.ZodType, io: "input" | "output"): Schema {
    const { $defs, ...own } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
    // OpenAPI 3.1 states the dialect for the whole document (§4.8.24.5).
    delete own.$schema;
    for (const [name, definition] of Object.entries($defs ?? {}))
      this.schemas[nameOf(name)] = renamed(definition) as Schema;
    return renamed(own) as Schema;
  }
}

// zod names what is recursive and has no name `__schema0`; there is one such here: any JSON value.
const nameOf = (name: string): string => (name.startsWith("__schema") ? "Json" : name);

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, unknown] => {
      if (key !== "$ref" || typeof inner !== "string") return [key, renamed(inner)];
      return [key, `#/components/schemas/${nameOf(inner.slice("#/$defs/".length))}`];
    }),
  );
}
