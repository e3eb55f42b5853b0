import type { EpochMs } from "@unbroken/units";

/** What arrived over MQTT, byte for byte. */
export interface Message {
  readonly organisation: string;
  /** The authenticated sender: a device, a gateway, a bridge. */
  readonly publisher: string;
  readonly mqttTopic: string;
  readonly receivedAt: EpochMs;
  readonly payload: Uint8Array;
}

/** Whether our own clock could be trusted when it stamped a record. */
export type ClockState = "steady" | "stepped";
