import { mkdir, readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import type { Client } from "aedes";
import type { Settings } from "@unbroken/config";
import { UnbrokenError, type Code } from "@unbroken/errors";
import type { LogAppender, LogReader } from "@unbroken/event-log";
import { durationOf } from "@unbroken/model";
import type { Logger, Metrics } from "@unbroken/observability";
import type { EpochMs } from "@unbroken/units";
import { Admission } from "./admission.ts";
import { AppendQueue, type LogState } from "./append-queue.ts";
import { brokerRules } from "./broker-rules.ts";
import { ClockWatch } from "./clock-watch.ts";
import { developmentCertificate, type KeyAndCertificate } from "./development-certificate.ts";
import { DeviceConnection } from "./device-connection.ts";
import { DeviceSessions } from "./device-sessions.ts";
import { IngestBroker } from "./ingest-broker.ts";
import { assertPlainIsSafe, listenPlain, listenTls, type Listener } from "./listen.ts";
import { RegistryFollower } from "./registry-follower.ts";
import { StalledReads } from "./stalled-reads.ts";

export interface GatewayDeps {
  readonly settings: Settings["mqtt"];
  readonly log: LogAppender & Pick<LogReader, "readFacts" | "onAppended" | "partitions" | "end">;
  /** Where a development certificate is made and found again, if the settings name none. */
  readonly certificateDir: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The wall clock. */
  readonly now: () => EpochMs;
  /** A clock that never jumps, in ms. */
  readonly monotonic: () => number;
  /** The log is dead and nothing will be acknowledged any more: the process has to end and recover. */
  readonly onFatal: (error: unknown) => void;
}

export interface GatewayAddresses {
  /** HOST:PORT as bound. */
  readonly plain: string;
  readonly tls: string;
}

export interface GatewayHealth {
  readonly connections: number;
  /** How long the oldest unacknowledged message has waited, in ms; 0 if none does. */
  readonly oldestUnacknowledgedMs: number;
  readonly log: LogState;
}

export interface Gateway {
  /**
   * Reads the registry of devices and listens.
   * @throws UB_CONFIG_INVALID, UB_PORT_IN_USE, UB_START_FAILED
   */
  start(): Promise<GatewayAddresses>;
  /** Takes nothing more, acknowledges what is on its way to the disk, and ends all connections. */
  stop(): Promise<void>;
  health(): GatewayHealth;
}

/** How long a peer may refuse to read what it is sent, in ms. */
const DRAIN_TIMEOUT_MS = 5_000;
/** Message bytes that may wait for the disk before nothing more is read from anybody. */
const FLOOD_BYTES = 64 * 1_048_576;
const SWEEP_EVERY_MS = 10_000;

/** The MQTT gateway: who is it, may it publish here, append, acknowledge. */
export function buildGateway(deps: GatewayDeps): Gateway {
  return new MqttGateway(deps);
}

class MqttGateway implements Gateway {
  readonly #deps: GatewayDeps;
  readonly #connectTimeoutMs: number;
  readonly #connections = new Map<Socket, DeviceConnection>();
  readonly #admission: Admission;
  readonly #sessions: DeviceSessions;
  readonly #follower: RegistryFollower;
  readonly #queue: AppendQueue;
  readonly #stalled: StalledReads;
  readonly #broker: IngestBroker;
  #listeners: readonly Listener[] = [];
  #sweeper: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(deps: GatewayDeps) {
    const { settings, metrics, monotonic } = deps;
    this.#deps = deps;
    this.#connectTimeoutMs = durationOf(settings.connectTimeout);
    this.#admission = new Admission(settings, monotonic);
    this.#sessions = new DeviceSessions(settings, monotonic);
    this.#stalled = new StalledReads(() => {
      metrics.count("unbroken_gateway_throttled_total");
    });
    this.#follower = new RegistryFollower(deps.log, deps.logger, () => {
      this.#sessions.endOutdated(this.#follower.registry);
    });
    this.#queue = new AppendQueue({
      log: deps.log,
      holdMax: durationOf(settings.holdMax),
      monotonic,
      onDurable: (messages, bytes, oldestArrivedAt) => {
        metrics.count("unbroken_gateway_messages_total", messages);
        metrics.count("unbroken_gateway_bytes_total", bytes);
        metrics.observe("unbroken_gateway_hold_seconds", (monotonic() - oldestArrivedAt) / 1_000);
      },
      onFatal: (error) => {
        this.#onLogDead(error);
      },
    });
    this.#broker = this.#buildBroker();
  }

  async start(): Promise<GatewayAddresses> {
    const { settings } = this.#deps;
    assertPlainIsSafe(settings);
    const certificate = await this.#certificate();
    await this.#follower.start();
    await this.#broker.listen();
    this.#queue.start();
    this.#sweeper = setInterval(() => {
      this.#admission.sweep();
      this.#sessions.sweep();
    }, SWEEP_EVERY_MS);
    const listener = {
      admit: (socket: Socket) => this.#admit(socket),
      onConnection: (socket: Socket) => {
        this.#serve(socket);
      },
    };
    try {
      const plain = await listenPlain(settings.plain, listener);
      this.#listeners = [plain];
      const tls = await listenTls(settings.tls, certificate, this.#connectTimeoutMs, listener);
      this.#listeners = [plain, tls];
      return { plain: plain.address, tls: tls.address };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const listener of this.#listeners) listener.close();
    await this.#queue.idle();
    // The broker writes acknowledgements in the turns after the append; then the sockets send what they have.
    await new Promise((resolve) => setImmediate(resolve));
    for (const socket of this.#connections.keys()) socket.destroySoon();
    await new Promise<void>((resolve) => {
      this.#broker.close(resolve);
    });
    this.#queue.close();
    await this.#follower.stop();
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
  }

  health(): GatewayHealth {
    return {
      connections: this.#admission.open,
      oldestUnacknowledgedMs: this.#queue.oldestAgeMs(),
      log: this.#queue.state,
    };
  }

  #buildBroker(): IngestBroker {
    const { settings, metrics, monotonic, now } = this.#deps;
    const broker = new IngestBroker({
      connectTimeout: this.#connectTimeoutMs,
      drainTimeout: DRAIN_TIMEOUT_MS,
      // MQTT 3.1.1 gives a client no way to learn of a smaller window of QoS 2 than its packet ids allow.
      maxInflightInbound: 65_535,
      // Our own rule on client ids stands in broker-rules; this one is MQTT 3.1's 23 characters.
      maxClientsIdLength: Number.MAX_SAFE_INTEGER,
      ...brokerRules({
        registry: () => this.#follower.registry,
        refreshRegistry: () => this.#follower.refresh(),
        sessions: this.#sessions,
        queue: this.#queue,
        clock: new ClockWatch(now, monotonic),
        monotonic,
        keepaliveMaxSeconds: Math.min(
          65_535,
          Math.max(1, Math.floor(durationOf(settings.keepaliveMax) / 1_000)),
        ),
        isAccepting: () => !this.#isStopping && this.#queue.state !== "failed",
        connectionOf: (client) => this.#connectionOf(client),
        onSubscribeRefused: () => {
          metrics.count("unbroken_gateway_refused_total", 1, { code: "UB_FORBIDDEN_TOPIC" });
        },
      }),
    });
    const onError = (client: Client, error: Error): void => {
      const code = refusalOf(error);
      if (code !== null) this.#connectionOf(client)?.refuse(code);
    };
    broker.on("clientError", onError);
    broker.on("connectionError", onError);
    return broker;
  }

  // aedes is handed sockets, so its connections are sockets.
  #connectionOf(client: Client): DeviceConnection | undefined {
    return this.#connections.get(client.conn as Socket);
  }

  #admit(socket: Socket): boolean {
    const leave = this.#isStopping ? null : this.#admission.admit(socket.remoteAddress);
    if (leave === null) {
      this.#deps.metrics.count("unbroken_gateway_refused_total", 1, { code: "UB_RATE_LIMITED" });
      socket.resetAndDestroy();
      return false;
    }
    const show = (): void => {
      this.#deps.metrics.set("unbroken_gateway_connections", this.#admission.open);
    };
    show();
    socket.once("close", () => {
      leave();
      show();
    });
    return true;
  }

  #serve(socket: Socket): void {
    const { settings, monotonic } = this.#deps;
    const connection = new DeviceConnection(socket, {
      connectBytesMax: settings.connectBytesMax,
      packetBytesMax: settings.packetBytesMax,
      monotonic,
      stalled: this.#stalled,
      isFlooded: () => this.#isStopping || this.#queue.bytes > FLOOD_BYTES,
      onRefused: (refused, code) => {
        this.#onRefused(refused, code);
      },
    });
    this.#connections.set(socket, connection);
    socket.once("close", () => {
      this.#connections.delete(socket);
      this.#sessions.close(connection);
      this.#stalled.delete(connection);
    });
    this.#broker.handle(socket);
  }

  #onRefused(connection: DeviceConnection, code: Code): void {
    this.#deps.metrics.count("unbroken_gateway_refused_total", 1, { code });
    this.#deps.logger.debug(
      { code, device: connection.identity?.key, address: connection.socket.remoteAddress },
      "connection ended",
    );
  }

  #onLogDead(error: unknown): void {
    this.#deps.logger.fatal(
      { err: error, code: error instanceof UnbrokenError ? error.code : "UB_STORE_IO" },
      "the log is dead; nothing is acknowledged any more",
    );
    for (const connection of this.#connections.values()) connection.end("UB_STORE_IO");
    this.#deps.onFatal(error);
  }

  async #certificate(): Promise<KeyAndCertificate> {
    const { settings, certificateDir, now } = this.#deps;
    if ((settings.certificateFile === "") !== (settings.keyFile === ""))
      throw new UnbrokenError(
        "UB_CONFIG_INVALID",
        "mqtt.certificateFile and mqtt.keyFile go together: set both or neither",
        { setting: "mqtt.certificateFile", other: "mqtt.keyFile" },
      );
    if (settings.certificateFile === "") {
      await mkdir(certificateDir, { recursive: true });
      return developmentCertificate(certificateDir, now());
    }
    try {
      return {
        key: await readFile(settings.keyFile, "utf8"),
        cert: await readFile(settings.certificateFile, "utf8"),
      };
    } catch (error) {
      throw new UnbrokenError(
        "UB_CONFIG_INVALID",
        "mqtt.certificateFile or mqtt.keyFile cannot be read",
        { setting: "mqtt.certificateFile", other: "mqtt.keyFile" },
        { cause: error },
      );
    }
  }
}

/** What ended a connection that the broker or the network ended; null where it was the network. */
function refusalOf(error: Error): Code | null {
  if ("code" in error) return null;
  const { message } = error;
  if (/did not arrive in time|keep alive timeout|drain timeout/.test(message))
    return "UB_MQTT_TIMEOUT";
  if (/not allowed in PUBLISH|too many levels/.test(message)) return "UB_FORBIDDEN_TOPIC";
  return "UB_MQTT_PROTOCOL";
}
