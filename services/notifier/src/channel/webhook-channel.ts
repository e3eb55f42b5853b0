import { UnbrokenError } from "@unbroken/errors";
import { isoOf } from "@unbroken/model";
import type { NotifyKey } from "../notify-key.ts";
import type { Channel } from "./channel.ts";
import { sendOutgoing, type OutgoingRules, type Resolve } from "./outgoing-request.ts";
import { webhookHeaders } from "./standard-webhooks.ts";

interface WebhookDeps {
  readonly key: NotifyKey;
  readonly rules: OutgoingRules;
  readonly version: string;
  /** Names to addresses; the system's resolver unless given. */
  readonly resolve?: Resolve;
}

/** Posts a message as Standard Webhooks has it: `{type, timestamp, data}`, signed. Any 2xx takes it. */
export function webhookChannel({ key, rules, version, resolve }: WebhookDeps): Channel<"webhook"> {
  return {
    kind: "webhook",
    async deliver({ id, organisation, recipient, message }, target, at) {
      const body = JSON.stringify({
        type: `alert.${message.kind}`,
        timestamp: isoOf(at),
        data: message.data,
      });
      const secret = key.webhookSecret(organisation, recipient, target.secret);
      const headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": String(Buffer.byteLength(body)),
        "user-agent": `unbroken/${version}`,
        ...webhookHeaders(secret, id, at, body),
      };
      const request = { method: "POST", headers, body } as const;
      const status = await sendOutgoing(new URL(target.url), request, rules, resolve);
      if (status >= 200 && status < 300) return;
      // Standard Webhooks: 410 asks never to be sent anything again. A redirect would lead past the checks.
      const code = status === 410 ? "UB_NOTIFY_GONE" : "UB_NOTIFY_REFUSED";
      throw new UnbrokenError(code, `the receiver answered ${status}`, { status });
    },
    close: () => undefined,
  };
}
