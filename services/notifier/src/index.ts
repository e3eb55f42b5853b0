export {
  buildNotifier,
  type Notifier,
  type NotifierDeps,
  type NotifierHealth,
} from "./build-notifier.ts";
export type { Channel, Channels, Parcel } from "./channel/channel.ts";
export { emailChannel } from "./channel/email-channel.ts";
export { refuseAddress } from "./channel/outgoing-request.ts";
export { webhookChannel } from "./channel/webhook-channel.ts";
export { notifyKey, type AcknowledgeLink, type NotifyKey } from "./notify-key.ts";
