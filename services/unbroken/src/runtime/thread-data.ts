import type { Settings } from "@unbroken/config";
import type { EmbeddedLogHandle } from "@unbroken/event-log/embedded";

// What the main thread hands to the threads, and what they answer to `ready`.

interface CommonData {
  readonly dir: string;
  readonly log: EmbeddedLogHandle;
  readonly logLevel: string;
  readonly settings: Settings;
}

export type GatewayData = CommonData;

export interface GatewayReady {
  readonly plain: string;
  readonly tls: string;
}

export type ProcessorData = CommonData;

/** Where the notifier keeps its alerts and the API reads them. */
export const ALERT_STORE = { folder: "notify", name: "alerts", partitions: 1 } as const;

/** The API's own index of what was said; derived, and made anew where it is not there. */
export const SAID_STORE = { folder: "api", name: "said", partitions: 1 } as const;

export interface NotifierData extends CommonData {
  /** 32 bytes; see `notify-key-file.ts`. */
  readonly notifyKey: Uint8Array;
  /** Where the board is served, for links in messages. */
  readonly url: string;
  readonly version: string;
}

export interface ApiData extends CommonData {
  readonly notifyKey: Uint8Array;
  readonly adminTokenSha256: string;
  readonly consoleDir: string | null;
  readonly version: string;
}

export interface ApiReady {
  readonly url: string;
  readonly feedUrl: string;
}
