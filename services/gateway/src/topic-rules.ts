import type { Identity } from "./identity.ts";

// Both compare text with text. What a device sends is never used as a pattern, nor its name put into one.

export function mayPublish(identity: Pick<Identity, "upTopic">, mqttTopic: string): boolean {
  return mqttTopic === identity.upTopic;
}

export function maySubscribe(identity: Pick<Identity, "downTopic">, filter: string): boolean {
  return filter === identity.downTopic;
}
