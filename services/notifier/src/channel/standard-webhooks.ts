import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

/**
 * The headers of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): the signature is HMAC-SHA256 over
 * `id.timestamp.body`, keyed with the bytes that follow `whsec_` in base64.
 * @param atMs when this attempt is made, in ms; the header has whole seconds
 */
export function webhookHeaders(
  secret: string,
  id: string,
  atMs: number,
  body: string,
): Readonly<Record<string, string>> {
  if (!secret.startsWith(PREFIX)) throw new RangeError("a secret begins with whsec_");
  const timestamp = String(Math.floor(atMs / 1_000));
  const signature = createHmac("sha256", Buffer.from(secret.slice(PREFIX.length), "base64"))
    .update(`${id}.${timestamp}.${body}`)
    .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}

export function webhookSecretFrom(key: Uint8Array): string {
  return PREFIX + Buffer.from(key).toString("base64");
}
