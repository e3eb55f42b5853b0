import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Settings } from "@unbroken/config";
import type { AcceptedCommit, LogReader, OutputRecord, StageStore } from "@unbroken/event-log";
import { openEmbeddedLog, openStageStore } from "@unbroken/event-log/embedded";
import { UnbrokenError } from "@unbroken/errors";
import { Problem } from "@unbroken/model";
import { createLogger, createMetrics, type Metrics } from "@unbroken/observability";
import type { TimeSeries } from "@unbroken/time-series";
import { openEmbeddedSeries } from "@unbroken/time-series/embedded";
import { EpochMs } from "@unbroken/units";
import { expect } from "vitest";
import type { AcknowledgeLink, HealthReport } from "../api-deps.ts";
import { buildApi, type Api } from "../build-api.ts";
import { commonRefusals } from "../http/router.ts";

export const TOKEN = "an-administrators-token-of-this-test";

export interface RunOptions {
  readonly http?: Readonly<Record<string, unknown>>;
  readonly consoleDir?: string;
}

export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  // Each test says by its expectation what stands in it; it has been parsed by the route's schema.
  readonly body: unknown;
}

/** A change of the processor's state: its key and value, null to remove it. */
export type StateChange = readonly [key: string, value: unknown];

/** An API on a free port over a log, a stage store and a time series of its own. */
export interface RunningApi {
  readonly url: string;
  readonly feedUrl: string;
  readonly api: Api;
  readonly log: LogReader;
  readonly series: TimeSeries;
  readonly metrics: Metrics;
  readonly health: { report: HealthReport };
  /** Links of messages, by the token that opens them. */
  readonly links: Record<string, AcknowledgeLink>;
  now(): EpochMs;
  /** Moves the clock that the API goes by. */
  advance(ms: number): void;
  /** Calls a route by its operationId as the administrator and parses the answer by the route's schema, or as a problem. */
  call(id: string, call?: Call): Promise<Called>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Commits outputs and state as the processor does. */
  commit(outputs: readonly OutputRecord[], state?: readonly StateChange[]): Promise<AcceptedCommit>;
  /** Stores rows as the notifier does. */
  notify(...changes: readonly StateChange[]): Promise<void>;
  /** Stops the API and starts another over the same stores. */
  restart(): Promise<RunningApi>;
  stop(): Promise<void>;
}

export async function runApi(options: RunOptions = {}): Promise<RunningApi> {
  const dir = await mkdtemp(join(tmpdir(), "unbroken-api-"));
  const log = await openEmbeddedLog({ dir: join(dir, "log"), lingerMs: 0 });
  const series = await openEmbeddedSeries({ dir: join(dir, "series") });
  const stage = await openStageStore({ dir: join(dir, "stage"), partitions: 1 });
  const said = await openStageStore({ dir: join(dir, "api"), partitions: 1 });
  const notified = await openStageStore({ dir: join(dir, "notify"), partitions: 1 });
  const closeStores = async (): Promise<void> => {
    await log.close();
    await stage.close();
    await notified.close();
    await said.close();
    await series.close();
    await rm(dir, { recursive: true });
  };
  return startApi(options, { log, series, stage, notified, said, applied: 0, closeStores });
}

interface Stores {
  readonly log: Awaited<ReturnType<typeof openEmbeddedLog>>;
  readonly series: TimeSeries;
  readonly stage: StageStore;
  /** The notifier's. */
  readonly notified: StageStore;
  readonly said: StageStore;
  /** Up to where the input counts as applied: each commit takes one record. */
  applied: number;
  readonly closeStores: () => Promise<void>;
}

async function startApi(options: RunOptions, stores: Stores): Promise<RunningApi> {
  const { log, series, stage, notified, said } = stores;
  let offset = 0;
  const now = (): EpochMs => EpochMs(Date.now() + offset);
  const health = { report: { ready: true, parts: [{ name: "log", ok: true, detail: "" }] } };
  const metrics = createMetrics();
  const links: Record<string, AcknowledgeLink> = {};
  const api = buildApi({
    settings: Settings.parse({ http: { listen: "127.0.0.1:0", ...options.http } }).http,
    log,
    outputs: stage,
    series,
    said,
    alerts: notified,
    notify: {
      webhookSecret: (...of) => `whsec_${of.join("-")}`,
      readLink: (token) => links[token] ?? null,
      refuseChannel(channel) {
        if (channel.kind === "webhook" && channel.url.startsWith("http:"))
          throw new UnbrokenError("UB_NOTIFY_ADDRESS_REFUSED");
      },
    },
    adminTokenSha256: createHash("sha256").update(TOKEN).digest("hex"),
    consoleDir: options.consoleDir ?? null,
    health: () => Promise.resolve(health.report),
    metricsText: () => Promise.resolve("unbroken_test 1\n"),
    logger: createLogger("api", "fatal"),
    metrics,
    now,
    version: "0.0.0-test",
  });
  const { url, feedUrl } = await api.start();
  return {
    url,
    feedUrl,
    api,
    log,
    series,
    metrics,
    health,
    links,
    now,
    async notify(...changes) {
      const rows = changes.map(([key, value]) => [key, json(value)] as const);
      const from = await notified.applied(0);
      await notified.commit({ partition: 0, from, to: from + 1, state: rows, outputs: [] });
    },
    advance(ms) {
      offset += ms;
    },
    call: (id, call = {}) => callRoute(api, url, id, call),
    fetch: (path, init) => fetch(url + path, init),
    commit(outputs, state = []) {
      const rows = state.map(([key, value]) => [key, value === null ? null : json(value)] as const);
      const from = stores.applied++;
      return stage.commit({ partition: 0, from, to: from + 1, state: rows, outputs });
    },
    async restart() {
      await api.stop();
      return startApi(options, stores);
    },
    async stop() {
      await api.stop();
      await stores.closeStores();
    },
  };
}

async function callRoute(api: Api, url: string, id: string, call: Call): Promise<Called> {
  const route = api.routes.find((each) => each.id === id);
  if (route === undefined) throw new Error(`no route is called ${id}`);
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(call.params?.[name] ?? ""),
  );
  const search = new URLSearchParams(call.query).toString();
  const response = await fetch(url + path + (search === "" ? "" : `?${search}`), {
    method: route.method.toUpperCase(),
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  const { status, headers } = response;
  const text = await response.text();
  if (headers.get("content-type") === "application/problem+json") {
    const problem = Problem.parse(JSON.parse(text));
    expect(commonRefusals(route), `${id} documents ${problem.code}`).toContain(problem.code);
    return { status, headers, body: problem };
  }
  if (route.answer === null || status === 304) return { status, headers, body: text };
  return { status, headers, body: route.answer.parse(JSON.parse(text)) };
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
