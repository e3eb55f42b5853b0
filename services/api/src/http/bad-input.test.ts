import { Problem } from "@unbroken/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOKEN, runApi, type RunningApi } from "../testing/running-api.ts";

let running: RunningApi;

beforeAll(async () => {
  running = await runApi();
  await running.call("registerDevice", {
    params: { organisation: "acme", device: "d1" },
    body: { space: "cold", profile: "chilled.cn" },
  });
});
afterAll(() => running.stop());

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

async function problem(method: string, path: string, init: Sent = {}): Promise<Problem> {
  const response = await running.fetch(path, {
    ...init,
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...init.headers },
  });
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const parsed = Problem.parse(await response.json());
  expect(parsed.status).toBe(response.status);
  expect(parsed.type).toBe(`urn:unbroken:error:${parsed.code}`);
  return parsed;
}

const pointers = ({ errors = [] }: Problem): string[] => errors.map(({ pointer }) => pointer);

describe("a query that is not understood is refused by the name of what is wrong", () => {
  it.each([
    ["/api/v1/sites?foo=1", "/query/foo"],
    ["/api/v1/sites?limit=0", "/query/limit"],
    ["/api/v1/sites?limit=1001", "/query/limit"],
    ["/api/v1/sites?limit=ten", "/query/limit"],
    ["/api/v1/sites?limit=", "/query/limit"],
    ["/api/v1/sites?limit=1&limit=2", "/query/limit"],
    ["/api/v1/sites?limit[a]=1", "/query/limit[a]"],
    ["/api/v1/sites?__proto__=1", "/query/__proto__"],
    ["/api/v1/sites?cursor=zzz", "/query/cursor"],
    ["/api/v1/vehicles?organisation=a%2Fb", "/query/organisation"],
    ["/api/v1/vehicles?cursor=W10", "/query/cursor"],
    ["/api/v1/spaces?condition=fine", "/query/condition"],
    ["/api/v1/devices?organisation=", "/query/organisation"],
    ["/api/v1/readings?from=yesterday", "/query/from"],
    ["/api/v1/readings?from=2026-05-05T08:00:00", "/query/from"],
    ["/api/v1/readings?from=2026-05-05T08:00:00Z&to=2026-05-05T08:00:00Z", "/query/from"],
    ["/api/v1/readings?quantity=warmth", "/query/quantity"],
    ["/api/v1/readings?device=..", "/query/device"],
    ["/api/v1/readings?cursor=WzEsMl0", "/query/cursor"],
    ["/api/v1/envelope?sensor=d1%2Fmain", "/query/organisation"],
    ["/api/v1/envelope?organisation=acme", "/query/sensor"],
    ["/api/v1/envelope?organisation=acme&sensor=d1%2Fmain&buckets=2001", "/query/buckets"],
    ["/api/v1/excursions?open=yes", "/query/open"],
    ["/api/v1/excursions?retracted=1", "/query/retracted"],
    ["/api/v1/excursions?space=a%20b", "/query/space"],
    ["/api/v1/excursions/x/revisions?foo=1", "/query/foo"],
    ["/api/v1/organisations/acme/spaces/cold/timeline?until=1", "/query/until"],
    ["/api/v1/organisations/acme/spaces/cold?x=1", "/query/x"],
    ["/api/v1/organisations/acme/spaces/a%20b", "/path/space"],
    ["/api/v1/organisations/-/spaces/cold", "/path/organisation"],
    ["/api/v1/quarantine?limit=-1", "/query/limit"],
    ["/api/v1/profiles?x=", "/query/x"],
    ["/api/v1/health?x=1", "/query/x"],
    ["/healthz?x=1", "/query/x"],
  ])("%s", async (path, pointer) => {
    const { code, errors } = await problem("GET", path);
    expect(code).toBe("UB_REQUEST_INVALID");
    expect(pointers({ errors } as Problem)).toContain(pointer);
  });
});

const site = "/api/v1/organisations/acme/sites/s1";
const vehicle = "/api/v1/organisations/acme/vehicles/v1";
const space = "/api/v1/organisations/acme/spaces/room";
const device = "/api/v1/organisations/acme/devices/d9";
const rule = { id: "high", cmp: "gt", limit: 8, mode: "instant" };

describe("a command that is not understood states nothing", () => {
  it.each<[string, string, unknown, string, string]>([
    ["PUT", site, {}, "UB_REQUEST_INVALID", "/name"],
    ["PUT", site, { name: " ", zone: "UTC" }, "UB_REQUEST_INVALID", "/name"],
    ["PUT", site, { name: "S", zone: "Mars/Olympus" }, "UB_REQUEST_INVALID", "/zone"],
    ["PUT", site, { name: "S", zone: "UTC", region: "31x" }, "UB_REQUEST_INVALID", "/region"],
    ["PUT", site, { name: "S", zone: "UTC", colour: 1 }, "UB_REQUEST_INVALID", "/colour"],
    ["PUT", site, [], "UB_REQUEST_INVALID", ""],
    ["PUT", site, null, "UB_REQUEST_INVALID", "/name"],
    ["PUT", site, "text", "UB_REQUEST_INVALID", ""],
    ["PUT", vehicle, { name: "V" }, "UB_REQUEST_INVALID", "/zone"],
    [
      "PUT",
      vehicle,
      { name: "V", zone: "UTC", plate: "x".repeat(21) },
      "UB_REQUEST_INVALID",
      "/plate",
    ],
    ["PUT", space, { name: "R", site: "nowhere" }, "UB_REQUEST_INVALID", "/site"],
    ["PUT", space, { name: "R", vehicle: "none" }, "UB_REQUEST_INVALID", "/vehicle"],
    ["PUT", space, { name: "R", site: "a", vehicle: "b" }, "UB_REQUEST_INVALID", "/vehicle"],
    ["PUT", space, { name: "R", profile: 3 }, "UB_REQUEST_INVALID", "/profile"],
    [
      "PUT",
      space,
      { name: "R", profile: { id: "p", rules: [] } },
      "UB_PROFILE_INVALID",
      "/profile/rules",
    ],
    [
      "PUT",
      space,
      { name: "R", profile: { id: "p", rules: [{ ...rule, cmp: "above" }] } },
      "UB_PROFILE_INVALID",
      "/profile/rules/0/cmp",
    ],
    [
      "PUT",
      space,
      { name: "R", profile: { id: "p", rules: [rule, rule] } },
      "UB_PROFILE_INVALID",
      "/profile/rules",
    ],
    ["PUT", `${space}/profile`, {}, "UB_REQUEST_INVALID", "/profile"],
    ["POST", device, { space: "a/b" }, "UB_REQUEST_INVALID", "/space"],
    ["POST", device, { profile: "chilled.cn" }, "UB_REQUEST_INVALID", "/profile"],
    ["POST", device, { nmae: "D" }, "UB_REQUEST_INVALID", "/nmae"],
    ["POST", "/api/v1/organisations/acme/devices/.d", {}, "UB_REQUEST_INVALID", "/path/device"],
    [
      "POST",
      "/api/v1/organisations/acme/devices/d1/placements",
      {},
      "UB_REQUEST_INVALID",
      "/space",
    ],
    [
      "POST",
      "/api/v1/organisations/acme/devices/d1/placements",
      { space: "nowhere" },
      "UB_REQUEST_INVALID",
      "/space",
    ],
    [
      "POST",
      "/api/v1/organisations/acme/devices/d1/placements",
      { space: "cold", probe: "#" },
      "UB_REQUEST_INVALID",
      "/probe",
    ],
    [
      "POST",
      "/api/v1/organisations/acme/devices/d1/placements",
      { space: "cold", effective_from: "2026-01-01" },
      "UB_REQUEST_INVALID",
      "/effective_from",
    ],
    ["POST", "/api/v1/session", { token: 5 }, "UB_REQUEST_INVALID", "/token"],
    ["POST", "/api/v1/session", {}, "UB_REQUEST_INVALID", "/token"],
  ])("%s %s %j", async (method, path, body, code, pointer) => {
    const before = await running.log.end(0);
    const found = await problem(method, path, {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect([found.code, pointers(found)]).toEqual([code, expect.arrayContaining([pointer])]);
    expect(await running.log.end(0)).toBe(before);
  });

  it.each<[string, string, string]>([
    ["PUT", `${space}/profile`, "UB_NOT_FOUND"],
    ["PUT", "/api/v1/organisations/acme/spaces/cold/profile", "UB_PROFILE_UNKNOWN"],
  ])("%s %s with an unknown profile", async (method, path, code) => {
    const body = JSON.stringify({ profile: "nothing" });
    const headers = { "content-type": "application/json" };
    expect((await problem(method, path, { body, headers })).code).toBe(code);
  });

  it.each(["revoke", "placements"])("%s of an unknown device", async (what) => {
    const body = JSON.stringify({ space: "cold" });
    const headers = { "content-type": "application/json" };
    const init = what === "revoke" ? {} : { body, headers };
    expect((await problem("POST", `${device}/${what}`, init)).code).toBe("UB_NOT_FOUND");
  });
});

describe("a body that is hostile", () => {
  const json = { "content-type": "application/json" };
  it.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, string]>([
    ["is not JSON", "{", json, "UB_REQUEST_INVALID"],
    ["is too long", JSON.stringify({ name: "x".repeat(262_144) }), json, "UB_REQUEST_TOO_LARGE"],
    ["is nested deep", "[".repeat(100_000) + "]".repeat(100_000), json, "UB_PAYLOAD_TOO_DEEP"],
    [
      "is compressed",
      Buffer.from([31, 139, 8]),
      { ...json, "content-encoding": "gzip" },
      "UB_REQUEST_INVALID",
    ],
    [
      "is in another charset",
      "{}",
      { "content-type": "application/json; charset=koi8-r" },
      "UB_REQUEST_INVALID",
    ],
    ["names a prototype", '{"__proto__":{"name":"x"},"zone":"UTC"}', json, "UB_REQUEST_INVALID"],
    [
      "is no JSON by its own word",
      "name=S",
      { "content-type": "text/plain" },
      "UB_REQUEST_INVALID",
    ],
    [
      "comes with a key of a wrong form",
      '{"name":"S","zone":"UTC"}',
      { ...json, "idempotency-key": "a b" },
      "UB_REQUEST_INVALID",
    ],
  ])("%s", async (_, body, headers, code) => {
    expect((await problem("PUT", site, { body, headers })).code).toBe(code);
  });

  it("leaves the others alone", async () => {
    expect((await running.call("listSites")).body).toEqual({ items: [], next: null });
  });
});

describe("an address that is none", () => {
  it.each([
    ["GET", "/api/v1/nothing", "UB_NOT_FOUND", 404],
    ["GET", "/api", "UB_NOT_FOUND", 404],
    ["GET", "/", "UB_NOT_FOUND", 404],
    ["GET", "/API/v1/sites", "UB_NOT_FOUND", 404],
    ["GET", "/api/v1/organisations/%E0%A4%A/spaces/x", "UB_REQUEST_INVALID", 400],
    ["GET", "/api/v1/organisations/acme/spaces/nowhere", "UB_NOT_FOUND", 404],
    ["GET", "/api/v1/organisations/acme/spaces/nowhere/timeline", "UB_NOT_FOUND", 404],
    ["PATCH", "/api/v1/sites", "UB_METHOD_NOT_ALLOWED", 405],
    ["DELETE", "/api/v1/organisations/acme/devices/d1", "UB_METHOD_NOT_ALLOWED", 405],
    ["POST", "/healthz", "UB_METHOD_NOT_ALLOWED", 405],
  ])("%s %s", async (method, path, code, status) => {
    expect(await problem(method, path)).toMatchObject({ code, status });
  });
});

it("every answer forbids what a page of ours does not need", async () => {
  for (const path of ["/healthz", "/api/v1/sites", "/nothing"]) {
    const { headers } = await running.fetch(path);
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-powered-by")).toBeNull();
  }
});
