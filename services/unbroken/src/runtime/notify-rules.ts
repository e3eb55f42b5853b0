import type { NotifyRules } from "@unbroken/api";
import type { Settings } from "@unbroken/config";
import { UnbrokenError } from "@unbroken/errors";
import { notifyKey, refuseAddress } from "@unbroken/notifier";

/** What the API may know of the notifier: services do not import each other, so it is handed over here. */
export function notifyRules(settings: Settings["notify"], master: Uint8Array): NotifyRules {
  const key = notifyKey(master);
  const privateHosts = new Set(settings.privateHosts.map((host) => host.toLowerCase()));
  return {
    webhookSecret: (organisation, recipient, version) =>
      key.webhookSecret(organisation, recipient, version),
    readLink: (token, now) => key.readLink(token, now),
    refuseChannel(channel) {
      if (channel.kind === "webhook")
        refuseAddress(new URL(channel.url), { plainHttp: settings.plainHttp, privateHosts });
      else if (settings.smtp === "") throw new UnbrokenError("UB_NOTIFY_NO_MAIL");
    },
  };
}
