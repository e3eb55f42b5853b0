import { connectAsync, type MqttClient } from "mqtt";
import type { Credentials } from "./truck.ts";

/** A device as most are built: it reconnects, and repeats what was not acknowledged. It counts what it does. */
export class CountingDevice {
  /** PUBLISH packets that it wrote, and PUBACK packets that it got. */
  sent = 0;
  acknowledged = 0;
  connections = 1;
  readonly #client: MqttClient;
  readonly #topic: string;

  private constructor(client: MqttClient, topic: string) {
    this.#client = client;
    this.#topic = topic;
    client.on("connect", () => {
      this.connections += 1;
    });
    client.on("packetsend", ({ cmd }) => {
      if (cmd === "publish") this.sent += 1;
    });
    client.on("packetreceive", ({ cmd }) => {
      if (cmd === "puback") this.acknowledged += 1;
    });
    client.on("error", () => undefined);
  }

  static async connect(url: string, credentials: Credentials): Promise<CountingDevice> {
    const { username, password, topic } = credentials;
    const options = { username, password, clientId: username, reconnectPeriod: 50 };
    return new CountingDevice(await connectAsync(url, options), topic);
  }

  /** Resolves when it was acknowledged. */
  async publish(payload: string | Buffer): Promise<void> {
    await this.#client.publishAsync(this.#topic, payload, { qos: 1 });
  }

  async end(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
