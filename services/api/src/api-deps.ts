import type { Settings } from "@unbroken/config";
import type { LogAppender, LogReader, OutputReader } from "@unbroken/event-log";
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

export interface ApiDeps {
  readonly settings: Settings["http"];
  readonly log: LogAppender & LogReader;
  readonly outputs: OutputReader;
  readonly series: TimeSeries;
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
