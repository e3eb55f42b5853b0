import type { Registry } from "@unbroken/model";
import type { DeviceConnection } from "./device-connection.ts";
import { isCurrent, type Identity } from "./identity.ts";
import { TokenBucket } from "./token-bucket.ts";

interface Session {
  readonly bucket: TokenBucket;
  readonly connections: Set<DeviceConnection>;
}

export interface MessageRate {
  readonly messagesPerSecondPerDevice: number;
  readonly messagesBurstPerDevice: number;
}

/** The open connections by device, and the rate that all connections of one device share. */
export class DeviceSessions {
  readonly #rate: MessageRate;
  readonly #monotonic: () => number;
  readonly #byKey = new Map<string, Session>();

  constructor(rate: MessageRate, monotonic: () => number) {
    this.#rate = rate;
    this.#monotonic = monotonic;
  }

  /** @returns the bucket from which the connection's messages are paid. */
  open(identity: Identity, connection: DeviceConnection): TokenBucket {
    const session = this.#byKey.get(identity.key) ?? {
      bucket: new TokenBucket(
        this.#rate.messagesPerSecondPerDevice,
        this.#rate.messagesBurstPerDevice,
        this.#monotonic(),
      ),
      connections: new Set(),
    };
    session.connections.add(connection);
    this.#byKey.set(identity.key, session);
    return session.bucket;
  }

  close(connection: DeviceConnection): void {
    if (connection.identity === null) return;
    // The session stays: who reconnects does not get a fresh burst.
    this.#byKey.get(connection.identity.key)?.connections.delete(connection);
  }

  /** Ends every connection whose device was revoked or has another token now. */
  endOutdated(registry: Registry): void {
    for (const { connections } of this.#byKey.values())
      for (const connection of connections)
        if (connection.identity !== null && !isCurrent(registry, connection.identity))
          connection.end("UB_AUTH_FAILED");
  }

  /** Forgets devices that are gone and have their whole burst again. */
  sweep(): void {
    const now = this.#monotonic();
    for (const [key, session] of this.#byKey)
      if (session.connections.size === 0 && session.bucket.isFull(now)) this.#byKey.delete(key);
  }
}
