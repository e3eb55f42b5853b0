import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { webhookSecretFrom } from "./channel/standard-webhooks.ts";

/** What a link in a message permits: to acknowledge this one alert, as this recipient, until then. */
export interface AcknowledgeLink {
  readonly organisation: string;
  readonly space: string;
  readonly alert: string;
  readonly recipient: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export interface NotifyKey {
  /** `whsec_…`, the same each time for the same `version`: it is kept nowhere. */
  webhookSecret(organisation: string, recipient: string, version: number): string;
  /** Text for an address: letters, digits, `-`, `_` and one dot. */
  signLink(link: AcknowledgeLink): string;
  /** Null for what this key did not sign, or what has expired at `now`. */
  readLink(token: string, now: number): AcknowledgeLink | null;
}

const LinkBody = z.tuple([z.string(), z.string(), z.string(), z.string(), z.int()]);

/**
 * All secrets of the notifier, derived from one key of 32 bytes with a purpose each, so that none has to be stored and
 * none can be used in place of another.
 */
export function notifyKey(master: Uint8Array): NotifyKey {
  if (master.length !== 32) throw new RangeError("the key has 32 bytes");
  const derived = (...purpose: readonly string[]): Buffer =>
    createHmac("sha256", master).update(JSON.stringify(purpose)).digest();
  const linkKey = derived("acknowledge-link/1");
  const seal = (body: string): Buffer => createHmac("sha256", linkKey).update(body).digest();
  return {
    webhookSecret: (organisation, recipient, version) =>
      webhookSecretFrom(derived("webhook/1", organisation, recipient, String(version))),
    signLink({ organisation, space, alert, recipient, expiresAt }) {
      const parts = [organisation, space, alert, recipient, expiresAt];
      const body = Buffer.from(JSON.stringify(parts)).toString("base64url");
      return `${body}.${seal(body).toString("base64url")}`;
    },
    readLink(token, now) {
      const [body = "", signature = "", more] = token.split(".");
      const given = Buffer.from(signature, "base64url");
      const right = seal(body);
      if (more !== undefined || given.length !== right.length || !timingSafeEqual(given, right))
        return null;
      const parsed = LinkBody.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
      if (!parsed.success) return null;
      const [organisation, space, alert, recipient, expiresAt] = parsed.data;
      return expiresAt <= now ? null : { organisation, space, alert, recipient, expiresAt };
    },
  };
}
