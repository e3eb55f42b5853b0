import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { codes } from "@unbroken/errors";
import { templateOf } from "./openapi.ts";
import { schemaNames } from "./routes/api-schemas.ts";
import { runApi, type RunningApi } from "./testing/running-api.ts";

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Record<string, unknown>;
}

let running: RunningApi;
let document: Document;

beforeAll(async () => {
  running = await runApi();
  document = (await running.call("getDocument")).body as Document;
});
afterAll(() => running.stop());

it("follows the OpenAPI 3.1 schema", async () => {
  const result = await new Validator().validate(document as object as Record<string, unknown>);
  expect(result).toMatchObject({ valid: true });
});

it("holds every route that answers, and no other", async () => {
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  const declared = running.api.routes.map(({ method, path }) => `${method} ${templateOf(path)}`);
  expect(documented.sort()).toEqual(declared.sort());
  expect(documented.length).toBeGreaterThanOrEqual(25);
  for (const route of running.api.routes) {
    const response = await running.fetch(route.path.replaceAll(/:\w+/g, "x"), {
      method: route.method.toUpperCase(),
    });
    // Whatever it says to a stranger with an empty request: the route is there and takes the method.
    expect([route.id, response.status]).not.toEqual([route.id, 405]);
    if (response.status === 404) throw new Error(`${route.id} is not registered`);
  }
});

it("names every operation once, and every path parameter", () => {
  const ids = running.api.routes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [path, operations] of Object.entries(document.paths))
    for (const { operationId, parameters } of Object.values(operations)) {
      const named = parameters.filter((each) => each.in === "path").map(({ name }) => `{${name}}`);
      expect([operationId, named]).toEqual([operationId, path.match(/\{\w+\}/g) ?? []]);
    }
});

it("refers only to schemas that it holds, and holds those that have names", () => {
  const text = JSON.stringify(document);
  const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  const held = Object.keys(document.components.schemas);
  for (const name of referred) expect(held).toContain(name);
  for (const name of Object.keys(schemaNames)) expect(held).toContain(name);
  expect(text).not.toContain("$defs");
});

it("documents statuses that its codes have", () => {
  const statuses = new Set(Object.values(codes).map(({ status }) => String(status)));
  for (const operations of Object.values(document.paths))
    for (const { responses } of Object.values(operations))
      for (const status of Object.keys(responses))
        expect(["200", "201", "204", "304"].includes(status) || statuses.has(status)).toBe(true);
});
