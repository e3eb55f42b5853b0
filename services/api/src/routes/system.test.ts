import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runApi, type RunningApi } from "../testing/running-api.ts";

let running: RunningApi;
let consoleDir: string;

beforeAll(async () => {
  consoleDir = await mkdtemp(join(tmpdir(), "unbroken-console-"));
  await mkdir(join(consoleDir, "assets"));
  await writeFile(join(consoleDir, "index.html"), "<!doctype html><title>board</title>");
  await writeFile(join(consoleDir, "assets", "app-1a2b3c.js"), "export {};");
  await writeFile(join(consoleDir, ".secret"), "no");
  running = await runApi({ consoleDir });
});
afterAll(async () => {
  await running.stop();
  await rm(consoleDir, { recursive: true });
});

describe("health", () => {
  it("tells every part to who is logged in, and only whether to others", async () => {
    const parts = [{ name: "log", ok: false, detail: "the disk is full" }];
    running.health.report = { ready: false, parts };
    expect((await running.call("getHealth")).body).toMatchObject({ ready: false, parts });
    const ready = await running.fetch("/readyz");
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false }]);
    expect((await running.fetch("/healthz")).status).toBe(200);
    running.health.report = { ready: true, parts: [] };
    expect((await running.fetch("/readyz")).status).toBe(200);
  });

  it("counts requests by route and status", async () => {
    await running.call("listSites");
    const snapshot = await running.metrics.snapshot();
    const counted = snapshot.find(({ name }) => name === "unbroken_api_requests_total");
    expect(counted?.values).toContainEqual(
      expect.objectContaining({ labels: { route: "listSites", status: "200" }, value: 1 }),
    );
  });
});

describe("an ETag", () => {
  it("is asked for again with 304 until something changes", async () => {
    const params = { organisation: "acme", space: "a" };
    await running.call("declareSpace", { params, body: { name: "A" } });
    const first = await running.call("getSpace", { params });
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/"/);
    const headers = { "if-none-match": `"other", ${tag}` };
    expect((await running.call("getSpace", { params, headers })).status).toBe(304);
    await running.call("declareSpace", { params, body: { name: "B" } });
    expect((await running.call("getSpace", { params, headers })).status).toBe(200);
  });
});

describe("the console", () => {
  const html = { accept: "text/html" };
  it.each([
    ["/", "no-cache"],
    ["/spaces/acme/room.1", "no-cache"],
    ["/quarantine?x=1", "no-cache"],
  ])("is its page at %s", async (path, caching) => {
    const response = await running.fetch(path, { headers: html });
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, caching]);
    expect(await response.text()).toContain("<title>board</title>");
  });

  it("has assets that never change under their name", async () => {
    const response = await running.fetch("/assets/app-1a2b3c.js");
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("content-type")).toContain("javascript");
  });

  it.each([
    ["/assets/gone.js"],
    ["/.secret"],
    ["/%2e%2e/%2e%2e/etc/passwd"],
    ["/assets/..%2f..%2f.secret"],
    ["/api/v1/nothing"],
  ])("is not at %s", async (path) => {
    const response = await running.fetch(path, { headers: { accept: "*/*" } });
    const text = await response.text();
    expect(text).not.toContain("no\n");
    expect(text.startsWith("no") || text.includes("root:")).toBe(false);
    if (path.startsWith("/assets/") || path.startsWith("/api/")) expect(response.status).toBe(404);
  });
});

it("a port that is taken is named", async () => {
  const { host } = new URL(running.url);
  await expect(runApi({ http: { listen: host } })).rejects.toMatchObject({
    code: "UB_PORT_IN_USE",
    details: { address: host },
  });
});
