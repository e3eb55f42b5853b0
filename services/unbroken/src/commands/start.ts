import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadSettings, type Settings } from "@unbroken/config";
import { UnbrokenError } from "@unbroken/errors";
import { createLogger } from "@unbroken/observability";
import { parseOptions, required } from "../arguments.ts";
import type { Io } from "../io.ts";
import { adminTokenIn } from "../runtime/admin-token.ts";
import { supervise } from "../runtime/supervisor.ts";
import { VERSION } from "../version.ts";

const HELP = `usage: unbroken start --data DIR [--mqtt HOST:PORT] [--mqtts HOST:PORT] [--http HOST:PORT] [--settings FILE]

Broker, log, processor, time series, API, feed and board in one process, with no outside server.
When everything listens, one line is written to stdout:
  {"ready":true,"mqtt","mqtts","http","feed","token"}
"token" is the administrator's, made on the first start and shown this once.

  --data DIR          where everything is kept; made if it is not there
  --mqtt HOST:PORT    MQTT without TLS; loopback only, unless mqtt.plainAnywhere is set (default 127.0.0.1:1883)
  --mqtts HOST:PORT   MQTT over TLS (default 127.0.0.1:8883, or any free port where --mqtt names another than 1883)
  --http HOST:PORT    board, API and feed (default 127.0.0.1:8080)
  --settings FILE     a JSON file of settings; docs/config.md has them all, with their environment variables

Port 0 takes any that is free. SIGTERM or Ctrl-C stops in order; kill -9 at any moment loses nothing acknowledged.
`;

export async function runStart(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    data: { type: "string" },
    mqtt: { type: "string" },
    mqtts: { type: "string" },
    http: { type: "string" },
    settings: { type: "string" },
    only: { type: "string" },
    help: { type: "boolean" },
  });
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UnbrokenError("UB_USAGE", `"${positionals.join(" ")}" is one word too many`);
  if (values.only !== undefined)
    throw new UnbrokenError(
      "UB_USAGE",
      "--only runs one service by itself, which needs a log that processes share; the embedded log has one process",
    );
  const dir = required(values.data, "--data");
  const settings = loadSettings({
    ...(values.settings === undefined ? {} : { file: values.settings }),
    environment: process.env,
    overrides: addressOverrides(values),
  });
  return runUntilSignalled(dir, settings, io);
}

function addressOverrides(values: {
  readonly mqtt?: string;
  readonly mqtts?: string;
  readonly http?: string;
}): Readonly<Record<string, string>> {
  const overrides: Record<string, string> = {};
  if (values.mqtt !== undefined) overrides["mqtt.plain"] = values.mqtt;
  if (values.mqtts !== undefined) overrides["mqtt.tls"] = values.mqtts;
  else if (values.mqtt !== undefined && !values.mqtt.endsWith(":1883"))
    overrides["mqtt.tls"] = "127.0.0.1:0";
  if (values.http !== undefined) overrides["http.listen"] = values.http;
  return overrides;
}

async function runUntilSignalled(dir: string, settings: Settings, io: Io): Promise<number> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const admin = adminTokenIn(dir);
  const logger = createLogger("unbroken", settings.observability.logLevel);
  const signalled = new Promise<"signal">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => resolve("signal"));
  });
  const supervisor = await supervise({
    dir,
    settings,
    adminTokenSha256: admin.sha256,
    consoleDir: consoleDir(),
    version: VERSION,
    logger,
  });
  io.stdout(
    `${JSON.stringify({ ready: true, ...supervisor.addresses, ...(admin.token === null ? {} : { token: admin.token }) })}\n`,
  );
  const end = await Promise.race([signalled, supervisor.gaveUp]);
  if (end !== "signal") throw end;
  await supervisor.stop();
  return 0;
}

/** The built board, or null where it was not built. */
export function consoleDir(): string | null {
  const dir = fileURLToPath(new URL("../../../console/dist", import.meta.url));
  return existsSync(dir) ? dir : null;
}
