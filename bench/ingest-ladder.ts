// How many messages a second the whole pipeline takes, stores and judges, and how long acknowledgement and alert take.
// Beside it in the same run: stock aedes storing nothing, and the disk alone. Ratios are what to read: machines are
// noisy. Usage: npm run bench -- [--rungs 1000,2000,…] [--seconds N] [--devices N] [--json FILE] [--only unbroken|aedes|flush]
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import WebSocket from "ws";
import { flushLoop, type FlushFigures } from "./flush-loop.ts";
import { Histogram } from "./histogram.ts";
import type { LoadPlan, RungResult } from "./mqtt-load.ts";

interface Row extends RungResult {
  readonly system: "unbroken" | "aedes";
  readonly serverCores: number;
  readonly serverMb: number;
  /** Readings found in the time series 5 s after the rung, minus those acknowledged; null where nothing is stored. */
  readonly stored: number | null;
  readonly alerts: number | null;
  readonly alertP50Ms: number | null;
  readonly alertP99Ms: number | null;
}

const { values } = parseArgs({
  options: {
    rungs: { type: "string", default: "1000,2000,5000,10000,15000,20000,30000" },
    seconds: { type: "string", default: "10" },
    devices: { type: "string", default: "1000" },
    json: { type: "string" },
    only: { type: "string" },
  },
});
const rungs = values.rungs.split(",").map(Number);
const seconds = Number(values.seconds);
const deviceCount = Number(values.devices);
const here = fileURLToPath(new URL(".", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "unbroken-bench-"));
const wanted = (what: string): boolean => values.only === undefined || values.only === what;

const rows: Row[] = [];
let flush: readonly FlushFigures[] = [];
try {
  if (wanted("flush")) flush = [1, 20, 200].map((records) => flushLoop(work, records, 2));
  if (wanted("aedes")) rows.push(...(await measureAedes()));
  if (wanted("unbroken")) rows.push(...(await measureUnbroken()));
} finally {
  rmSync(work, { recursive: true, force: true });
}
report();

async function measureAedes(): Promise<readonly Row[]> {
  const server = start(["stock-aedes.ts"].map((file) => join(here, file)));
  const { port } = (await server.line()) as { port: number };
  const devices = Array.from({ length: deviceCount }, (_, i) => ({
    username: `bench/d${i}`,
    password: "x",
    topic: `unbroken/v1/bench/d${i}/up`,
  }));
  const plan: LoadPlan = {
    host: "127.0.0.1",
    port,
    devices,
    rungs,
    secondsPerRung: seconds,
    hotEvery: 997,
  };
  const found: Row[] = [];
  await climb(plan, server.pid, (rung, use) => {
    found.push({
      system: "aedes",
      ...rung,
      ...use,
      stored: null,
      alerts: null,
      alertP50Ms: null,
      alertP99Ms: null,
    });
    return Promise.resolve();
  });
  server.process.kill("SIGKILL");
  return found;
}

async function measureUnbroken(): Promise<readonly Row[]> {
  const unbroken = join(here, "../services/unbroken/bin/unbroken.mjs");
  const server = start([
    unbroken,
    "start",
    "--data",
    join(work, "data"),
    "--mqtt",
    "127.0.0.1:0",
    "--http",
    "127.0.0.1:0",
  ]);
  const ready = (await server.line()) as {
    mqtt: string;
    http: string;
    feed: string;
    token: string;
  };
  const api = apiOf(ready.http, ready.token);
  const devices: LoadPlan["devices"][number][] = [];
  const profile = {
    id: "bench",
    cadence: "PT1M",
    rules: [{ id: "hot", cmp: "gt", limit: 8, mode: "instant" }],
  };
  for (let i = 0; i < deviceCount; i++) {
    const body = { space: `room-${i}`, profile };
    devices.push(
      (await api("POST", `organisations/bench/devices/d${i}`, body)) as LoadPlan["devices"][number],
    );
  }
  const alerts = new Histogram();
  const feed = await openFeed(ready.feed, ready.token, (since) =>
    alerts.record(Date.now() - since),
  );
  const mqtt = new URL(ready.mqtt);
  const plan: LoadPlan = {
    host: mqtt.hostname,
    port: Number(mqtt.port),
    devices,
    rungs,
    secondsPerRung: seconds,
    hotEvery: 997,
  };
  const found: Row[] = [];
  let before = 0;
  await climb(plan, server.pid, async (rung, use) => {
    const after = await storedReadings(api, before + rung.acked);
    found.push({
      system: "unbroken",
      ...rung,
      ...use,
      stored: after - before,
      alerts: alerts.count,
      alertP50Ms: alerts.percentile(50),
      alertP99Ms: alerts.percentile(99),
    });
    before = after;
    alerts.reset();
  });
  feed.close();
  server.process.kill("SIGTERM");
  await new Promise((resolve) => server.process.once("exit", resolve));
  return found;
}

/** Climbs the rungs one by one; between them the caller looks at what was kept. */
async function climb(
  plan: LoadPlan,
  serverPid: number,
  onRung: (rung: RungResult, use: { serverCores: number; serverMb: number }) => Promise<void>,
): Promise<void> {
  const load = start([join(here, "mqtt-load.ts")], "pipe");
  load.process.stdin?.write(`${JSON.stringify(plan)}\n`);
  await load.line();
  for (const rate of plan.rungs) {
    const cpu = cpuSeconds(serverPid);
    const began = performance.now();
    load.process.stdin?.write("go\n");
    const rung = (await load.line()) as RungResult & {
      readonly event: string;
      readonly username?: string;
    };
    if (rung.event === "closed")
      throw new Error(`the server ended the connection of ${rung.username ?? "?"}`);
    // The rung's own length: a server that lags behind is charged with what it still does meanwhile.
    const serverCores = (cpuSeconds(serverPid) - cpu) / ((performance.now() - began) / 1_000);
    await onRung(rung, { serverCores, serverMb: residentMb(serverPid) });
    process.stderr.write(
      `  ${rate}/s: ${rung.acked} of ${rung.sent} acknowledged, p99 ${rung.p99Ms.toFixed(1)} ms\n`,
    );
  }
  load.process.kill();
}

type Api = (method: string, path: string, body?: unknown) => Promise<unknown>;

function apiOf(http: string, token: string): Api {
  return async (method, path, body) => {
    const response = await fetch(new URL(`/api/v1/${path}`, http), {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

/** Temperatures in the time series over all sensors, once they are as many as expected or 5 s have passed. */
async function storedReadings(api: Api, expected: number): Promise<number> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const total = await countStored(api);
    if (total >= expected || performance.now() > deadline) return total;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function countStored(api: Api): Promise<number> {
  let total = 0;
  const from = new Date(Date.now() - 86_400_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  for (let i = 0; i < deviceCount; i += 20) {
    const answers = await Promise.all(
      Array.from({ length: Math.min(20, deviceCount - i) }, (_, j) =>
        api(
          "GET",
          `envelope?organisation=bench&sensor=d${i + j}%2Fmain&quantity=temperature&from=${from}&to=${to}&buckets=1`,
        ),
      ),
    );
    for (const answer of answers) {
      for (const { count } of bucketsOf(answer)) total += count;
    }
  }
  return total;
}

function bucketsOf(answer: unknown): readonly { readonly count: number }[] {
  const { items, buckets } = answer as {
    items?: readonly { count: number }[];
    buckets?: readonly { count: number }[];
  };
  return items ?? buckets ?? [];
}

async function openFeed(
  url: string,
  token: string,
  onOpened: (sinceMs: number) => void,
): Promise<WebSocket> {
  const feed = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
  await new Promise((resolve, reject) => {
    feed.once("open", resolve);
    feed.once("error", reject);
  });
  feed.on("message", (data: Buffer) => {
    const text = data.toString();
    if (!text.startsWith('{"type":"excursion"')) return;
    const message = JSON.parse(text) as { change: string; excursion: { since: string } };
    if (message.change === "opened") onOpened(Date.parse(message.excursion.since));
  });
  feed.send(JSON.stringify({ type: "subscribe", organisation: "bench" }));
  return feed;
}

interface Started {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The next line of its stdout, parsed. */
  readonly line: () => Promise<unknown>;
}

function start(args: readonly string[], stdin: "pipe" | "ignore" = "ignore"): Started {
  const child = spawn(process.execPath, [...args], {
    stdio: [stdin, "pipe", "inherit"],
    env: { ...process.env, UNBROKEN_OBSERVABILITY_LOG_LEVEL: "error" },
  });
  if (child.stdout === null || child.pid === undefined)
    throw new Error(`could not start ${args.join(" ")}`);
  const iterator = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    pid: child.pid,
    line: async () => {
      const { value, done } = await iterator.next();
      if (done === true) throw new Error(`${args.join(" ")} ended early`);
      return JSON.parse(value) as unknown;
    },
  };
}

/** User and system time of a process with all its threads (proc(5), fields 14 and 15), in seconds. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.round(Number(match?.[1] ?? 0) / 1_024);
}

function report(): void {
  const number = (value: number | null, digits = 1): string =>
    value === null || Number.isNaN(value) ? "–" : value.toFixed(digits);
  const lines = [
    `${cpus().length} cores, Node ${process.version}, ${deviceCount} connections, ${seconds} s a rung, open loop: latency counts from the scheduled time`,
    "",
    "| system | msg/s | acknowledged | PUBACK p50 / p99 ms | alert p50 / p99 ms | cores | MB | stored |",
    "|---|---|---|---|---|---|---|---|",
    ...rows.map((row) =>
      [
        "",
        row.system,
        row.rate,
        row.acked === row.sent ? "all" : `${row.acked} of ${row.sent}`,
        `${number(row.p50Ms)} / ${number(row.p99Ms)}`,
        row.alerts === null
          ? "–"
          : `${number(row.alertP50Ms, 0)} / ${number(row.alertP99Ms, 0)} (${row.alerts})`,
        number(row.serverCores, 2),
        row.serverMb,
        row.stored === null
          ? "nothing"
          : row.stored === row.acked
            ? "all"
            : `${row.stored} of ${row.acked}`,
        "",
      ]
        .join(" | ")
        .trim(),
    ),
    "",
    ...flush.map(
      (f) =>
        `disk alone, ${f.recordsPerGroup} records a flush: ${f.flushesPerSecond.toFixed(0)} flushes/s, ${f.recordsPerSecond.toFixed(0)} records/s, p50 ${f.p50Ms.toFixed(2)} p99 ${f.p99Ms.toFixed(2)} ms`,
    ),
  ];
  for (const rate of rungs) {
    const [ours, stock] = (["unbroken", "aedes"] as const).map((system) =>
      rows.find((row) => row.system === system && row.rate === rate),
    );
    if (ours !== undefined && stock !== undefined)
      lines.push(
        `at ${rate}/s: ${(ours.serverCores / stock.serverCores).toFixed(2)} × the cores of stock aedes, PUBACK p99 ${(ours.p99Ms / stock.p99Ms).toFixed(2)} ×`,
      );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ rows, flush }, null, 2)}\n`);
}
