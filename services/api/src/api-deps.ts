import type { Settings } from "@unbroken/config";
import type { LogAppender, LogReader, OutputReader, StageStore } from "@unbroken/event-log";
import type { RecipientChannel } from "@unbroken/model";
import type { Logger, Metrics } from "@unbroken/observability";
import type { TimeSeries } from "@unbroken/time-series";
import type { EpochMs } from "@unbroken/units";

/** One part of the installation and whether it works now. */
export interface HealthPart {
  readonly name: string;
  readonly ok: boolean;
  /** What a person should know: numbers, and what to do where it is not well. */
  readonly detail: string;
}

export interface HealthReport {
  /** Whether requests can be answered rightly; decides `/readyz`. */
  readonly ready: boolean;
  readonly parts: readonly HealthPart[];
}

/** What a link in a message permits. */
export interface AcknowledgeLink {
  readonly organisation: string;
  readonly space: string;
  readonly alert: string;
  readonly recipient: string;
}

/** The notifier's secrets and rules, as far as the API needs them. */
export interface NotifyRules {
  /** `whsec_…` */
  readonly webhookSecret: (organisation: string, recipient: string, version: number) => string;
  /** Null for a link that is not ours or has expired at `now`. */
  readonly readLink: (token: string, now: number) => AcknowledgeLink | null;
  /** @throws UB_NOTIFY_ADDRESS_REFUSED, UB_NOTIFY_NO_MAIL for what could never be reached */
  readonly refuseChannel: (channel: RecipientChannel) => void;
}

export interface ApiDeps {
  readonly settings: Settings["http"];
  readonly log: LogAppender & LogReader;
  readonly outputs: OutputReader;
  readonly series: TimeSeries;
  /** The API's own: an index of what was said, which can be made anew at any time. Closed by the caller. */
  readonly said: StageStore;
  /** The notifier's store, read beside it. */
  readonly alerts: OutputReader;
  readonly notify: NotifyRules;
  /** SHA-256 of the administrator's token, 64 hexadecimal digits. */
  readonly adminTokenSha256: string;
  /** Folder of the built web application; null where none is served. */
  readonly consoleDir: string | null;
  readonly health: () => Promise<HealthReport>;
  /** Prometheus text of all threads. */
  readonly metricsText: () => Promise<string>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => EpochMs;
  readonly version: string;
}
