import { connect, type MqttClient } from "mqtt";

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly topic: string;
}

/**
 * A device with a ledger: every reading that it measured, and which of them were acknowledged. What was not is sent
 * again after each reconnect, as a real device would, so nearly everything arrives and some of it twice.
 */
export class Truck {
  readonly acknowledged = new Set<number>();
  /** measuredAt of all that was ever handed to the wire, with its temperature. */
  readonly measured = new Map<number, number>();
  readonly #client: MqttClient;
  readonly #topic: string;
  readonly #pending = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #nextAt: number;

  constructor(url: string, { username, password, topic }: Credentials, firstAt: number) {
    this.#topic = topic;
    this.#nextAt = firstAt;
    this.#client = connect(url, {
      username,
      password,
      clientId: username,
      reconnectPeriod: 100,
      queueQoSZero: false,
      connectTimeout: 2_000,
    });
    this.#client.on("connect", () => {
      for (const [at, celsius] of this.#pending) this.#publish(at, celsius);
    });
    this.#client.on("error", () => undefined);
  }

  /** A reading each `everyMs`; `temperature` says what the n-th one shows. */
  start(everyMs: number, temperature: (n: number) => number): void {
    let n = 0;
    this.#timer = setInterval(() => {
      const at = this.#nextAt;
      this.#nextAt += 1_000;
      const celsius = temperature(n++);
      this.measured.set(at, celsius);
      this.#pending.set(at, celsius);
      if (this.#client.connected) this.#publish(at, celsius);
    }, everyMs);
  }

  stopMeasuring(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Resolves when everything measured was acknowledged. */
  async drain(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (this.#pending.size > 0) {
      if (performance.now() > deadline)
        throw new Error(`${this.#pending.size} readings were not acknowledged in ${withinMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  end(): void {
    this.stopMeasuring();
    this.#client.end(true);
  }

  #publish(at: number, celsius: number): void {
    this.#client.publish(
      this.#topic,
      JSON.stringify({ measured_at: at, temperature_c: celsius }),
      { qos: 1 },
      (error) => {
        if (error instanceof Error) return;
        this.acknowledged.add(at);
        this.#pending.delete(at);
      },
    );
  }
}
