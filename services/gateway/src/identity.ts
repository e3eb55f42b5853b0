import { createHash, timingSafeEqual } from "node:crypto";
import { downTopic, encodeMessageBody, keyOf, upTopic, type Registry } from "@unbroken/model";

/** Who a connection speaks for, and what follows from it for every message. */
export interface Identity {
  /** `organisation/device`: the MQTT user name and the key of its records. */
  readonly key: string;
  readonly organisation: string;
  readonly device: string;
  /** The only MQTT topic it may publish to. */
  readonly upTopic: string;
  /** The only MQTT topic it may subscribe to. */
  readonly downTopic: string;
  /** All of a record's body that does not depend on the payload. */
  readonly bodyPrefix: Uint8Array;
  /** The hash of the token that it proved to know. */
  readonly tokenSha256: string;
}

export type Refused = "UB_AUTH_REQUIRED" | "UB_AUTH_FAILED";

const EMPTY = new Uint8Array(0);
/** Compared with when the device is unknown, so that the answer takes as long as for a known one. */
const NOBODY = Buffer.alloc(32);

/**
 * Checks a device's name and token against the registry, in constant time. An unknown device, a revoked one and a
 * wrong token are told apart by nothing. Tokens are 32 random bytes, so a plain SHA-256 cannot be guessed backwards.
 */
export function identify(
  registry: Registry,
  username: string | undefined,
  password: Uint8Array | undefined,
): Identity | Refused {
  if (username === undefined || username === "" || password === undefined)
    return "UB_AUTH_REQUIRED";
  const entry = registry.devices.get(username);
  const stored = entry === undefined ? NOBODY : Buffer.from(entry.tokenSha256, "hex");
  const given = createHash("sha256").update(password).digest();
  const isEqual = timingSafeEqual(given, stored);
  if (entry === undefined || entry.revoked || !isEqual) return "UB_AUTH_FAILED";
  const { organisation, device, tokenSha256 } = entry;
  const topic = upTopic(organisation, device);
  return {
    key: keyOf(organisation, device),
    organisation,
    device,
    upTopic: topic,
    downTopic: downTopic(organisation, device),
    bodyPrefix: encodeMessageBody({ publisher: device, mqttTopic: topic, payload: EMPTY }),
    tokenSha256,
  };
}

/** Whether what the identity proved still holds. */
export function isCurrent(registry: Registry, identity: Identity): boolean {
  const entry = registry.devices.get(identity.key);
  return entry !== undefined && !entry.revoked && entry.tokenSha256 === identity.tokenSha256;
}

/** The body of a `messages` record: what `encodeMessageBody` gives, from a prefix made once per connection. */
export function bodyOf(identity: Identity, payload: Uint8Array): Uint8Array {
  const prefix = identity.bodyPrefix;
  const body = new Uint8Array(prefix.length + payload.length);
  body.set(prefix, 0);
  // The payload is a view of the socket's read buffer: this copy is what lets it go.
  body.set(payload, prefix.length);
  return body;
}
