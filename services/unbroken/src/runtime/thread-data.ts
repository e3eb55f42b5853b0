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

export interface ApiData extends CommonData {
  readonly adminTokenSha256: string;
  readonly consoleDir: string | null;
  readonly version: string;
}

export interface ApiReady {
  readonly url: string;
  readonly feedUrl: string;
}
