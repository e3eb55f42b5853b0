import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOKEN, runApi, type RunningApi } from "../testing/running-api.ts";

let running: RunningApi;

beforeAll(async () => {
  running = await runApi({ http: { origins: ["https://board.example"] } });
});
afterAll(() => running.stop());

const ask = (path: string, headers: Record<string, string>, method = "GET") =>
  running.fetch(path, { method, headers });

async function login(headers: Record<string, string> = {}): Promise<Response> {
  return running.fetch("/api/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ token: TOKEN }),
  });
}

const cookieOf = (response: Response): string =>
  (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

describe("who may ask", () => {
  it.each<[string, Record<string, string>, number]>([
    ["nobody", {}, 401],
    ["a wrong token", { authorization: "Bearer wrong" }, 401],
    ["the token with a space before it", { authorization: `Bearer  ${TOKEN}` }, 401],
    ["the token in another scheme", { authorization: `Basic ${TOKEN}` }, 401],
    ["an empty token", { authorization: "Bearer " }, 401],
    ["an unknown session", { cookie: "unbroken_session=AAAA" }, 401],
    ["the token as a cookie", { cookie: `unbroken_session=${TOKEN}` }, 401],
    ["the token", { authorization: `Bearer ${TOKEN}` }, 200],
    ["the token, the scheme in small letters", { authorization: `bearer ${TOKEN}` }, 200],
  ])("%s", async (_, headers, status) => {
    const response = await ask("/api/v1/sites", headers);
    expect(response.status).toBe(status);
    if (status === 401)
      expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it("every route but the open ones", async () => {
    let asked = 0;
    for (const route of running.api.routes) {
      if (route.access !== undefined && route.access !== "login") continue;
      const path = route.path.replaceAll(/:\w+/g, "x");
      const response = await ask(path, {}, route.method.toUpperCase());
      expect([route.id, response.status]).toEqual([route.id, 401]);
      asked += 1;
    }
    expect(asked).toBeGreaterThanOrEqual(20);
  });

  it.each(["/healthz", "/readyz", "/openapi.json", "/metrics"])("anyone here: %s", async (path) => {
    expect((await ask(path, {})).status).toBe(200);
  });

  it("not who comes to the metrics by a proxy", async () => {
    const response = await ask("/metrics", { "x-forwarded-for": "203.0.113.9" });
    expect(response.status).toBe(401);
  });
});

describe("a session", () => {
  it("is a cookie that scripts and other sites cannot use, and ends after 12 hours", async () => {
    const response = await login();
    expect(response.status).toBe(201);
    expect(response.headers.get("set-cookie")).toMatch(
      /^unbroken_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const cookie = cookieOf(response);
    expect((await ask("/api/v1/session", { cookie })).status).toBe(200);
    running.advance(12 * 3_600_000);
    expect((await ask("/api/v1/session", { cookie })).status).toBe(401);
  });

  it("is sent over https only where the page came by https", async () => {
    const response = await login({ origin: "https://board.example" });
    expect(response.headers.get("set-cookie")).toMatch(/; Secure$/);
  });

  it("ends when it is closed, and no other with it", async () => {
    const [a, b] = [cookieOf(await login()), cookieOf(await login())];
    const headers = { cookie: a, origin: running.url };
    expect((await ask("/api/v1/session", headers, "DELETE")).status).toBe(204);
    expect((await ask("/api/v1/session", { cookie: a })).status).toBe(401);
    expect((await ask("/api/v1/session", { cookie: b })).status).toBe(200);
  });

  it.each<[string, Record<string, string>, number]>([
    ["from a page of another site", { origin: "https://evil.example" }, 403],
    ["from a page of the same host by another port", { origin: "http://127.0.0.1:1" }, 403],
    ["from a sandboxed page", { origin: "null" }, 403],
    ["from a page that does not say its origin", {}, 403],
    ["from a page that says it is elsewhere", { "sec-fetch-site": "cross-site" }, 403],
    ["from a page of a sister site", { "sec-fetch-site": "same-site" }, 403],
    ["from our own page", { "sec-fetch-site": "same-origin" }, 201],
    ["from a page that the settings allow", { origin: "https://board.example" }, 201],
  ])("changes something only where our page asks: %s", async (_, headers, status) => {
    const cookie = cookieOf(await login());
    const response = await ask("/api/v1/feed-tickets", { cookie, ...headers }, "POST");
    expect(response.status).toBe(status);
  });

  it("cannot be opened by another site's page, even with the right token", async () => {
    expect((await login({ origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("pages of other origins", () => {
  it("may use the API where the settings allow it", async () => {
    const asked = await ask("/api/v1/sites", { origin: "https://board.example" }, "OPTIONS");
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("https://board.example");
  });

  it("get no leave otherwise", async () => {
    const headers = { origin: "https://evil.example", authorization: `Bearer ${TOKEN}` };
    const response = await ask("/api/v1/sites", headers);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

it("an address that fails too often has to wait, also with the right token", async () => {
  const own = await runApi();
  const wrong = () =>
    own.fetch("/api/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: "wrong" }),
    });
  for (let i = 0; i < 20; i++) expect((await wrong()).status).toBe(401);
  const refused = await wrong();
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toMatch(/^[123]$/);
  expect((await own.call("listSites")).status).toBe(429);
  own.advance(3_000);
  expect((await own.call("listSites")).status).toBe(200);
  await own.stop();
});
