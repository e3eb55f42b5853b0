import mqtt, { type MqttClient } from "mqtt";
import type { Prng } from "./prng.ts";
import { payloadOf, type SimulatedReading, type TimeFormat } from "./reading.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface DeviceLinkOptions {
  /** `mqtt://127.0.0.1:1883`, `mqtts://…`. */
  readonly url: string;
  /** PEM of the authority that signed the broker's certificate, where the system does not know it. */
  readonly ca?: string;
  readonly credentials: Credentials;
  readonly topic: string;
  readonly timeFormat: TimeFormat;
  /** For the jitter of reconnections. */
  readonly prng: Prng;
  /** Called once for each message whose PUBACK came. */
  readonly onAcked: (readings: readonly SimulatedReading[]) => void;
  /** A connection failed or was refused; the next attempt follows by itself. */
  readonly onError: (error: Error) => void;
}

/** Readings that wait for their acknowledgement in memory; beyond it the oldest are dropped, and counted. */
export const PENDING_READINGS_MAX = 50_000;
/** Messages under way at once. MQTT allows 65,535; a modem's buffer holds few. */
const IN_FLIGHT_MAX = 16;
const KEEPALIVE_S = 60;
const CONNECT_TIMEOUT_MS = 10_000;
/** Waits between attempts double from the first to the most, each times 0.5 to 1.5, so that a fleet does not come back as one. */
const BACKOFF_MS = { first: 500, most: 30_000 } as const;

/**
 * One device's connection. A message leaves memory when its PUBACK has come, not before: after a lost connection all
 * others are sent again, which is harmless, and MQTT's own session state plays no part in it.
 */
export class DeviceLink {
  private readonly options: DeviceLinkOptions;
  private queue: (readonly SimulatedReading[])[] = [];
  private readonly inFlight = new Set<readonly SimulatedReading[]>();
  private client: MqttClient | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;
  private isWanted = false;
  private readings = 0;
  dropped = 0;

  constructor(options: DeviceLinkOptions) {
    this.options = options;
  }

  /** Readings not yet acknowledged. */
  get pending(): number {
    return this.readings;
  }

  get isConnected(): boolean {
    return this.client?.connected === true;
  }

  /** Sends when it can, after what waits already. */
  send(readings: readonly SimulatedReading[]): void {
    this.queue.push(readings);
    this.readings += readings.length;
    while (this.readings > PENDING_READINGS_MAX) {
      const oldest = this.queue.shift();
      if (oldest === undefined) break;
      this.readings -= oldest.length;
      this.dropped += oldest.length;
    }
    this.pump();
  }

  /** Connects, and stays connected until told otherwise. */
  up(): void {
    if (this.isWanted) return;
    this.isWanted = true;
    this.failures = 0;
    this.open();
  }

  /** As without radio: the connection is gone, without a word to the broker. */
  down(): void {
    this.isWanted = false;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
    if (this.client !== null) this.lose(this.client);
  }

  /** Takes leave of the broker. */
  async close(): Promise<void> {
    const { client } = this;
    this.isWanted = false;
    if (client?.connected === true) await client.endAsync();
    this.down();
  }

  private open(): void {
    const { url, ca, credentials, onError } = this.options;
    const client = mqtt.connect(url, {
      ...credentials,
      clientId: credentials.username,
      protocolVersion: 4,
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // Reconnecting is done here, with jitter; the library's period is fixed.
      reconnectPeriod: 0,
      ...(ca === undefined ? {} : { ca }),
    });
    this.client = client;
    client.on("connect", () => {
      this.failures = 0;
      this.pump();
    });
    client.on("error", (error) => {
      onError(error);
      this.lose(client);
    });
    client.on("close", () => this.lose(client));
  }

  /** Puts back what was under way and, where the connection is still wanted, tries again later. */
  private lose(client: MqttClient): void {
    if (this.client !== client) return;
    this.client = null;
    client.end(true);
    this.queue = [...this.inFlight, ...this.queue];
    this.inFlight.clear();
    if (!this.isWanted) return;
    const wait = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    this.retry = setTimeout(() => this.open(), wait * this.options.prng.between(0.5, 1.5));
  }

  private pump(): void {
    const { client } = this;
    if (client?.connected !== true) return;
    while (this.inFlight.size < IN_FLIGHT_MAX) {
      const readings = this.queue.shift();
      if (readings === undefined) return;
      this.inFlight.add(readings);
      const payload = JSON.stringify(payloadOf(readings, this.options.timeFormat));
      client.publish(this.options.topic, payload, { qos: 1 }, (error) => {
        // An error means that the connection is going; `lose` puts the message back.
        if (error instanceof Error) return;
        if (this.client === client) this.settle(readings);
      });
    }
  }

  private settle(readings: readonly SimulatedReading[]): void {
    if (!this.inFlight.delete(readings)) return;
    this.readings -= readings.length;
    this.options.onAcked(readings);
    this.pump();
  }
}
