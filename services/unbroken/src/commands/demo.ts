import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "@unbroken/config";
import { UnbrokenError } from "@unbroken/errors";
import { runFleet, scenarioNamed, type FleetProgress, type Scenario } from "@unbroken/fleet";
import type { DeviceCredentials } from "@unbroken/model";
import { createLogger } from "@unbroken/observability";
import { DAY, MINUTE } from "@unbroken/units";
import { apiClient, type ApiClient } from "../api-client.ts";
import { parseOptions } from "../arguments.ts";
import type { Io } from "../io.ts";
import { adminTokenIn } from "../runtime/admin-token.ts";
import { supervise } from "../runtime/supervisor.ts";
import { VERSION } from "../version.ts";
import { consoleDir } from "./start.ts";

const HELP = `usage: unbroken demo [--data DIR] [--seed N] [--http HOST:PORT] [--mqtt HOST:PORT]

The whole pipeline in one process, with a simulated fleet of cold rooms and refrigerated trucks in Yunnan that publishes
over real MQTT. Prints the address of the live board. Soon after the start a door is left open in one of the rooms.

  --data DIR         keeps the data there; otherwise it is thrown away at the end
  --seed N           another fleet (default 1)
  --http HOST:PORT   default 127.0.0.1:8080, or any free port if that is taken
  --mqtt HOST:PORT   default 127.0.0.1:1883, or any free port if that is taken

Ctrl-C ends it.
`;

const OWN = { organisation: "you", device: "my-sensor", space: "my-fridge" } as const;

export async function runDemo(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseOptions(args, {
    data: { type: "string" },
    seed: { type: "string" },
    http: { type: "string" },
    mqtt: { type: "string" },
    help: { type: "boolean" },
  });
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  const seed = Number(values.seed ?? "1");
  if (!Number.isSafeInteger(seed))
    throw new UnbrokenError("UB_USAGE", "--seed: a whole number is expected");
  const scenario = scenarioNamed("demo");
  if (scenario === null)
    throw new UnbrokenError("UB_SCENARIO_UNKNOWN", "there is no scenario demo");
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());

  const dir = values.data ?? mkdtempSync(join(tmpdir(), "unbroken-demo-"));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  try {
    await runIn(dir, scenario, seed, values, ending.signal, io);
  } finally {
    if (values.data === undefined) rmSync(dir, { recursive: true, force: true });
  }
  return 0;
}

async function runIn(
  dir: string,
  scenario: Scenario,
  seed: number,
  asked: { readonly http?: string; readonly mqtt?: string },
  ending: AbortSignal,
  io: Io,
): Promise<void> {
  const settings = loadSettings({
    environment: process.env,
    overrides: {
      "mqtt.plain": asked.mqtt ?? (await freeOr("127.0.0.1:1883")),
      "mqtt.tls": await freeOr("127.0.0.1:8883"),
      "http.listen": asked.http ?? (await freeOr("127.0.0.1:8080")),
      "log.tick": "PT1S",
      "observability.logLevel": process.env["UNBROKEN_OBSERVABILITY_LOG_LEVEL"] ?? "error",
    },
  });
  const token = tokenIn(dir);
  const supervisor = await supervise({
    dir,
    settings,
    adminTokenSha256: adminTokenIn(dir).sha256,
    consoleDir: consoleDir(),
    version: VERSION,
    logger: createLogger("demo", settings.observability.logLevel),
  });
  try {
    const { http, mqtt } = supervisor.addresses;
    const client = apiClient(http, token);
    const credentials = await stateEverything(client, scenario);
    const own = await registerOwn(client);
    io.stdout(greeting(http, mqtt, token, own));
    await runFleet({
      scenario,
      seed,
      url: mqtt,
      credentials: ({ device }) => {
        const found = credentials.get(device);
        if (found === undefined) throw new Error(`${device} was not registered`);
        return found;
      },
      signal: ending,
      history: { lasts: DAY, cadence: 2 * MINUTE },
      ...(io.progress
        ? { onProgress: (progress: FleetProgress) => io.stderr(progressLine(progress)) }
        : {}),
    }).catch((error: unknown) => {
      if (!ending.aborted) throw error;
    });
  } finally {
    await supervisor.stop();
  }
}

/** States the scenario's sites, vehicles, spaces and profiles, and registers its devices, as an administrator would. */
async function stateEverything(
  client: ApiClient,
  scenario: Scenario,
): Promise<ReadonlyMap<string, DeviceCredentials>> {
  const base = `organisations/${scenario.organisation}`;
  for (const { site, name, region } of scenario.sites)
    await client.request("PUT", `${base}/sites/${site}`, { name, region, zone: "Asia/Shanghai" });
  for (const { vehicle, name, plate } of scenario.vehicles)
    await client.request("PUT", `${base}/vehicles/${vehicle}`, {
      name,
      plate,
      zone: "Asia/Shanghai",
    });
  const profiles = new Map(scenario.profiles.map((profile) => [profile.id, profile]));
  for (const { space, name, home, profile } of scenario.spaces) {
    await client.request("PUT", `${base}/spaces/${space}`, {
      name,
      ...home,
      profile: profiles.get(profile),
    });
  }
  const credentials = new Map<string, DeviceCredentials>();
  for (const { device, name, space } of scenario.devices) {
    credentials.set(device, await register(client, `${base}/devices/${device}`, { name, space }));
  }
  return credentials;
}

function registerOwn(client: ApiClient): Promise<DeviceCredentials> {
  return register(client, `organisations/${OWN.organisation}/devices/${OWN.device}`, {
    space: OWN.space,
    profile: {
      id: "my-fridge",
      title: "Your fridge, 0 to 8 °C",
      cadence: "PT1H",
      rules: [
        { id: "high", cmp: "gt", limit: 8, mode: "instant" },
        { id: "low", cmp: "lt", limit: 0, mode: "instant" },
      ],
    },
  });
}

/** A demo that is started again on its data gets new passwords: the old ones were never kept. */
async function register(client: ApiClient, path: string, body: object): Promise<DeviceCredentials> {
  try {
    return (await client.request("POST", path, body)) as DeviceCredentials;
  } catch (error) {
    if (!(error instanceof UnbrokenError) || error.code !== "UB_CONFLICT") throw error;
    await client.request("POST", `${path}/revoke`, {});
    return (await client.request("POST", path, body)) as DeviceCredentials;
  }
}

/** The demo keeps its token beside its data, so that it can be started there again. */
function tokenIn(dir: string): string {
  const file = join(dir, "demo-token");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const { token } = adminTokenIn(dir);
  if (token === null)
    throw new UnbrokenError("UB_START_FAILED", `${dir} holds the data of a server, not of a demo`);
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

function greeting(http: string, mqtt: string, token: string, own: DeviceCredentials): string {
  const { hostname, port } = new URL(mqtt);
  return `
  Unbroken is running.

  Board     ${http}/#token=${token}
  API       ${http}/openapi.json
  Token     ${token}
  MQTT      ${mqtt}

  A door is about to be left open in one of the rooms: watch the board.

  Publish a reading of your own:
    mosquitto_pub -h ${hostname} -p ${port} -q 1 -u '${own.username}' -P '${own.password}' \\
      -t '${own.topic}' -m '{"temperature_c": 4.2}'
  or, with no MQTT client installed:
    npx mqtt pub -h ${hostname} -p ${port} -q 1 -u '${own.username}' -P '${own.password}' \\
      -t '${own.topic}' -m '{"temperature_c": 12.5}'

  Ctrl-C ends it.

`;
}

function progressLine({ phase, connected, devices, acked, pending }: FleetProgress): string {
  return `\r  ${phase}: ${connected} of ${devices} devices connected, ${acked} readings acknowledged, ${pending} waiting   `;
}

async function freeOr(address: string): Promise<string> {
  const at = address.lastIndexOf(":");
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(Number(address.slice(at + 1)), address.slice(0, at), () =>
      server.close(() => resolve(true)),
    );
  });
  return free ? address : `${address.slice(0, at)}:0`;
}
