import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Settings } from "@unbroken/config";
import type { LogRecord } from "@unbroken/event-log";
import { openEmbeddedLog } from "@unbroken/event-log/embedded";
import {
  decodeMessageBody,
  entityOf,
  keyOf,
  upTopic,
  type Fact,
  type Message,
  type Statement,
} from "@unbroken/model";
import {
  createLogger,
  createMetrics,
  type MetricName,
  type Metrics,
} from "@unbroken/observability";
import { EpochMs } from "@unbroken/units";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { buildGateway, type Gateway, type GatewayAddresses } from "../build-gateway.ts";
import { GatedLog } from "./gated-log.ts";

export interface Device {
  readonly username: string;
  readonly password: string;
  readonly topic: string;
}

/** A gateway on free ports over a log that the test can hold, with devices to connect as. */
export interface RunningGateway {
  readonly gateway: Gateway;
  readonly addresses: GatewayAddresses;
  readonly log: GatedLog;
  readonly metrics: Metrics;
  readonly certificateDir: string;
  /** What was reported as the death of the log. */
  readonly fatal: unknown[];
  register(organisation: string, device: string, token?: string): Promise<Device>;
  revoke(organisation: string, device: string): Promise<void>;
  connect(device: Device, options?: IClientOptions): Promise<MqttClient>;
  messages(): Promise<readonly Pick<Message, "publisher" | "mqttTopic" | "payload">[]>;
  records(): Promise<readonly LogRecord[]>;
  /** A counter's or gauge's value; of one label set, or all added up. */
  metric(name: MetricName, code?: string): Promise<number>;
  stop(): Promise<void>;
}

/** More than any test appends. */
const RECORDS_MAX = 1_000_000;

export async function runGateway(
  mqttSettings: Readonly<Record<string, unknown>> = {},
): Promise<RunningGateway> {
  const dir = await mkdtemp(join(tmpdir(), "unbroken-gateway-"));
  const certificateDir = join(dir, "certificates");
  const inner = await openEmbeddedLog({ dir: join(dir, "log") });
  const log = new GatedLog(inner);
  const metrics = createMetrics();
  const fatal: unknown[] = [];
  const gateway = buildGateway({
    settings: Settings.parse({
      mqtt: { plain: "127.0.0.1:0", tls: "127.0.0.1:0", ...mqttSettings },
    }).mqtt,
    log,
    certificateDir,
    logger: createLogger("gateway", "silent"),
    metrics,
    now: () => EpochMs(Date.now()),
    monotonic: () => performance.now(),
    onFatal: (error) => fatal.push(error),
  });
  const clean = async (): Promise<void> => {
    await gateway.stop();
    await inner.close();
    await rm(dir, { recursive: true, force: true });
  };
  const addresses = await gateway.start().catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  const clients: MqttClient[] = [];

  const state = async (organisation: string, statement: Statement): Promise<void> => {
    const at = EpochMs(Date.now());
    const fact: Fact = {
      id: `${statement.kind}-${Math.random()}`,
      organisation,
      effectiveFrom: at,
      statedAt: at,
      statedBy: "test",
      statement,
    };
    await inner.append([
      {
        topic: "facts",
        organisation,
        key: keyOf(organisation, entityOf(statement)),
        receivedAt: at,
        clock: "steady",
        body: new TextEncoder().encode(JSON.stringify(fact)),
      },
    ]);
    // A fact takes effect a moment later; what follows in the test shall find it in effect.
    await new Promise((resolve) => setTimeout(resolve, 250));
  };

  return {
    gateway,
    addresses,
    log,
    metrics,
    certificateDir,
    fatal,
    async register(organisation, device, token = `token of ${device}`) {
      const tokenSha256 = createHash("sha256").update(token).digest("hex");
      await state(organisation, { kind: "device-registered", device, tokenSha256 });
      return {
        username: `${organisation}/${device}`,
        password: token,
        topic: upTopic(organisation, device),
      };
    },
    revoke: (organisation, device) => state(organisation, { kind: "device-revoked", device }),
    async connect({ username, password }, options = {}) {
      const client = await mqtt.connectAsync(`mqtt://${addresses.plain}`, {
        username,
        password,
        reconnectPeriod: 0,
        ...options,
      });
      client.on("error", () => undefined);
      clients.push(client);
      return client;
    },
    messages: async () =>
      (await inner.read(0, 0, RECORDS_MAX))
        .filter((record) => record.topic === "messages")
        .map((record) => decodeMessageBody(record.body)),
    records: () => inner.read(0, 0, RECORDS_MAX),
    async metric(name, code) {
      const all = await metrics.snapshot();
      const values = all.find((metric) => metric.name === name)?.values ?? [];
      return values
        .filter((value) => code === undefined || value.labels["code"] === code)
        .reduce((sum, { value }) => sum + value, 0);
    },
    async stop() {
      log.open();
      for (const client of clients) client.end(true);
      await clean();
    },
  };
}
